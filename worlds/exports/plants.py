"""Trees, bushes, reeds and boulders: what stands where by biome. How each looks: plant_shapes.py."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from worldloom.worlds.biomes import Biome
from worldloom.worlds.noise import hashed
from worldloom.worlds.place_names import FAR_NAMES
from worldloom.worlds.settlement import Settlement
from worldloom.worlds.space import CELL_MM
from worldloom.worlds.terrain import LAND, Terrain

from .plant_shapes import SPECIES, far_blob, far_cone
from .solids import Surface

NEAR_CELLS = 72
"""As far from the square plants are nodes that share a mesh; farther off they are baked, simpler and fewer."""
_NEAR_FAR = 12
"""The same for the far places of an island."""


@dataclass(frozen=True, eq=False)
class Plants:
    """Columns, one row a plant: `kind` is a row of SPECIES, cell, place in metres, scale, and turn in sixteenths."""

    kind: NDArray[np.int64]
    column: NDArray[np.int64]
    row: NDArray[np.int64]
    east: NDArray[np.float64]
    south: NDArray[np.float64]
    scale: NDArray[np.float64]
    turn: NDArray[np.int64]


_BROADLEAF, _OAK, _SPRUCE, _BUSH, _REEDS, _BOULDER, _BIRCH, _PINE, _LARCH, _GORSE, _GRASS = range(len(SPECIES))

_SHARES: dict[Biome, tuple[int, tuple[int, ...]]] = {
    Biome.FOREST: (9500, (_BROADLEAF, _OAK, _SPRUCE, _BIRCH, _SPRUCE, _OAK, _BUSH, _LARCH)),
    Biome.MEADOW: (1700, (_BROADLEAF, _GRASS, _BUSH, _GRASS, _OAK, _GRASS, _GORSE, _BIRCH)),
    Biome.MARSH: (13000, (_REEDS, _REEDS, _REEDS, _BUSH, _GRASS)),
    Biome.ROCK: (2600, (_BOULDER, _PINE, _BOULDER, _GORSE, _LARCH)),
    Biome.BEACH: (2200, (_BOULDER, _GRASS, _REEDS, _GRASS, _GRASS, _PINE)),
}
"""By biome: how many of 65,536 cells bear a plant, and which."""


def grow(terrain: Terrain, settlement: Settlement) -> Plants:
    """Return every plant of the world; none on a way, in a field, a place or near a house."""
    rows, columns = np.indices(terrain.shape)
    word = hashed(61, rows, columns)
    chance = (word >> np.uint64(48)).astype(np.int64)
    free = _free(terrain, settlement)
    kind = np.full(terrain.shape, -1, np.int64)
    which = (word >> np.uint64(8) & np.uint64(0xFF)).astype(np.int64)
    for biome, (share, species) in _SHARES.items():
        at = free & (terrain.biome == biome) & (chance < share)
        kind[at] = np.array(species)[which[at] % len(species)]
    # High up, conifers take the place of broad leaves.
    high = terrain.heights > np.percentile(terrain.heights, 88)
    kind[high & ((kind == _BROADLEAF) | (kind == _OAK))] = _SPRUCE
    row, column = np.nonzero(kind >= 0)
    bits = word[row, column]

    def part(shift: int, count: int) -> NDArray[np.int64]:
        return (bits >> np.uint64(shift)).astype(np.int64) % count

    metres = CELL_MM / 1000
    return Plants(
        kind[row, column],
        column,
        row,
        (column + 0.2 + part(16, 61) / 100) * metres,
        (row + 0.2 + part(22, 61) / 100) * metres,
        np.round(0.75 + part(28, 60) / 100, 2),
        part(34, 16),
    )


def _free(terrain: Terrain, settlement: Settlement) -> NDArray[np.bool_]:
    from scipy.ndimage import binary_dilation  # noqa: PLC0415  # scipy takes a quarter of a second

    closed = (settlement.ways > 0) | (terrain.water != LAND)
    for building in settlement.buildings:
        column, row, columns, rows = building.footprint
        closed[max(0, row - 1) : row + rows + 1, max(0, column - 1) : column + columns + 1] = True
    for place in settlement.places:
        if place.name in FAR_NAMES.get(place.kind, ()):
            # Something stands there.
            x, y = place.anchor
            closed[max(0, y - 3) : y + 4, max(0, x - 3) : x + 4] = True
        elif place.kind != "wood":
            for column, row in place.cells:
                closed[row, column] = True
    free: NDArray[np.bool_] = ~binary_dilation(closed, np.ones((3, 3), np.bool_))
    return free


def near_people(plants: Plants, settlement: Settlement) -> NDArray[np.bool_]:
    """Return which plants are drawn in full: those around the square, and a few where people walk to."""
    spots = [(settlement.square, NEAR_CELLS)]
    spots += [(place.anchor, _NEAR_FAR) for place in settlement.places if place.name in FAR_NAMES.get(place.kind, ())]
    near = np.zeros(len(plants.kind), np.bool_)
    for (x, y), reach in spots:
        near |= np.maximum(abs(plants.column - x), abs(plants.row - y)) < reach
    return near


def bake(plants: Plants, chosen: NDArray[np.int64], heights: NDArray[np.float64]) -> list[Surface]:
    """Return the far shapes of the chosen plants (row numbers), one surface a shape; who has none is left out.

    Shapes are kept apart so that woods of unlike size begin with the same normals and triangles, which are stored once.
    `heights` is the double grid of ground_mesh.
    """
    parts = []
    for shape in (far_blob, far_cone):
        kinds = [number for number, species in enumerate(SPECIES) if species.far is shape]
        rows = chosen[np.isin(plants.kind[chosen], kinds)]
        # Every fourth tree, larger: from afar a wood is its outline.
        rows = rows[(plants.turn[rows] % 4 == 0)]
        if len(rows):
            parts.append(_repeated(shape(), plants, rows, heights))
    return parts


def _repeated(shape: Surface, plants: Plants, rows: NDArray[np.int64], heights: NDArray[np.float64]) -> Surface:
    up = heights[2 * plants.row[rows] + 1, 2 * plants.column[rows] + 1] - 0.7
    spots = np.stack([plants.east[rows], up, plants.south[rows]], axis=-1)
    scales = plants.scale[rows] * 1.5
    points = shape.points[None] * scales[:, None, None] + spots[:, None, :]
    starts = np.arange(len(rows), dtype=np.uint32)[:, None] * np.uint32(len(shape.points))
    tint = 0.82 + plants.turn[rows] * 0.022
    assert shape.colours is not None
    colours = np.repeat(shape.colours[None].astype(np.float64), len(rows), axis=0)
    colours[..., :3] *= tint[:, None, None]
    return Surface(
        points.reshape(-1, 3).astype(np.float32),
        np.tile(shape.normals, (len(rows), 1)),
        (shape.indices[None] + starts).ravel(),
        np.clip(colours, 0, 255).reshape(-1, 4).astype(np.uint8),
    )
