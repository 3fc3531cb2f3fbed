"""What stands at far places that nobody lives at: ruins, cairns, a wreck, seats in a wood. How stone is cut: stonework.

Nothing here stands where people do, which is in the middles of cells, nor on a way: walls have gaps there. The world's
rules know nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from worldloom.worlds.noise import draw
from worldloom.worlds.place_names import FAR_NAMES
from worldloom.worlds.places import Place
from worldloom.worlds.settlement import Settlement
from worldloom.worlds.space import CELL_MM

from . import finishes
from .finishes import OAK, WEATHERED
from .ground_mesh import Ground
from .solids import Finish, Point, Solid, circle
from .stonework import MOSS, PALE_STONE, STONE, Yard, column, fallen, ragged_wall, scattered, standing_stone

_METRES = CELL_MM / 1000
_BARK = finishes.timber(104, 84, 62)
_SLAB = Finish("rock", (204, 198, 184))


def _chapel(yard: Yard) -> None:
    """A gable with a pointed window still stands over three broken walls; two columns are left of an aisle."""
    ragged_wall(yard, (-5.0, -3.0), (5.0, -3.0), (4.6, 3.4, 1.6, 2.4, 0.9))
    ragged_wall(yard, (-5.0, 3.0), (5.0, 3.0), (4.6, 2.2, 0.8, 0.5, 1.2))
    ragged_wall(yard, (5.0, -3.0), (5.0, 3.0), (1.0, 0.4, 0.9))
    for start, end, tall in ((-3.0, -0.8, (4.6, 6.0)), (0.8, 3.0, (6.0, 4.6))):
        ragged_wall(yard, (-5.0, start), (-5.0, end), tall)
    ragged_wall(yard, (-5.0, -0.8), (-5.0, 0.8), (1.5, 1.5))
    _arch(yard, -5.0, 0.8, 4.1, 6.2)
    column(yard, (-1.0, -1.0), 3.2, whole=True)
    column(yard, (3.0, 1.0), 1.4, whole=False)
    scattered(yard, 14, 3.4, 7.0)


def _arch(yard: Yard, east: float, half: float, spring: float, top: float) -> None:
    """The pointed head of an opening in a wall from north to south, and what is left of the gable over it."""
    base = yard.at(east, 0.0)[1]
    x, z = yard.middle[0] + east, yard.middle[1]
    for sign in (1, -1):
        foot, crown = z + sign * half, z
        low = [(x + out, base + spring, at) for out, at in ((-0.3, foot), (0.3, foot), (0.3, crown), (-0.3, crown))]
        low[2], low[3] = ((px, base + spring + 1.3, pz) for px, _, pz in low[2:])
        high = [(px, base + top + (0.5 if pz == crown else 0.0), pz) for px, _, pz in low]
        yard.solid.loft(low if sign > 0 else low[::-1], high if sign > 0 else high[::-1], STONE)


_TORN = (6.8, 7.4, 7.0, 6.1, 5.2, 3.9, 3.1, 1.8, 0.9, 0.4, 0.0, 0.0, 0.7, 2.2, 4.1, 5.7)
"""Heights of the broken tower's wall around it."""


def _tower(yard: Yard) -> None:
    """A round tower, torn open from its top to its foot."""
    ring, floor = circle(len(_TORN)), yard.height(0.0, 0.0)
    for n, tall in enumerate(_TORN):
        following = (n + 1) % len(_TORN)
        (a, b), (c, d), top = ring[n], ring[following], _TORN[following] or 0.3
        if not tall or yard.closed((a + c) * 1.7, (b + d) * -1.7):
            continue
        # Counterclockwise seen from above, the outer face first.
        spots = ((a * 3.7, b * -3.7), (c * 3.7, d * -3.7), (c * 3.1, d * -3.1), (a * 3.1, b * -3.1))
        feet = [yard.at(*spot, -1.2) for spot in spots]
        tops = [(x, floor + up, z) for (x, _, z), up in zip(feet, (tall, top, top, tall), strict=True)]
        yard.solid.loft(feet, tops, STONE if n % 5 else MOSS, bottom=False)
    scattered(yard, 20, 3.9, 7.5)


