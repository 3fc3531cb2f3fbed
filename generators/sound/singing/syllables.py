"""Lines of words parted into syllables. Counts by rule; sings nothing."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import NamedTuple

from .spelling import VOWELS, sounds_of, words_of

_SECOND = {"l", "r", "w", "y"}
_FIRST = {"b", "d", "f", "g", "k", "p", "t", "th", "s", "sh"}
_AFTER_S = {"p", "t", "k", "m", "n", "l", "w"}


class Syllable(NamedTuple):
    """One syllable as it is sung: consonants, the vowel that carries the note, consonants."""

    onset: tuple[str, ...]
    vowel: str
    coda: tuple[str, ...]


def syllables_of(line: str) -> list[Syllable]:
    """Return the syllables of a line in order; none for a line without letters and digits."""
    return [syllable for word in words_of(line) for syllable in _parted(word)]


@cache
def _parted(word: str) -> tuple[Syllable, ...]:
    sounds = sounds_of(word)
    places = [at for at, sound in enumerate(sounds) if sound in VOWELS]
    starts = [0]
    for before, place in pairwise(places):
        starts.append(place - _taken(sounds[before + 1 : place]))
    ends = [*starts[1:], len(sounds)]
    return tuple(
        Syllable(tuple(sounds[start:place]), sounds[place], tuple(sounds[place + 1 : end]))
        for start, place, end in zip(starts, places, ends, strict=True)
    )


def _taken(between: list[str]) -> int:
    """How many of the consonants between two vowels begin the second syllable: as many as can be said together."""
    if len(between) < 2:
        return len(between)
    one, two = between[-2:]
    together = (one in _FIRST and two in _SECOND) or (one == "s" and two in _AFTER_S)
    return 2 if together else 1
