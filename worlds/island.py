"""The bare shape of an island: sea on all sides, a ridge with two tops, coves. Rivers, plants and people come later.

All lengths are fractions of the world's side, as in relief.py, so a small island is a small country.
"""

from __future__ import annotations

import numpy as np

from .heightmap import terrain_of
from .land_errors import TerrainError
from .noise import ONE, Ints, draw, fractal
from .relief import ramp
from .space import CELL_MM, MAX_SIDE
from .terrain import SMALLEST, Terrain

_HILLS_PER_CELL = 190
"""Height of the ridge in millimetres per cell of the world's side: 97 m at 512 cells."""


def make_island(seed: int, size: int) -> Terrain:
    """Make an island of `size` x `size` cells, sea included; raises TerrainError for a size that cannot be."""
    if not SMALLEST <= size <= MAX_SIDE:
        raise TerrainError(f"a world of {size} cells a side cannot be made: choose {SMALLEST} to {MAX_SIDE}")
    return terrain_of(seed, island_heights(seed, size))


def island_heights(seed: int, size: int) -> Ints:
    """Return heights in millimetres int64[n, n], below 0 along all edges."""
    side, top = size * CELL_MM, size * _HILLS_PER_CELL
    line = np.arange(size, dtype=np.int64) * CELL_MM + CELL_MM // 2
    x, y = np.meshgrid(line, line)
    middle = side // 2
    away = np.sqrt((x - middle) ** 2 + (y - middle) ** 2).astype(np.int64)
    coast = side * 34 // 100 + (fractal(seed + 41, x, y, side // 4, 6) * side // 6 >> 16)
    edge = np.minimum(np.minimum(x, side - x), np.minimum(y, side - y))
    inland = np.minimum(coast - away, edge - side * 4 // 100)
    shore = ramp(inland, 0, side // 10) * 6 // 100 * top >> 16
    bed = ramp(-inland, 0, side // 6) * 12 // 100 * top >> 16
    rise = sum(_hill(seed, which, x, y, side) for which in range(2)) + ramp(inland, side // 14, side * 3 // 10) // 6
    rough = fractal(seed + 43, x, y, side // 6, 6) // 7 + fractal(seed + 44, x, y, side // 5, 5, True) // 5
    slopes = ramp(inland, side // 24, side // 7)
    land = shore + ((np.clip(rise + rough, 0, 2 * ONE) * slopes >> 16) * top >> 16) + top // 400
    heights: Ints = np.where(inland > 0, land, -bed - top // 400)
    return heights


def _hill(seed: int, which: int, x: Ints, y: Ints, side: int) -> Ints:
    """Return a round hill, Q16, somewhere in the middle of the island."""
    column, row = (side * (34 + draw(seed, 32, 45, which, axis)) // 100 for axis in range(2))
    away = np.sqrt((x - column) ** 2 + (y - row) ** 2).astype(np.int64)
    slope = ONE - ramp(away, 0, side * (20 + 6 * which) // 100)
    hill: Ints = (slope * slope >> 16) * (7 - which) // 10
    return hill
