"""How an answer may go on, guessed from earlier ones: changes how fast it is written, never a bit of it."""

from __future__ import annotations

from collections.abc import Sequence

_BEFORE = 3
"""Tokens that a guess goes by."""
_MOST = 50_000
"""Guesses that are kept; with more of them, all are forgotten."""


class Guesses:
    """Remembers what followed some tokens the last time."""

    def __init__(self) -> None:
        self._next: dict[tuple[int, ...], int] = {}

    def note(self, tokens: Sequence[int]) -> None:
        """Remember a beginning of at least three tokens and what followed it."""
        if len(self._next) > _MOST:
            self._next.clear()
        for at in range(_BEFORE, len(tokens)):
            self._next[tuple(tokens[at - _BEFORE : at])] = tokens[at]

    def after(self, tokens: Sequence[int], most: int) -> list[int]:
        """Return at most so many tokens that may follow, the next one first."""
        last, found = tuple(tokens[-_BEFORE:]), list[int]()
        while len(found) < most and last in self._next:
            found.append(self._next[last])
            last = (*last[1:], found[-1])
        return found
