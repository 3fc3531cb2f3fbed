"""Lamps of an exported world: where light comes from by night. Which of them burn is the engine's to say."""

from __future__ import annotations

from typing import NamedTuple

from .solids import Point

Light = tuple[float, float, float]

CANDLE: Light = (1.0, 0.66, 0.32)
FIRE: Light = (1.0, 0.42, 0.12)


class Lamp(NamedTuple):
    """A point that shines: where, in its own frame's metres; linear colour, candela, metres that it reaches."""

    at: Point
    colour: Light = CANDLE
    candela: float = 26.0
    reach: float = 14.0
