"""Plays events and mixes them: the band. Knows no tune, sings nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from worldloom.generators.errors import GeneratorError

from . import players
from .events import Event
from .waves import Wave, samples

_Player = Callable[[int, int, int], Wave]
# Player -> how a note sounds, milliseconds that it rings on, and its level beside the others in hundredths.
_BAND: dict[str, tuple[_Player, int, int]] = {
    "whistle": (players.whistle, 60, 62),
    "flute": (players.flute, 70, 62),
    "fiddle": (players.fiddle, 80, 64),
    "reed": (players.reed, 120, 100),
    "harp": (players.harp, 700, 130),
    "bell": (players.bell, 1_400, 66),
    "boom": (players.boom, 0, 120),
    "tap": (players.tap, 0, 70),
}
TAIL_MS = 1_300
"""Time after the last note's end in which strings and room die away."""


def played(events: Sequence[Event], length: int) -> Wave:
    """Return `length` samples of all events together; raises GeneratorError for an unknown player."""
    mix = np.zeros(length)
    for number, event in enumerate(events):
        if event.player not in _BAND:
            raise GeneratorError(f"nobody plays {event.player!r}; there are: {', '.join(_BAND)}")
        sounds, rings, level = _BAND[event.player]
        count = min(event.length + samples(rings), length - event.start)
        if count > 0:
            sound = sounds(event.midi, count, number + 1)
            mix[event.start : event.start + count] += sound * (event.loudness * level / 10_000)
    return mix
