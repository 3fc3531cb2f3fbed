"""How a song's lines lie on a tune: verses and bars for each line. Places no syllable."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

MOST_VERSES = 3
_SLOWEST = 4
"""Bars that one line is spread over at most."""


class Setting(NamedTuple):
    """The tune is sung `verses` times with `lines` lines each, of `bars` bars each (0: there are too many lines)."""

    verses: int
    lines: int
    bars: int
    roomy: bool
    """Whether every syllable of every line can have an eighth."""


def setting(syllables: Sequence[int], bars: int, units: int) -> Setting:
    """Return the setting with the fewest verses that is roomy, else that with the most.

    `syllables` of each line, on a tune of `bars` bars of `units` sixteenths.
    """
    for verses in range(1, MOST_VERSES + 1):
        lines = -(-len(syllables) // verses)
        each = min(bars // lines, _SLOWEST) if lines else 0
        found = Setting(verses, lines, each, max(syllables, default=0) * 2 <= each * units)
        if found.roomy:
            break
    return found
