"""Small things that stand about: barrels, crates, sacks, piles of logs. Where they stand is others' to say."""

from __future__ import annotations

from .finishes import DARK_OAK, DEAL, IRON_WORK, OAK, WEATHERED, shaded
from .palette import Colour
from .solids import Finish, Point, Solid


def barrel(solid: Solid, at: Point, sink: float = 0.0) -> None:
    """Add a barrel whose foot is at a point; `sink` reaches as far below as the ground may fall."""
    x, y, z = at
    solid.turned((x, y, z), [(0.27, -0.02 - max(0.0, sink) * 0.1), (0.35, 0.35), (0.35, 0.55), (0.27, 0.9)], 8, OAK)
    for up in (0.2, 0.66):
        solid.turned((x, y, z), [(0.345, up), (0.345, up + 0.07)], 8, IRON_WORK)


def crate(solid: Solid, at: Point, side: float = 0.7) -> None:
    """Add a crate of boards whose foot's middle is at a point."""
    x, y, z = at
    half = side / 2
    solid.box((x - half, y, z - half), (x + half, y + side * 0.8, z + half), Finish("planks", (196, 162, 116)))
    for dx in (-1, 1):
        for dz in (-1, 1):
            cx, cz = x + dx * (half - 0.03), z + dz * (half - 0.03)
            solid.box((cx - 0.05, y - 0.02, cz - 0.05), (cx + 0.05, y + side * 0.8 + 0.02, cz + 0.05), OAK)


def sack(solid: Solid, at: Point, colour: Colour) -> None:
    """Add a tied sack."""
    profile = [(0.28, 0), (0.36, 0.28), (0.26, 0.62), (0.08, 0.74), (0.14, 0.84)]
    solid.turned(at, profile, 7, Finish("plaster", colour))


def log_pile(solid: Solid, at: Point, wide: float, *, turned: bool = False) -> None:
    """Add stacked logs, `wide` metres from end to end of the stack; they lie across it."""
    x, y, z = at
    count = max(2, int(wide / 0.36))
    for level in range(3):
        for i in range(count - level % 2):
            off = -wide / 2 + 0.18 + (i + (level % 2) / 2) * 0.36
            up = y + 0.17 + level * 0.31
            a, b = (
                ((x - 0.36, up, z + off), (x + 0.36, up, z + off))
                if turned
                else ((x + off, up, z - 0.36), (x + off, up, z + 0.36))
            )
            solid.beam(a, b, 0.32, shaded(DEAL if (i + level) % 3 else WEATHERED, 10, i, level))
    for end in (-wide / 2 - 0.06, wide / 2 + 0.06):
        a, b = ((x, y, z + end), (x, y + 1.3, z + end)) if turned else ((x + end, y, z), (x + end, y + 1.3, z))
        solid.beam(a, b, 0.1, DARK_OAK)
