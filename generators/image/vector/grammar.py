"""Which token may follow which: the mask that makes every sampled picture readable. Not for taste."""

from __future__ import annotations

from collections.abc import Iterable

from .vocabulary import (
    CLIP,
    CLOSE,
    CUES,
    END,
    GROUPS,
    MAX_TOKENS,
    NUMBERS,
    PAINTS,
    SHAPES,
    SLOTS,
    TOKENS,
    WORDS,
    may_have,
    slots,
)


def _all(words: Iterable[str]) -> tuple[int, ...]:
    return tuple(TOKENS[word] for word in words)


_NUMBER, _SHAPES = _all(map(str, range(NUMBERS))), _all(SHAPES)
_ITEMS = (*_SHAPES, *_all(GROUPS), TOKENS[CLIP])
_END, _CLOSE, _DOMAINS = (TOKENS[END],), (TOKENS[CLOSE],), _all(SLOTS)
_PAINT = {domain: _all(f"paint:{paint}" for paint in PAINTS[domain]) for domain in SLOTS}
_HEADS = {domain: [_all(f"{s}={w}" for w in known) for s, known in slots(domain).items()] for domain in SLOTS}
_RESERVE = max(SHAPES.values()) + max(GROUPS.values()) + 12
"""Tokens kept back: a part's opening with its cues, a group's, one shape, what closes them, END."""


class Mask:
    """Follows one sequence as it grows and gives the tokens that may come next. One object a sequence."""

    def __init__(self) -> None:
        self._read = 0
        self._domain = ""
        self._said: dict[str, int] = {}
        self._cues: list[int] = []
        self._numbers = 0
        self._paint = False
        self._inside = False
        self._shapes = 0
        self._parts = 0

    def __call__(self, tokens: list[int]) -> tuple[int, ...]:
        """Return what may follow `tokens`, which start as those of the call before did."""
        for place in range(self._read, len(tokens)):
            self._take(place, tokens[place])
        self._read = len(tokens)
        if not self._domain:
            return _DOMAINS
        if len(tokens) <= len(_HEADS[self._domain]):
            return _HEADS[self._domain][len(tokens) - 1]
        return self._body(full=len(tokens) >= MAX_TOKENS - _RESERVE)

    def _body(self, *, full: bool) -> tuple[int, ...]:
        if self._cues:
            return (self._cues[0],)
        if self._paint or self._numbers:
            return _PAINT[self._domain] if self._paint else _NUMBER
        if self._inside:
            return _CLOSE if full and self._shapes else (*_SHAPES, *(_CLOSE if self._shapes else ()))
        if not self._shapes:
            opened = _SHAPES if full else _ITEMS
            return opened if self._parts else self._openings()
        return _END if full else (*_ITEMS, *self._openings(), *_END)

    def _openings(self) -> tuple[int, ...]:
        words = {slot: WORDS[token].partition("=")[2] for slot, token in self._said.items()}
        return _all(f"part:{name}" for name in CUES[self._domain] if may_have(name, words))

    def _take(self, place: int, token: int) -> None:
        word = WORDS[token]
        if place == 0:
            self._domain = word
        elif place <= len(_HEADS[self._domain]):
            self._said[word.partition("=")[0]] = token
        elif self._cues:
            self._cues.pop(0)
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
        elif word.startswith("part:"):
            self._open(word.removeprefix("part:"))

    def _open(self, name: str) -> None:
        self._cues = [self._said[slot] for slot in CUES[self._domain][name]]
        self._parts, self._shapes = self._parts + 1, 0
