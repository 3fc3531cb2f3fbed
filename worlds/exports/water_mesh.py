"""Sea and rivers as sheets: clear over the shallows, dark over the deep. No beds, no sea beyond the world."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from worldloom.worlds.rivers import RIVER_DEPTH_MM
from worldloom.worlds.space import CELL_MM
from worldloom.worlds.terrain import RIVER, SEA, Terrain

from .ground_mesh import Floats, doubled
from .palette import DEEP, SHALLOW
from .palette import RIVER as RIVER_COLOUR
from .solids import Surface, paint, tangents_of

TILE_METRES = 14.0
"""Across one tile of the ripples."""

_CLEAR, _OPAQUE = 60, 242
_BLOCKS = (32, 8, 4, 2, 1)
"""Sides of blocks in cells."""
_FLAT, _ALIKE = 0.03, 9.0
"""Metres and shades of 255 by which what lies between a block's corners may differ from it: nobody sees the gap to its
neighbours, nor that the shallows change in steps.
"""


def water(terrain: Terrain) -> dict[str, Surface]:
    """Return the sheets of sea and rivers, each reaching one cell under its banks."""
    from scipy.ndimage import binary_dilation  # noqa: PLC0415  # scipy takes a quarter of a second

    river, sea = terrain.water == RIVER, terrain.water == SEA
    square = np.ones((3, 3), np.bool_)
    river_area = binary_dilation(river, square) & ~sea
    sea_area = binary_dilation(sea, square, iterations=2) & ~river_area
    levels = np.where(river, terrain.heights + RIVER_DEPTH_MM, 0) / 1000
    levels = _spread(levels, river | sea)
    depth = np.maximum(levels - terrain.heights / 1000, 0)
    deep = np.clip(depth / 9, 0, 1)[..., None] ** 0.6
    colours = np.array(SHALLOW) * (1 - deep) + np.array(DEEP) * deep
    colours[river_area] = RIVER_COLOUR
    alpha = np.clip(_CLEAR + depth * 75, _CLEAR, _OPAQUE)
    # A river is shallow and quick: one sees its bed, but not as through glass.
    alpha[river_area] = np.clip(alpha[river_area] + 60, 0, 200)
    look = _softened(np.concatenate([colours, alpha[..., None]], axis=-1))
    found = {}
    for name, area in (("sea", sea_area), ("river", river_area)):
        if area.any():
            found[name] = _sheet(area, levels, look)
    return found


def _softened(colours: Floats) -> Floats:
    from scipy.ndimage import uniform_filter  # noqa: PLC0415  # scipy takes a quarter of a second

    soft: Floats = uniform_filter(colours, (3, 3, 1), mode="nearest")
    return soft


def _spread(levels: Floats, known: NDArray[np.bool_]) -> Floats:
    """Give each cell the level of the nearest water."""
    from scipy.ndimage import distance_transform_edt  # noqa: PLC0415  # scipy takes a quarter of a second

    nearest = distance_transform_edt(~known, return_distances=False, return_indices=True)
    spread: Floats = levels[tuple(nearest)]
    return spread


def _sheet(area: NDArray[np.bool_], levels: Floats, look: Floats) -> Surface:
    """Return the quads of the cells in `area`, in blocks as large as look alike; corners are shared."""
    columns = area.shape[1]
    height = doubled(levels)[::2, ::2]
    tint = doubled(look)[::2, ::2]
    quads = _blocks(area, np.concatenate([height[..., None] / _FLAT, tint / _ALIKE], axis=-1))
    corners = np.concatenate([quads[:, :2] + quads[:, 2:] * step for step in ((0, 0), (1, 0), (0, 1), (1, 1))], axis=1)
    corners = corners.reshape(-1, 2)
    used, at = np.unique(corners[:, 0] * (columns + 1) + corners[:, 1], return_inverse=True)
    y, x = np.divmod(used, columns + 1)
    points = np.stack([x * CELL_MM / 1000, height[y, x], y * CELL_MM / 1000], axis=-1)
    order = at.reshape(-1, 4)[:, [0, 1, 2, 2, 1, 3]].ravel().astype(np.uint32)
    return _surface(points, order, np.clip(tint[y, x], 0, 255))


def _blocks(area: NDArray[np.bool_], corners: Floats) -> NDArray[np.int64]:
    """Return squares (row, column, side) that cover the cells in `area` once, in order of size and place.

    `corners` [n + 1, m + 1, k] are what is drawn at the cells' corners, in units of what nobody sees.
    """
    left, found = area.copy(), []
    for side in _BLOCKS:
        rows, columns = (length // side for length in area.shape)
        chosen = _within(left, side).all(-1)
        if side > 1:
            chosen &= _within(_strangeness(corners, side), side).max(-1) < 1
        at = np.argwhere(chosen) * side
        found.append(np.concatenate([at, np.full((len(at), 1), side)], axis=1))
        left[: rows * side, : columns * side] &= ~chosen.repeat(side, 0).repeat(side, 1)
    return np.concatenate(found)


def _within(values: NDArray[Any], side: int) -> NDArray[Any]:
    """Return the cells [n, m] by whole block: [n // side, m // side, side * side]."""
    rows, columns = (length // side for length in values.shape)
    whole = values[: rows * side, : columns * side].reshape(rows, side, columns, side)
    return whole.swapaxes(1, 2).reshape(rows, columns, -1)


def _strangeness(corners: Floats, side: int) -> Floats:
    """Return by cell how far its corners are from what its block's four corners make of them."""
    rows, columns = ((length - 1) // side * side for length in corners.shape[:2])
    share = np.arange(side) / side
    coarse = corners[: rows + 1 : side, : columns + 1 : side]
    for axis in (0, 1):
        low = np.moveaxis(coarse, axis, 0)
        steps = low[:-1, None] + (low[1:] - low[:-1])[:, None] * share.reshape(-1, *[1] * (low.ndim - 1))
        coarse = np.moveaxis(np.concatenate([steps.reshape(-1, *low.shape[1:]), low[-1:]]), 0, axis)
    off = abs(corners[: rows + 1, : columns + 1] - coarse).max(-1)
    most: Floats = np.maximum(np.maximum(off[:-1, :-1], off[:-1, 1:]), np.maximum(off[1:, :-1], off[1:, 1:]))
    return most


def _surface(points: Floats, order: NDArray[np.uint32], look: Floats) -> Surface:
    colours = paint(look[:, :3].astype(np.uint8))
    colours[:, 3] = look[:, 3].astype(np.uint8)
    normals = np.tile(np.array((0, 1, 0), np.float32), (len(points), 1))
    texture = np.round(points[:, [0, 2]] / TILE_METRES, 3).astype(np.float32)
    return Surface(points.astype(np.float32), normals, order, colours, texture, tangents_of(normals))
