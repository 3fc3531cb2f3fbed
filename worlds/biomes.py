"""What grows where: one biome per cell, from height, slope, water and moisture. Not for single trees."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from .noise import ONE, Ints, fractal
from .space import CELL_MM


class Biome(IntEnum):
    """Kinds of ground; the numbers stand in terrain bytes and never change."""

    SEA = 0
    BEACH = 1
    MEADOW = 2
    FOREST = 3
    MARSH = 4
    ROCK = 5


def slope_of(heights: Ints) -> Ints:
    """Return the greatest step to one of the four neighbours, in millimetres per cell."""
    steep = np.zeros(heights.shape, np.int64)
    east = abs(np.diff(heights.astype(np.int64), axis=1))
    south = abs(np.diff(heights.astype(np.int64), axis=0))
    for part, step in (
        (steep[:, 1:], east), (steep[:, :-1], east), (steep[1:], south), (steep[:-1], south)
    ):  # fmt: skip
        np.maximum(part, step, out=part)
    return steep


def make_biomes(
    seed: int, heights: Ints, sea: NDArray[np.bool_], from_sea: Ints, from_river: Ints, top: int
) -> NDArray[np.uint8]:
    """Return the biome of every cell; distances and heights in millimetres, `top` the height of the hills."""
    size = heights.shape[0]
    line = np.arange(size, dtype=np.int64) * CELL_MM
    x, y = np.meshgrid(line, line)
    side = size * CELL_MM
    moist = fractal(seed + 11, x, y, side // 5, 5)
    ragged = fractal(seed + 12, x, y, side // 24, 3)
    slope = slope_of(heights)
    # Woods keep away from the low ground at the river's mouth, where people live and graze their animals.
    stray = ragged * side // 16 >> 16
    open_ground = (from_sea + stray < side // 7) & (from_river + stray * 2 + (moist * side // 8 >> 16) < side // 4)
    wooded = moist + ragged // 3 + np.minimum(heights * ONE // (3 * top), ONE // 4) > ONE // 12 + open_ground * ONE
    wet = (from_river < side // 22) & (heights < top // 7) & (slope < 260) & (moist + ragged // 2 > ONE // 9)
    biome = np.full(heights.shape, Biome.MEADOW, np.uint8)
    biome[wooded] = Biome.FOREST
    biome[wet] = Biome.MARSH
    rocky = (slope > 1500) | (heights + (ragged * top // 12 >> 16) > top * 3 // 4)
    biome[rocky] = Biome.ROCK
    reach = (7 + (moist * 5 >> 16)) * CELL_MM
    biome[(from_sea < reach) & (heights < 2600 + (ragged * 700 >> 16)) & (slope < 900)] = Biome.BEACH
    biome[sea] = Biome.SEA
    return biome
