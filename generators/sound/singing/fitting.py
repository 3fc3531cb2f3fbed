"""Syllables laid onto the notes of a melody. Chooses no bars, makes no sound."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from worldloom.generators.errors import GeneratorError
from worldloom.generators.sound.vocabulary import Bar

from .setting import setting
from .syllables import Syllable

_BEAT = 4


class Sung(NamedTuple):
    """A stretch of melody: start and length in sixteenths from the song's beginning, and the scale step."""

    start: int
    length: int
    degree: int


class Word(NamedTuple):
    """One syllable and the notes that it is sung on, at least one."""

    syllable: Syllable
    notes: tuple[Sung, ...]


def fitted(lines: Sequence[Sequence[Syllable]], bars: Sequence[Bar], units: int) -> tuple[list[Word], frozenset[int]]:
    """Return the song's syllables on their notes, and the bars that are sung, counted through all verses.

    `bars` of `units` sixteenths are one verse. Raises GeneratorError for more than they can hold.
    """
    plan = setting([len(line) for line in lines], len(bars), units)
    if lines and not plan.bars:
        raise GeneratorError(f"{len(lines)} lines are too many for {plan.verses} times {len(bars)} bars; sing fewer")
    words: list[Word] = []
    sung: set[int] = set()
    for number, line in enumerate(lines):
        verse, place = divmod(number, plan.lines)
        first = verse * len(bars) + place * plan.bars
        notes = _notes(bars, first, plan.bars, units)
        notes = _split(notes, len(line))
        if len(line) > len(notes):
            raise GeneratorError(
                f"line {number + 1} has {len(line)} syllables, its {plan.bars} bars hold {len(notes)}; shorten it"
            )
        words += _laid(line, notes)
        sung |= set(range(first, first + plan.bars))
    return words, frozenset(sung)


def _notes(bars: Sequence[Bar], first: int, count: int, units: int) -> list[Sung]:
    notes = []
    for number in range(first, first + count):
        at = number * units
        for note in bars[number % len(bars)].notes:
            if note.degree is not None:
                notes.append(Sung(at, note.length, note.degree))
            at += note.length
    return notes


def _split(notes: list[Sung], wanted: int) -> list[Sung]:
    """Part the longest notes, the earliest first, until there are enough or none can be parted."""
    while len(notes) < wanted:
        at = max(range(len(notes)), key=lambda place: (notes[place].length, -place), default=-1)
        if at < 0 or notes[at].length < 2:
            break
        start, length, degree = notes[at]
        first = 4 if length == 6 else (length + 1) // 2
        notes[at : at + 1] = [Sung(start, first, degree), Sung(start + first, length - first, degree)]
    return notes


def _laid(line: Sequence[Syllable], notes: list[Sung]) -> list[Word]:
    """Give each syllable a note: the first one, then those on beats and the long ones; the others are slurred."""
    weights = [(place == 0, note.start % _BEAT == 0, note.length) for place, note in enumerate(notes)]
    heavy = sorted(range(len(notes)), key=lambda place: (weights[place], -place), reverse=True)
    starts = sorted(heavy[: len(line)])
    ends = [*starts[1:], len(notes)]
    return [Word(syllable, tuple(notes[start:end])) for syllable, start, end in zip(line, starts, ends, strict=True)]
