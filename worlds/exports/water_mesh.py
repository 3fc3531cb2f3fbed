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
_BLOCKS = ((32, 6.0), (8, 2.2), (2, 0.25), (1, -1.0))
"""Sides of blocks in cells, and how deep it must be in metres: what the water looks like changes over the shallows."""
_FLAT = 0.03
"""Metres that a block's corners may differ: nobody sees the gap to its neighbours."""


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
            found[name] = _sheet(area, levels, look, depth)
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


def _sheet(area: NDArray[np.bool_], levels: Floats, look: Floats, depth: Floats) -> Surface:
    """Return the quads of the cells in `area`, in larger blocks the deeper it is; corners are shared."""
    columns = area.shape[1]
    height = doubled(levels)[::2, ::2]
    tint = doubled(look)[::2, ::2]
    quads = _blocks(area, height, depth)
    corners = np.concatenate([quads[:, :2] + quads[:, 2:] * step for step in ((0, 0), (1, 0), (0, 1), (1, 1))], axis=1)
    corners = corners.reshape(-1, 2)
    used, at = np.unique(corners[:, 0] * (columns + 1) + corners[:, 1], return_inverse=True)
    y, x = np.divmod(used, columns + 1)
    points = np.stack([x * CELL_MM / 1000, height[y, x], y * CELL_MM / 1000], axis=-1)
    order = at.reshape(-1, 4)[:, [0, 1, 2, 2, 1, 3]].ravel().astype(np.uint32)
    return _surface(points, order, np.clip(tint[y, x], 0, 255))


def _blocks(area: NDArray[np.bool_], height: Floats, depth: Floats) -> NDArray[np.int64]:
    """Return squares (row, column, side) that cover the cells in `area` once, in order of size and place."""
    low = np.minimum(np.minimum(height[:-1, :-1], height[:-1, 1:]), np.minimum(height[1:, :-1], height[1:, 1:]))
    high = np.maximum(np.maximum(height[:-1, :-1], height[:-1, 1:]), np.maximum(height[1:, :-1], height[1:, 1:]))
    left, found = area.copy(), []
    for side, least in _BLOCKS:
        rows, columns = (length // side for length in area.shape)

        def blocks(values: NDArray[Any], rows: int = rows, columns: int = columns, side: int = side) -> NDArray[Any]:
            whole = values[: rows * side, : columns * side]
            return whole.reshape(rows, side, columns, side).swapaxes(1, 2).reshape(rows, columns, -1)

        chosen = blocks(left).all(-1)
        if side > 1:
            flat = blocks(high).max(-1) - blocks(low).min(-1) < _FLAT
            chosen &= flat & (blocks(depth).min(-1) > least)
        at = np.argwhere(chosen) * side
        found.append(np.concatenate([at, np.full((len(at), 1), side)], axis=1))
        left[: rows * side, : columns * side] &= ~chosen.repeat(side, 0).repeat(side, 1)
    return np.concatenate(found)


def _surface(points: Floats, order: NDArray[np.uint32], look: Floats) -> Surface:
    colours = paint(look[:, :3].astype(np.uint8))
    colours[:, 3] = look[:, 3].astype(np.uint8)
    normals = np.tile(np.array((0, 1, 0), np.float32), (len(points), 1))
    texture = np.round(points[:, [0, 2]] / TILE_METRES, 3).astype(np.float32)
    return Surface(points.astype(np.float32), normals, order, colours, texture, tangents_of(normals))
