"""Which token may follow which: the mask that makes every sampled picture readable. Not for taste."""

from __future__ import annotations

from .palette import PAINT
from .vocabulary import CLIP, CLOSE, END, GROUPS, MAX_TOKENS, NUMBERS, PARTS, SHAPES, SLOTS, TOKENS, WORDS


def _numbers_of(words: object) -> tuple[int, ...]:
    return tuple(TOKENS[word] for word in words)  # type: ignore[attr-defined]


_NUMBER = _numbers_of(map(str, range(NUMBERS)))
_PAINT = _numbers_of(PAINT)
_PRIMS = _numbers_of((*SHAPES, *PARTS))
_OUTER = (*_PRIMS, *_numbers_of(GROUPS), TOKENS[CLIP])
_END, _CLOSE = (TOKENS[END],), (TOKENS[CLOSE],)
_SHAPES = frozenset(_numbers_of(SHAPES))
_ONLY_SHAPES = _numbers_of(SHAPES)
_RESERVE = max(SHAPES.values()) + max(GROUPS.values()) + 5
"""Tokens kept back: a group's opening, its one shape, what closes it, END."""


class Mask:
    """Follows one sequence as it grows and gives the tokens that may come next. One object a sequence."""

    def __init__(self) -> None:
        self._read = 0
        self._slots = 0
        self._numbers = 0
        self._paint = False
        self._inside = False
        self._shapes = 0

    def __call__(self, tokens: list[int]) -> tuple[int, ...]:
        """Return what may follow `tokens`, which start as those of the call before did."""
        for token in tokens[self._read :]:
            self._take(WORDS[token])
        self._read = len(tokens)
        if self._paint:
            return _PAINT
        if self._numbers:
            return _NUMBER
        full = len(tokens) >= MAX_TOKENS - _RESERVE
        if not self._inside:
            return _END if full and self._shapes else (_ONLY_SHAPES if full else self._open())
        if not self._shapes:
            return _ONLY_SHAPES if full else _PRIMS
        return _CLOSE if full else (*_PRIMS, *_CLOSE)

    def _open(self) -> tuple[int, ...]:
        return (*_OUTER, *_END) if self._shapes else _OUTER

    def _take(self, word: str) -> None:
        if self._read == 0 and word in SLOTS and not self._slots:
            self._slots = len(SLOTS[word])
        elif self._paint:
            self._paint = False
        elif self._numbers:
            self._numbers -= 1
        elif word in SHAPES:
            self._paint, self._numbers, self._shapes = True, SHAPES[word], self._shapes + 1
        elif word in GROUPS or word == CLIP:
            self._numbers, self._inside, self._shapes = GROUPS.get(word, 0), True, 0
        elif word == CLOSE:
            self._inside = False
