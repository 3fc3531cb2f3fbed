"""What is played when: events of the mix. Values only."""

from __future__ import annotations

from typing import NamedTuple


class Event(NamedTuple):
    """One note of one player: start and length in samples, MIDI note number, loudness in hundredths."""

    player: str
    start: int
    length: int
    midi: int
    loudness: int
