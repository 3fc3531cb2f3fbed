"""What rises over roofs: the chapel's tower with its spire, and cupolas. No houses."""

from __future__ import annotations

from .finishes import ASHLAR, BRASS, COPPER, DARK_OAK, GLASS, LIT, RUBBLE, plain
from .house_frame import Frame
from .house_walls import WHOLE
from .solids import Finish, Point, Solid, circle

_DARK = plain((44, 42, 46))


def chapel_tower(solid: Solid, lit: Solid, frame: Frame, side: int) -> None:
    """Add a square tower at the gable on `side` (1: +x), with louvres, a clock, an eight-sided spire and a cross."""
    x, half = side * (frame.x - 0.7), 1.65
    top = frame.ridge + 2.9
    solid.box((x - half, -frame.depth, -half), (x + half, top, half), Finish("rubble", (206, 200, 186)), bottom=False)
    for up in (frame.wall - 0.2, frame.ridge + 0.3, top - 0.3):
        solid.box((x - half - 0.1, up, -half - 0.1), (x + half + 0.1, up + 0.25, half + 0.1), ASHLAR)
    for dx in (-1, 1):
        for dz in (-1, 1):
            cx, cz = x + dx * half, dz * half
            solid.box((cx - 0.32, -frame.depth, cz - 0.32), (cx + 0.32, frame.wall + 0.6, cz + 0.32), RUBBLE)
            solid.box((cx - 0.22, top - 0.05, cz - 0.22), (cx + 0.22, top + 0.55, cz + 0.22), ASHLAR)
            solid.turned((cx, top + 0.55, cz), [(0.3, 0.0), (0.0, 0.7)], 4, ASHLAR)
    for dx, dz in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        _belfry(solid, x, top, half, (dx, dz))
    _slit(solid, lit, x + side * (half + 0.02), side, frame.wall * 0.45)
    _spire(solid, (x, top, 0.0), half + 0.12, 5.6)


def _face(x: float, half: float, toward: tuple[int, int], along: float, up: float, out: float) -> Point:
    dx, dz = toward
    return x + dx * (half + out) + dz * along, up, dz * (half + out) - dx * along


def _belfry(solid: Solid, x: float, top: float, half: float, toward: tuple[int, int]) -> None:
    """Two pointed openings with louvres in one side."""
    for at in (-0.55, 0.55):
        outline = [
            (at - 0.33, top - 2.1),
            (at + 0.33, top - 2.1),
            (at + 0.33, top - 0.95),
            (at, top - 0.5),
            (at - 0.33, top - 0.95),
        ]
        solid.polygon([_face(x, half, toward, a, b, 0.02) for a, b in outline], _DARK)
        for n in range(4):
            up = top - 1.95 + n * 0.3
            corners = (
                (at - 0.33, up, 0.12),
                (at + 0.33, up, 0.12),
                (at + 0.33, up + 0.16, 0.03),
                (at - 0.33, up + 0.16, 0.03),
            )
            solid.polygon([_face(x, half, toward, *corner) for corner in corners], DARK_OAK)


def _slit(solid: Solid, lit: Solid, x: float, side: int, up: float) -> None:
    """A tall window in the tower's foot."""
    corners = [(x, up, side * 0.35), (x, up, -side * 0.35), (x, up + 1.9, -side * 0.35), (x, up + 1.9, side * 0.35)]
    solid.polygon(corners, Finish(GLASS, (255, 255, 255)), WHOLE)
    lit.polygon([(px + side * 0.01, py, pz) for px, py, pz in corners], Finish(LIT, (255, 255, 255)), WHOLE)


def _spire(solid: Solid, at: Point, half: float, tall: float) -> None:
    """From the square of the tower to eight sides to a point, with a cross."""
    x, up, z = at
    reach = half * 1.08
    ring = [(x + reach * a, up, z - reach * b) for a, b in _eight()]
    waist = [(x + half * 0.72 * a, up + tall * 0.28, z - half * 0.72 * b) for a, b in _eight()]
    apex = (x, up + tall, z)
    for i in range(8):
        j = (i + 1) % 8
        solid.polygon((ring[i], ring[j], waist[j], waist[i]), COPPER)
        solid.polygon((waist[i], waist[j], apex), COPPER)
    solid.beam((x, up + tall - 0.2, z), (x, up + tall + 1.1, z), 0.08, BRASS)
    solid.beam((x, up + tall + 0.7, z - 0.35), (x, up + tall + 0.7, z + 0.35), 0.08, BRASS)


def _eight() -> list[tuple[float, float]]:
    points = circle(16)
    return [points[(2 * i + 1) % 16] for i in range(8)]


def cupola(solid: Solid, frame: Frame, x: float, half: float, wall: Finish, roof: Finish, *, bell: bool) -> None:
    """Add a small open turret on the ridge: a foot, four posts, a roof of eight sides and a ball."""
    up = frame.ridge - 0.5
    solid.box((x - half, up, -half), (x + half, up + 1.15, half), wall)
    solid.box((x - half - 0.08, up + 1.15, -half - 0.08), (x + half + 0.08, up + 1.27, half + 0.08), ASHLAR)
    for dx in (-1, 1):
        for dz in (-1, 1):
            cx, cz = x + dx * (half - 0.1), dz * (half - 0.1)
            solid.box((cx - 0.09, up + 1.27, cz - 0.09), (cx + 0.09, up + 2.3, cz + 0.09), wall)
    if bell:
        solid.turned((x, up + 1.5, 0.0), [(0.3, 0), (0.2, 0.3), (0.1, 0.5)], 8, BRASS)
    else:
        solid.box((x - half * 0.6, up + 1.27, -half * 0.6), (x + half * 0.6, up + 2.3, half * 0.6), _DARK)
    solid.turned((x, up + 2.3, 0.0), [(half * 1.5, 0), (half * 1.15, 0.35), (half * 0.45, 1.0), (0.06, 1.7)], 8, roof)
    solid.turned((x, up + 3.95, 0.0), [(0.0, 0.0), (0.12, 0.1), (0.12, 0.2), (0.0, 0.3)], 6, BRASS)