def _croft(yard: Yard) -> None:
    """A cottage without a roof: its chimney gable stands, its walls are knee-high, a beam leans inside."""
    ragged_wall(yard, (-5.0, -3.0), (3.0, -3.0), (2.4, 1.5, 0.9, 0.6))
    ragged_wall(yard, (-5.0, 3.0), (-1.0, 3.0), (2.4, 1.3))
    ragged_wall(yard, (1.0, 3.0), (3.0, 3.0), (0.8, 0.5))
    ragged_wall(yard, (3.0, -3.0), (3.0, 3.0), (0.6, 0.4, 0.5))
    ragged_wall(yard, (-5.0, -3.0), (-5.0, 0.0), (2.4, 4.2))
    ragged_wall(yard, (-5.0, 0.0), (-5.0, 3.0), (4.2, 2.4))
    x, ground, z = yard.at(-5.0, 0.0)
    yard.solid.box((x - 0.5, ground, z - 0.6), (x + 0.4, ground + 5.3, z + 0.6), STONE)
    yard.solid.beam(yard.at(-4.6, -1.0, 2.2), yard.at(-1.0, -1.2, 0.1), 0.24, WEATHERED)
    scattered(yard, 10, 3.2, 6.0)


def _circle(yard: Yard) -> None:
    """Nine stones in a ring, one of them fallen, a low table in the middle of them."""
    for n, (a, b) in enumerate(circle(9)):
        spot = (a * 5.1, b * 5.1)
        if n == 4:
            fallen(yard, spot, (a * 7.6, b * 7.6), 0.5, _SLAB)
        else:
            standing_stone(yard, spot, 0.7 + yard.chance(20, n) / 100, 2.1 + yard.chance(120, n, 1) / 100, _SLAB)
    x, ground, z = yard.at(1.0, 1.0)
    yard.solid.box((x - 0.75, ground - 0.4, z - 0.5), (x + 0.75, ground + 0.55, z + 0.5), MOSS)
    yard.solid.box((x - 0.95, ground + 0.55, z - 0.65), (x + 0.95, ground + 0.75, z + 0.65), _SLAB)


def _hall(yard: Yard) -> None:
    """Two rows of columns, some whole, some stumps; a shaft and its drums lie between; one end wall is left."""
    heights = ((4.4, 4.4, 1.9, 0.8), (4.4, 1.2, 3.1, 0.6))
    for row, south in enumerate((-3.0, 3.0)):
        for n, tall in enumerate(heights[row]):
            column(yard, (-5.0 + 3.0 * n, south), tall, whole=tall > 4)
    if not yard.closed(-5.0, -3.0) and not yard.closed(-2.0, -3.0):
        one, other = yard.at(-5.5, -3.0, 5.15), yard.at(-1.5, -3.0, 5.15)
        level = max(one[1], other[1])
        yard.solid.box((one[0], level - 0.2, one[2] - 0.4), (other[0], level + 0.35, one[2] + 0.4), PALE_STONE)
    ragged_wall(yard, (-7.0, -5.0), (-7.0, 5.0), (1.4, 3.6, 4.2, 2.0, 0.6))
    fallen(yard, (0.6, -0.9), (3.4, 1.0), 0.32)
    fallen(yard, (4.6, 1.6), (5.3, 2.1), 0.33)
    scattered(yard, 10, 4.2, 7.5)


def _beside_way(yard: Yard) -> tuple[float, float]:
    """Return a spot near the middle that no way crosses."""
    spots = ((3.0, -3.0), (3.0, 3.0), (-3.0, 3.0), (-3.0, -3.0), (5.0, -5.0), (-5.0, 5.0))
    return next((spot for spot in spots if not yard.closed(*spot)), (5.0, 5.0))


def _cairn(yard: Yard) -> None:
    """A heap of stones as tall as two people, with a pole on it, and a seat."""
    east, south = _beside_way(yard)
    x, ground, z = yard.at(east, south)
    heap = [(1.9, -0.5), (1.7, 0.5), (1.35, 1.2), (0.95, 2.0), (0.5, 2.8), (0.0, 3.1)]
    yard.solid.turned((x, ground, z), heap, 11, STONE)
    yard.solid.beam((x, ground + 2.6, z), (x + 0.15, ground + 5.2, z), 0.12, WEATHERED)
    for n, (a, b) in enumerate(circle(9)):
        standing_stone(yard, (east + 2.0 * a, south + 2.0 * b), 0.3, 0.4, STONE if n % 3 else MOSS)
    yard.solid.box(*_box(yard, (-east / 3, -south), (0.9, 0.25), (-0.3, 0.45)), _SLAB)


