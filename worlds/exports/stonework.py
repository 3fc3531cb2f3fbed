"""Old stone: ragged walls, columns, standing stones, shafts that lie about. What is built of it: landmarks.py."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from worldloom.worlds.noise import draw

from .finishes import shaded
from .solids import Finish, Point, Solid, Spot, circle

STONE, MOSS, PALE_STONE = (
    Finish("rubble", (176, 172, 158)),
    Finish("rubble", (138, 146, 112)),
    Finish("rock", (226, 218, 200)),
)
_THICK, _PIECE, _FOOT = 0.6, 0.9, 0.7
"""Of a wall, in metres: its thickness, about how long each of its pieces is, how deep it goes into the ground."""


class Yard(NamedTuple):
    """What a ruin is built into and stands on; (east, south) are metres from its middle.

    `height` gives the ground there, `closed` whether nothing may stand there, `salt` makes one ruin unlike others.
    """

    solid: Solid
    middle: Spot
    height: Callable[[float, float], float]
    closed: Callable[[float, float], bool]
    salt: int

    def at(self, east: float, south: float, up: float = 0.0) -> Point:
        """Return the point so high above the ground."""
        return self.middle[0] + east, self.height(east, south) + up, self.middle[1] + south

    def chance(self, count: int, *keys: int) -> int:
        """Return a number below `count` that is this ruin's own."""
        return draw(self.salt, count, 113, *keys)


def ragged_wall(yard: Yard, start: Spot, end: Spot, tall: Sequence[float]) -> None:
    """Add a wall along an axis; `tall` are heights at equal distances from start to end. Gaps where closed."""
    east = start[1] == end[1]
    length = abs(end[0] - start[0]) + abs(end[1] - start[1])
    count = max(2, round(length / _PIECE))
    key = round(start[0] * 10) * 1000 + round(start[1] * 10)
    tops = []
    for at in range(count + 1):
        share = at / count * (len(tall) - 1)
        low = min(int(share), len(tall) - 2)
        smooth = tall[low] + (tall[low + 1] - tall[low]) * (share - low)
        tops.append(max(0.15, smooth * (0.86 + yard.chance(28, key, at) / 100)))
    sign = 1 if sum(end) > sum(start) else -1
    for piece in range(count):
        spots = [
            (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)
            for share in (piece / count, (piece + 1) / count)
        ]
        middle = ((spots[0][0] + spots[1][0]) / 2, (spots[0][1] + spots[1][1]) / 2)
        if not yard.closed(*middle):
            pair = list(zip(spots, tops[piece : piece + 2], strict=True))[::sign]
            _wall_piece(yard, pair, east, shaded(STONE if yard.chance(4, key, piece) else MOSS, 8, key, piece))


def _wall_piece(yard: Yard, ends: Sequence[tuple[Spot, float]], east: bool, finish: Finish) -> None:
    """Add one piece; its ends are in the order of their coordinates."""
    across = _THICK / 2
    corners = ((0, 1), (1, 1), (1, -1), (0, -1)) if east else ((1, -1), (1, 1), (0, 1), (0, -1))
    low, high = [], []
    for end, side in corners:
        (x, z), top = ends[end]
        spot = (x, z + side * across) if east else (x + side * across, z)
        px, ground, pz = yard.at(*spot)
        # Both faces of the wall end at one height: its top is level across.
        low.append((px, ground - _FOOT, pz))
        high.append((px, yard.height(x, z) + top, pz))
    yard.solid.loft(low, high, finish, bottom=False)


def column(yard: Yard, spot: Spot, tall: float, *, whole: bool) -> None:
    """Add a column on a square foot; a whole one bears a capital, others are broken off."""
    if yard.closed(*spot):
        return
    x, ground, z = yard.at(*spot)
    finish = shaded(PALE_STONE, 6, round(x), round(z))
    yard.solid.box((x - 0.5, ground - 0.6, z - 0.5), (x + 0.5, ground + 0.3, z + 0.5), finish)
    base = (x, ground + 0.3, z)
    shaft = [(0.42, 0.0), (0.36, 0.15), (0.33, tall * 0.6), (0.3, tall)]
    yard.solid.turned(base, [*shaft, (0.46, tall + 0.25)] if whole else shaft, 10, finish)
    if whole:
        up = ground + 0.3 + tall + 0.25
        yard.solid.box((x - 0.5, up, z - 0.5), (x + 0.5, up + 0.2, z + 0.5), finish)


def fallen(yard: Yard, start: Spot, end: Spot, thick: float, finish: Finish = PALE_STONE) -> None:
    """Add a round shaft that lies on the ground from start to end."""
    one, other = yard.at(*start, thick * 0.7), yard.at(*end, thick * 0.7)
    dx, dz = other[0] - one[0], other[2] - one[2]
    length = (dx * dx + dz * dz) ** 0.5
    across = (-dz / length * thick, dx / length * thick)
    rings = [[(x + a * across[0], y + b * thick, z + a * across[1]) for a, b in circle(8)] for x, y, z in (one, other)]
    # Counterclockwise seen from the end: up times across points back to the start.
    yard.solid.loft(rings[0][::-1], rings[1][::-1], finish)


def standing_stone(yard: Yard, spot: Spot, wide: float, tall: float, finish: Finish = PALE_STONE) -> None:
    """Add a rough stone of five sides that narrows and leans a little."""
    if yard.closed(*spot):
        return
    x, ground, z = yard.at(*spot)
    keys = (round(spot[0] * 10), round(spot[1] * 10))
    lean = [(yard.chance(21, 1, *keys) - 10) / 100 * tall * 0.4, (yard.chance(21, 2, *keys) - 10) / 100 * tall * 0.4]
    rough = [0.78 + yard.chance(40, 3, n, *keys) / 100 for n in range(5)]
    outline = [(a * wide * r, -b * wide * 0.7 * r) for (a, b), r in zip(circle(5), rough, strict=True)]
    rings = [
        [(x + a * share + lean[0] * out, ground + up, z + b * share + lean[1] * out) for a, b in outline]
        for up, share, out in ((-0.8, 1.0, 0.0), (tall * 0.55, 0.92, 0.5), (tall, 0.55, 1.0))
    ]
    tint = shaded(finish, 10, *keys)
    yard.solid.loft(rings[0], rings[1], tint, bottom=False, top=False)
    yard.solid.loft(rings[1], rings[2], tint, bottom=False)


def scattered(yard: Yard, count: int, near: float, far: float) -> None:
    """Add loose blocks between two distances from the middle."""
    for number in range(count):
        a, b = circle(64)[yard.chance(64, 7, number)]
        away = near + (far - near) * yard.chance(100, 8, number) / 100
        spot = (a * away, b * away)
        size = 0.22 + yard.chance(30, 9, number) / 100
        standing_stone(yard, spot, size, size * 0.9, STONE if number % 3 else MOSS)
