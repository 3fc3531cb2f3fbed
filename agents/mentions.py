"""Finds people and places by their full names in a sentence, however many there are. Not for understanding it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from .cast import Cast


class Mention(NamedTuple):
    """Characters `start` to `end` of a sentence name the agent or place `referent`."""

    start: int
    end: int
    referent: str


class Mentions:
    """Looks names up by their first word, so that a sentence costs the same in a hamlet and in a city."""

    def __init__(self, cast: Cast) -> None:
        named = [(person.name, person.agent) for person in cast.people]
        named += [(spot.name, spot.place) for spot in cast.spots]
        self._by_word: dict[str, list[tuple[str, str]]] = {}
        # Of two with one name the first is meant; of names that begin alike the longest.
        for name, referent in sorted(dict(reversed(named)).items(), key=lambda each: (-len(each[0]), each[0])):
            first = next(_words(name), None)
            if first is not None and first[0] == 0:
                self._by_word.setdefault(first[1], []).append((name, referent))

    def find(self, text: str) -> list[Mention]:
        """Return the names in a text, as they are written, in its order, none within another."""
        found: list[Mention] = []
        for start, word in _words(text):
            if found and start < found[-1].end:
                continue
            for name, referent in self._by_word.get(word, ()):
                end = start + len(name)
                if text.startswith(name, start) and not text[end : end + 1].isalnum():
                    found.append(Mention(start, end, referent))
                    break
        return found


def _words(text: str) -> Iterator[tuple[int, str]]:
    """Yield runs of letters and digits with their places."""
    start = -1
    for at, sign in enumerate(f"{text} "):
        if sign.isalnum() and start < 0:
            start = at
        elif not sign.isalnum() and start >= 0:
            yield start, text[start:at]
            start = -1