def _needle(yard: Yard) -> None:
    """One stone, seven metres tall, with small ones at its foot."""
    east, south = _beside_way(yard)
    standing_stone(yard, (east, south), 1.15, 7.2, _SLAB)
    for n, (a, b) in enumerate(circle(7)):
        standing_stone(yard, (east + 2.1 * a, south + 2.1 * b), 0.35, 0.5 + n % 3 * 0.2, STONE)


def _wreck(yard: Yard) -> None:
    """The ribs of a ship, half in the sand."""
    keel = [yard.at(east, 3.0, 0.05 + abs(east) * 0.04) for east in (-6.0, 6.0)]
    yard.solid.beam(keel[0], keel[1], 0.4, WEATHERED)
    for n in range(7):
        east = -4.8 + 1.6 * n
        wide = 2.2 - 0.16 * (n - 3) ** 2
        for sign in (1, -1):
            if n == 5 and sign > 0:
                continue
            knee = yard.at(east, 3.0 + sign * wide * 0.8, 0.7)
            tip = yard.at(east + 0.2, 3.0 + sign * wide, 1.5 + yard.chance(14, n, sign + 1) / 10)
            yard.solid.beam(yard.at(east, 3.0, 0.1), knee, 0.22, WEATHERED)
            yard.solid.beam(knee, tip, 0.2, WEATHERED)
    yard.solid.beam(keel[1], yard.at(7.4, 3.0, 3.2), 0.3, WEATHERED)
    scattered(yard, 5, 4.0, 6.0)


def _clearing(yard: Yard) -> None:
    """A felled trunk to sit on, stumps, and logs that somebody stacked."""
    fallen(yard, (-3.0, -3.1), (1.6, -3.0), 0.34, _BARK)
    for n, spot in enumerate(((3.0, -1.0), (-3.0, 1.0), (1.0, 3.0))):
        x, ground, z = yard.at(*spot)
        yard.solid.turned((x, ground - 0.3, z), [(0.5, 0.0), (0.36, 0.5), (0.33, 0.65 + 0.1 * n)], 9, _BARK)
    for layer, count in enumerate((3, 2, 1)):
        for n in range(count):
            south = 4.6 + (n - (count - 1) / 2) * 0.5
            one, other = yard.at(2.4, south, 0.2 + 0.42 * layer), yard.at(5.0, south, 0.2 + 0.42 * layer)
            yard.solid.beam(one, (other[0], one[1], other[2]), 0.42, OAK if n % 2 else _BARK)


def _box(
    yard: Yard, spot: tuple[float, float], half: tuple[float, float], up: tuple[float, float]
) -> tuple[Point, Point]:
    x, ground, z = yard.at(*spot)
    return (x - half[0], ground + up[0], z - half[1]), (x + half[0], ground + up[1], z + half[1])


_BY_NAME: dict[str, Callable[[Yard], None]] = {
    "Saint Elve's Ruin": _chapel,
    "The Broken Tower": _tower,
    "The Old Croft": _croft,
    "Monk's Stones": _circle,
    "The Fallen Hall": _hall,
    "The Cairn": _cairn,
    "The Needle": _needle,
    "Wreckers' Cove": _wreck,
}
_RUINS = (_chapel, _tower, _croft, _circle, _hall)


def make_landmark(ground: Ground, settlement: Settlement, place: Place) -> Solid | None:
    """Return what stands at a far place; None where nothing does, or a watchtower."""
    build = _builder(place)
    if build is None:
        return None
    east_, row = place.anchor
    middle = ((east_ + 0.5) * _METRES, (row + 0.5) * _METRES)
    ways = settlement.ways

    def height(east: float, south: float) -> float:
        return ground.at(middle[0] + east, middle[1] + south)

    def closed(east: float, south: float) -> bool:
        x, y = ((middle[axis] + off) / _METRES for axis, off in enumerate((east, south)))
        box = np.s_[max(0, int(y - 0.3)) : int(y + 0.3) + 1, max(0, int(x - 0.3)) : int(x + 0.3) + 1]
        return bool((ways[box] > 0).any())

    solid = finishes.solid()
    build(Yard(solid, middle, height, closed, east_ * 8192 + row))
    return solid


def _builder(place: Place) -> Callable[[Yard], None] | None:
    if place.kind == "ruin":
        return _BY_NAME.get(place.name) or _RUINS[draw(3, len(_RUINS), 114, *place.anchor)]
    if place.kind == "wood" and place.name in FAR_NAMES["wood"]:
        return _clearing
    return _BY_NAME.get(place.name)
