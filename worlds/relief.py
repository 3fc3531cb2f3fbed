"""The bare shape of the land before any water runs: coast, plain, valley, hills. Rivers and plants come later.

Everything is made with the sea in the south; terrain.py turns the finished world. All lengths are fractions of the
world's side, so a small world is a small country and not a cutting of a large one.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from .noise import ONE, Ints, draw, fractal
from .space import CELL_MM

_RELIEF_PER_CELL = 220
"""Height of the hills in millimetres per cell of the world's side: 113 m at 512 cells."""

# Height above the sea by distance from the coast: both in thousandths, of the side and of the relief.
_PROFILE = (
    (-400, -110),
    (-120, -60),
    (-20, -18),
    (0, 0),
    (30, 13),
    (120, 42),
    (250, 95),
    (430, 340),
    (800, 800),
)


@dataclass(frozen=True)
class Relief:
    """Heights in millimetres int64[n, n], and the height of the hills above the sea in millimetres."""

    heights: Ints
    top: int


def ramp(value: Ints, start: int, end: int) -> Ints:
    """0 up to `start`, 1 from `end` on, a straight line between; Q16."""
    line: Ints = np.clip((value - start) * ONE // (end - start), 0, ONE)
    return line


def _profile(inland: Ints, side: int, top: int) -> Ints:
    heights = np.full(inland.shape, _PROFILE[0][1] * top // 1000, np.int64)
    for (near, low), (far, high) in pairwise(_PROFILE):
        heights += ramp(inland, near * side // 1000, far * side // 1000) * (high - low) * top // (1000 * ONE)
    return heights


def make_relief(seed: int, size: int) -> Relief:
    """Return the bare land of a world of `size` x `size` cells."""
    side, top = size * CELL_MM, size * _RELIEF_PER_CELL
    line = np.arange(size, dtype=np.int64) * CELL_MM + CELL_MM // 2
    x, y = np.meshgrid(line, line)
    nothing = np.zeros_like(line)
    axis: Ints = side * (400 + draw(seed, 200, 1)) // 1000 + (
        fractal(seed + 2, nothing, line, side // 3, 3) * side // 7 >> 16
    )
    from_axis: Ints = abs(x - axis[:, None])
    coast: Ints = side * 3 // 4 + (fractal(seed + 3, x, y, side // 3, 6) * side // 7 >> 16)
    # The river's mouth draws the sea inland: a small bay, where a harbour will lie.
    coast -= (ONE - ramp(from_axis, 0, side // 9)) * side // 40 >> 16
    inland: Ints = coast - y
    heights = _profile(inland, side, top)
    hills = ramp(inland, side * 17 // 100, side * 48 // 100)
    rough = fractal(seed + 4, x, y, side // 4, 6) * 9 // 100 + (fractal(seed + 5, x, y, side // 3, 5, True) * 17 // 100)
    heights += (hills * rough >> 16) * top >> 16
    # Soft swells on the plain, none in the river's neighbourhood at the coast: people will build there.
    plain = ramp(from_axis, side // 12, side // 4) + ramp(inland, side // 6, side // 3) + ONE // 6
    swell = fractal(seed + 6, x, y, side // 8, 4) * np.minimum(plain, ONE) >> 16
    heights += (swell * ramp(abs(inland), side // 100, side // 8) >> 16) * top * 4 // 100 >> 16
    valley = ONE - ramp(from_axis, 0, side // 8)
    heights -= ((valley * valley >> 16) * (hills + ONE // 20) >> 16) * top * 22 // 100 >> 16
    return Relief(heights, top)
