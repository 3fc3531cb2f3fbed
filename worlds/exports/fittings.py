"""What tells one kind of house from another at a glance: tower, hoist, chimneys, barrels. No walls or roofs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from .palette import DARK_STONE, DARK_WOOD, IRON, PLANK, STONE, WHITE, WOOD, Colour
from .solids import Solid

if TYPE_CHECKING:
    from .houses import Frame

_BRICK: Colour = (150, 92, 72)
_FIRE: Colour = (240, 140, 60)
_COPPER: Colour = (104, 150, 132)
_BRASS: Colour = (206, 172, 88)


def _chimney(
    solid: Solid, frame: Frame, x: float, wide: float = 0.7, tall: float = 1.0, colour: Colour = _BRICK
) -> None:
    top = frame.wall + frame.rise + tall
    half = wide / 2
    z = -frame.z * 0.3
    solid.box((x - half, 0.0, z - half), (x + half, top, z + half), colour)
    solid.box((x - half - 0.08, top, z - half - 0.08), (x + half + 0.08, top + 0.15, z + half + 0.08), DARK_STONE)
    solid.box((x - 0.15, top + 0.15, z - 0.15), (x + 0.15, top + 0.4, z + 0.15), (110, 70, 58))


def _barrel(solid: Solid, x: float, y: float, z: float) -> None:
    solid.turned((x, y, z), [(0.26, 0), (0.34, 0.35), (0.34, 0.5), (0.26, 0.85)], 8, WOOD)
    solid.turned((x, y, z), [(0.35, 0.56), (0.35, 0.62)], 8, IRON)


def _home(solid: Solid, frame: Frame) -> None:
    side = 1 if frame.number % 2 else -1
    _chimney(solid, frame, side * (frame.x - 0.6), tall=0.6)
    if frame.number % 3 == 0:
        _barrel(solid, -side * (frame.x + 0.35), -0.2, frame.z * 0.4)


def _inn(solid: Solid, frame: Frame) -> None:
    _chimney(solid, frame, frame.x - 0.7)
    _chimney(solid, frame, 0.7 - frame.x)
    beams = frame.wall / 2
    for z in (frame.z + 0.001, -frame.z - 0.061):
        solid.box((-frame.x, beams, z), (frame.x, beams + 0.22, z + 0.06), DARK_WOOD)
    for x in (-frame.x - 0.061, frame.x + 0.001):
        solid.box((x, beams, -frame.z), (x + 0.06, beams + 0.22, frame.z), DARK_WOOD)
    for x, z in frame.doors:
        out_x = (1.0 if x > 0 else -1.0) if abs(abs(x) - frame.x) < abs(abs(z) - frame.z) else 0.0
        out_z = 0.0 if out_x else (1.0 if z > 0 else -1.0)
        at = (x + out_x * 0.3 + abs(out_z) * 1.3, frame.wall - 0.3, z + out_z * 0.3 + abs(out_x) * 1.3)
        end = (at[0] + out_x * 0.9, at[1], at[2] + out_z * 0.9)
        solid.beam(at, end, 0.08, IRON)
        mid = (at[0] + out_x * 0.55, at[1] - 0.5, at[2] + out_z * 0.55)
        wide_x, wide_z = 0.32 * abs(out_x) + 0.04, 0.32 * abs(out_z) + 0.04
        low, high = (mid[0] - wide_x, mid[1] - 0.35, mid[2] - wide_z), (mid[0] + wide_x, mid[1] + 0.4, mid[2] + wide_z)
        solid.box(low, high, _BRASS)


def _bakery(solid: Solid, frame: Frame) -> None:
    _chimney(solid, frame, frame.x - 0.9, 1.2, 0.9)
    side = -1 if any(z > 0 for _, z in frame.doors) else 1
    solid.turned(
        (0.0, -frame.depth, side * (frame.z - 0.2)),
        [(1.0, 0), (1.0, frame.depth + 0.9), (0.7, frame.depth + 1.5), (0, frame.depth + 1.8)],
        10,
        _BRICK,
    )


def _chapel(solid: Solid, frame: Frame) -> None:
    side = -1 if any(x > frame.x * 0.6 for x, _ in frame.doors) else 1
    x, half = side * (frame.x - 1.2), 1.25
    top = frame.wall + frame.rise + 2.6
    solid.box((x - half, -frame.depth, -half), (x + half, top, half), STONE, bottom=False)
    solid.box((x - half - 0.15, top - 0.35, -half - 0.15), (x + half + 0.15, top, half + 0.15), DARK_STONE)
    for dx, dz in ((half, 0), (-half, 0), (0, half), (0, -half)):
        wide_x, wide_z = (0.05, 0.35) if dx else (0.35, 0.05)
        solid.box((x + dx - wide_x, top - 2.0, dz - wide_z), (x + dx + wide_x, top - 0.7, dz + wide_z), (52, 50, 54))
    base = [
        (x - half - 0.1, top, half + 0.1),
        (x + half + 0.1, top, half + 0.1),
        (x + half + 0.1, top, -half - 0.1),
        (x - half - 0.1, top, -half - 0.1),
    ]
    apex = (x, top + 4.2, 0.0)
    for i in range(4):
        solid.polygon((base[i], base[(i + 1) % 4], apex), _COPPER)
    solid.beam((x, top + 4.1, 0.0), (x, top + 5.1, 0.0), 0.07, _BRASS)
    solid.beam((x - 0.3, top + 4.75, 0.0), (x + 0.3, top + 4.75, 0.0), 0.07, _BRASS)


def _smithy(solid: Solid, frame: Frame) -> None:
    _chimney(solid, frame, frame.x - 1.0, 1.5, 1.5, DARK_STONE)
    side = -1 if any(x < -frame.x * 0.6 for x, _ in frame.doors) else 1
    solid.turned((-side * 0.2, 0.0, 0.0), [(0.3, 0), (0.28, 0.5)], 8, WOOD)
    solid.box((-side * 0.2 - 0.4, 0.5, -0.14), (-side * 0.2 + 0.4, 0.75, 0.14), IRON)
    solid.box((frame.x - 1.7, 0.0, -frame.z * 0.3 - 0.9), (frame.x - 0.35, 0.9, -frame.z * 0.3 + 0.9), DARK_STONE)
    solid.box((frame.x - 1.5, 0.9, -frame.z * 0.3 - 0.5), (frame.x - 0.9, 0.96, -frame.z * 0.3 + 0.5), _FIRE)


def _net_loft(solid: Solid, frame: Frame) -> None:
    ridge = frame.wall + frame.rise - 0.35
    solid.beam((frame.x - 0.4, ridge, 0.0), (frame.x + 1.5, ridge, 0.0), 0.18, DARK_WOOD)
    solid.beam((frame.x + 1.3, ridge, 0.0), (frame.x + 1.3, ridge - 2.6, 0.0), 0.05, PLANK)
    solid.box((frame.x + 0.95, ridge - 3.2, -0.35), (frame.x + 1.65, ridge - 2.6, 0.35), WOOD)
    colours: tuple[Colour, ...] = ((208, 98, 56), WHITE, (70, 120, 160))
    side = -1 if any(z > frame.z * 0.6 for _, z in frame.doors) else 1
    for i in range(6):
        x = -frame.x + 0.8 + i * (2 * frame.x - 1.6) / 5
        solid.turned(
            (x, 2.2, side * (frame.z + 0.16)), [(0, -0.18), (0.15, -0.1), (0.15, 0.1), (0, 0.18)], 6, colours[i % 3]
        )


def _boathouse(solid: Solid, frame: Frame) -> None:
    for x in (-frame.x - 0.4, frame.x + 0.4):
        _barrel(solid, x, -0.25, frame.z * 0.5)
    solid.box((frame.x + 0.001, frame.wall + 0.2, -0.55), (frame.x + 0.06, frame.wall + 0.9, 0.55), WHITE)


def _workshop(solid: Solid, frame: Frame) -> None:
    side = -1 if any(x > frame.x * 0.6 for x, _ in frame.doors) else 1
    for level in range(3):
        for i in range(4 - level):
            z = -0.9 + level * 0.22 + i * 0.44
            at = (side * (frame.x + 0.28), -0.1 + level * 0.36, z)
            solid.beam(
                (at[0] - 0.02, at[1], at[2]), (at[0] + 0.02 + 0.35 * side, at[1], at[2]), 0.36, PLANK if i % 2 else WOOD
            )
    _chimney(solid, frame, -side * (frame.x - 0.8), tall=0.7)


def _healer(solid: Solid, frame: Frame) -> None:
    _chimney(solid, frame, frame.x - 0.7, tall=0.6)
    side = -1 if any(z > frame.z * 0.6 for _, z in frame.doors) else 1
    for i in range(3):
        x = -frame.x + 0.9 + i * (frame.x - 0.9)
        low = (x - 0.5, -frame.depth, side * (frame.z + 0.35) - 0.25)
        solid.box(low, (x + 0.5, 0.15, side * (frame.z + 0.35) + 0.25), WOOD)
        solid.turned(
            (x, 0.15, side * (frame.z + 0.35)),
            [(0.4, 0), (0.3, 0.3), (0, 0.45)],
            6,
            ((110, 150, 74), (150, 110, 160), (90, 140, 90))[i],
        )


def _school(solid: Solid, frame: Frame) -> None:
    _chimney(solid, frame, frame.x - 0.7, tall=0.6)
    ridge = frame.wall + frame.rise + 0.1
    for dx, dz in ((-0.5, -0.5), (0.5, -0.5), (-0.5, 0.5), (0.5, 0.5)):
        solid.box((dx - 0.08, ridge - 0.6, dz - 0.08), (dx + 0.08, ridge + 1.2, dz + 0.08), WHITE)
    solid.turned((0.0, ridge + 0.45, 0.0), [(0.32, 0), (0.2, 0.3), (0.08, 0.5)], 8, _BRASS)
    eaves = [
        (-0.75, ridge + 1.2, 0.75),
        (0.75, ridge + 1.2, 0.75),
        (0.75, ridge + 1.2, -0.75),
        (-0.75, ridge + 1.2, -0.75),
    ]
    solid.polygon(eaves[::-1], WHITE)
    for i in range(4):
        solid.polygon((eaves[i], eaves[(i + 1) % 4], (0.0, ridge + 2.0, 0.0)), frame.roof)


def _smokehouse(solid: Solid, frame: Frame) -> None:
    for x in (-frame.x * 0.5, 0.0, frame.x * 0.5):
        _chimney(solid, frame, x, 0.6, 1.3, (70, 62, 60))


def _granary(solid: Solid, frame: Frame) -> None:
    solid.box((frame.x + 0.001, frame.wall * 0.5, -0.6), (frame.x + 0.07, frame.wall * 0.5 + 1.4, 0.6), DARK_WOOD)
    solid.box((-frame.x - 0.07, frame.wall * 0.5, -0.6), (-frame.x - 0.001, frame.wall * 0.5 + 1.4, 0.6), DARK_WOOD)
    for z in (-frame.z * 0.6, frame.z * 0.6):
        for x in (frame.x + 0.4, -frame.x - 0.4):
            solid.turned((x, -0.3, z), [(0.3, 0), (0.36, 0.3), (0.22, 0.7), (0.08, 0.85)], 7, (206, 190, 150))


def _market_hall(solid: Solid, frame: Frame) -> None:
    ridge = frame.wall + frame.rise
    solid.box((-0.9, ridge - 0.6, -0.9), (0.9, ridge + 1.1, 0.9), WHITE)
    solid.turned((0.0, ridge + 1.1, 0.0), [(1.2, 0), (0.7, 0.7), (0.12, 1.5), (0.0, 2.2)], 8, _COPPER)
    for dx, dz in ((0.905, 0), (-0.905, 0), (0, 0.905), (0, -0.905)):
        wide_x, wide_z = (0.04, 0.45) if dx else (0.45, 0.04)
        solid.box((dx - wide_x, ridge + 0.15, dz - wide_z), (dx + wide_x, ridge + 0.95, dz + wide_z), (60, 66, 78))
    fruit: tuple[Colour, ...] = ((190, 64, 48), (216, 160, 60), (104, 140, 66), (150, 110, 76))
    for i, x in enumerate((-frame.x * 0.55, frame.x * 0.05, frame.x * 0.6)):
        solid.box((x - 0.7, 0.0, -0.5), (x + 0.7, 0.8, 0.5), PLANK)
        for k in range(3):
            solid.turned((x - 0.45 + 0.45 * k, 0.8, 0.0), [(0.2, 0), (0.16, 0.16), (0, 0.24)], 6, fruit[(i + k) % 4])


_FITTINGS: dict[str, Callable[[Solid, Frame], None]] = {
    "home": _home,
    "inn": _inn,
    "bakery": _bakery,
    "chapel": _chapel,
    "smithy": _smithy,
    "net_loft": _net_loft,
    "boathouse": _boathouse,
    "workshop": _workshop,
    "healer": _healer,
    "school": _school,
    "smokehouse": _smokehouse,
    "granary": _granary,
    "market_hall": _market_hall,
}


def add(solid: Solid, kind: str, frame: Frame) -> None:
    """Add to a house what its kind is known by; a kind that is not known gets what homes have."""
    _FITTINGS.get(kind, _home)(solid, frame)
