"""Roads as thin sheets that lie on the drawn ground and fade out at their edges. Which cells are roads: groundwork."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from worldloom.worlds.groundwork import Way
from worldloom.worlds.noise import hashed
from worldloom.worlds.settlement import Settlement
from worldloom.worlds.space import CELL_MM
from worldloom.worlds.terrain import Terrain

from .finishes import LOOKS
from .ground_mesh import CHUNK, Floats, Ground, doubled, grid_indices, strides_of
from .palette import WAYS, Colour
from .solids import Surface, paint

_LIFT = {"gravel": 0.035, "cobbles": 0.055}
"""Metres above the ground: what lies on top of which."""

_SHOWN = ((("gravel", Way.PATH, Way.ROAD)), (("cobbles", Way.SQUARE)))
_PAVING: dict[str, Colour] = {"cobbles": (196, 188, 172)}


def drawn_heights(ground: Ground, strides: NDArray[np.int64]) -> Floats:
    """Return the double grid of heights as the ground's triangles of two half cells have them, where they are drawn."""
    fine = ground.heights
    out = fine.copy()
    out[0::2, 1::2] = (fine[0::2, 0:-2:2] + fine[0::2, 2::2]) / 2
    out[1::2, 0::2] = (fine[0:-2:2, 0::2] + fine[2::2, 0::2]) / 2
    nw, ne, sw, se = fine[0:-2:2, 0:-2:2], fine[0:-2:2, 2::2], fine[2::2, 0:-2:2], fine[2::2, 2::2]
    # The diagonals alternate as in grid_indices; chunks have an even number of quads, so parity runs through.
    odd = (np.indices(nw.shape).sum(0) % 2) == 1
    out[1::2, 1::2] = np.where(odd, ne + sw, nw + se) / 2
    shape = fine.shape
    near = np.repeat(np.repeat(strides == 2, CHUNK, axis=0), CHUNK, axis=1)
    kept = np.zeros(shape, np.bool_)
    rows, columns = min(shape[0], near.shape[0]), min(shape[1], near.shape[1])
    kept[:rows, :columns] = near[:rows, :columns]
    return np.where(kept, out, np.nan)


def roads(ground: Ground, terrain: Terrain, settlement: Settlement) -> dict[str, Surface]:
    """Return the roads near the village by look, with colours that fade to clear."""
    heights = drawn_heights(ground, strides_of(terrain, settlement))
    found = {}
    for look, *ways in _SHOWN:
        surface = _sheet(heights, ground, settlement, look, ways)
        if surface is not None:
            found[look] = surface
    return found


def _sheet(heights: Floats, ground: Ground, settlement: Settlement, look: str, ways: list[Way]) -> Surface | None:
    mask = np.isin(settlement.ways, ways)
    alpha = np.clip((doubled(mask.astype(np.float64)) - 0.08) * 1.35, 0, 1)
    row, column = np.arange(alpha.shape[0])[:, None], np.arange(alpha.shape[1])[None, :]
    ragged = (hashed(57, row, column) >> np.uint64(58)).astype(np.float64) / 64
    alpha = np.where(alpha < 0.9, alpha * (0.55 + 0.6 * ragged), alpha)
    known = ~np.isnan(heights)
    quad = np.zeros((alpha.shape[0] - 1, alpha.shape[1] - 1), np.bool_)
    some, whole = quad.copy(), ~quad
    for dy, dx in ((0, 0), (0, 1), (1, 0), (1, 1)):
        box = np.s_[dy : dy + quad.shape[0], dx : dx + quad.shape[1]]
        some |= alpha[box] > 0.12
        whole &= known[box]
    chosen = some & whole
    if not chosen.any():
        return None
    triangles = grid_indices(*alpha.shape).reshape(*quad.shape, 6)[chosen]
    used, indices = np.unique(triangles, return_inverse=True)
    y, x = np.divmod(used.astype(np.int64), alpha.shape[1])
    half = CELL_MM / 2000
    points = np.stack([x * half, heights[y, x] + _LIFT[look], y * half], axis=-1)
    colours = paint(_tints(settlement, look, y, x))
    colours[:, 3] = np.round(alpha[y, x] * 255)
    return Surface(
        points.astype(np.float32),
        ground.normals[y, x].astype(np.float32),
        indices.astype(np.uint32).ravel(),
        colours,
        np.round(points[:, [0, 2]] / LOOKS[look].metres, 3).astype(np.float32),
    )


def _tints(settlement: Settlement, look: str, y: NDArray[np.int64], x: NDArray[np.int64]) -> NDArray[np.uint8]:
    ways = settlement.ways[
        np.minimum(y // 2, settlement.ways.shape[0] - 1), np.minimum(x // 2, settlement.ways.shape[1] - 1)
    ]
    out = np.tile(np.array(_PAVING.get(look, WAYS[Way.PATH]), np.float64), (len(y), 1))
    if look not in _PAVING:
        out[ways == Way.ROAD] = WAYS[Way.ROAD]
    grain = (hashed(59, y, x) >> np.uint64(59)).astype(np.float64) / 3 - 5
    return np.clip(out + grain[:, None], 0, 255).astype(np.uint8)
