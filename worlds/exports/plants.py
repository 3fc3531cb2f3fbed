"""Trees, bushes, reeds and boulders: what stands where by biome, and how each looks near and from afar."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from worldloom.worlds.biomes import Biome
from worldloom.worlds.noise import hashed
from worldloom.worlds.settlement import Settlement
from worldloom.worlds.space import CELL_MM
from worldloom.worlds.terrain import LAND, Terrain

from .palette import DARK_STONE, DARK_WOOD, STONE, Colour
from .solids import Solid, Surface, joined

NEAR_CELLS = 72
"""As far from the square plants are nodes that share a mesh; farther off they are baked, simpler and fewer."""

_FULL = 1 << 16


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


def _blobs(*blobs: tuple[float, float, float, float, Colour]) -> Surface:
    """A trunk with round crowns: (x, height, z, radius, colour)."""
    solid = Solid()
    solid.turned((0.0, -0.6, 0.0), [(0.26, 0), (0.18, 2.6), (0.1, 3.4)], 5, DARK_WOOD)
    for x, up, z, radius, colour in blobs:
        ring = [(0.0, -0.85), (0.72, -0.55), (1.0, 0.05), (0.68, 0.65), (0.0, 0.95)]
        solid.turned((x, up, z), [(r * radius, h * radius) for r, h in ring], 7, colour)
    return solid.surface()


def _broadleaf() -> Surface:
    return _blobs(
        (0, 4.0, 0, 1.9, (92, 134, 62)), (0.9, 3.1, 0.5, 1.2, (82, 122, 58)), (-0.8, 3.3, -0.6, 1.3, (104, 146, 70))
    )


def _oak() -> Surface:
    return _blobs(
        (0, 3.6, 0, 2.2, (74, 112, 56)), (1.3, 3.4, -0.6, 1.4, (84, 124, 60)), (-1.1, 3.0, 0.8, 1.5, (66, 104, 54))
    )


def _conifer() -> Surface:
    solid = Solid()
    solid.turned((0.0, -0.6, 0.0), [(0.22, 0), (0.14, 2.4)], 5, DARK_WOOD)
    for up, radius, tall, colour in (
        (1.2, 1.9, 2.6, (46, 88, 62)),
        (2.7, 1.5, 2.3, (54, 98, 68)),
        (4.1, 1.0, 2.2, (62, 108, 74)),
    ):
        solid.turned((0.0, up, 0.0), [(radius, 0), (0.0, tall)], 8, colour)
    return solid.surface()


def _bush() -> Surface:
    solid = Solid()
    ring = [(0.5, -0.3), (0.85, 0.2), (0.55, 0.7), (0.0, 0.9)]
    solid.turned((0.0, 0.0, 0.0), ring, 7, (112, 144, 72))
    solid.turned((0.6, 0.0, 0.3), [(r * 0.7, h * 0.7) for r, h in ring], 6, (124, 152, 82))
    return solid.surface()


def _reeds() -> Surface:
    solid = Solid()
    for i, (x, z) in enumerate(((0, 0), (0.4, 0.2), (-0.3, 0.35), (0.15, -0.4), (-0.45, -0.2))):
        solid.turned(
            (x, -0.2, z), [(0.1, 0), (0.05, 1.3 + 0.2 * (i % 3)), (0.0, 1.7 + 0.2 * (i % 3))], 4, (146, 152, 88)
        )
        solid.turned((x, 1.0 + 0.2 * (i % 3), z), [(0.07, 0), (0.07, 0.35)], 4, (112, 78, 50))
    return solid.surface()


def _boulder() -> Surface:
    solid = Solid()
    solid.turned((0.0, -0.4, 0.0), [(0.9, 0), (1.05, 0.5), (0.7, 1.0), (0.0, 1.15)], 6, STONE)
    solid.turned((0.9, -0.3, 0.5), [(0.5, 0), (0.55, 0.3), (0.3, 0.6), (0.0, 0.65)], 5, DARK_STONE)
    return solid.surface()


def _far_cone() -> Surface:
    solid = Solid()
    solid.turned((0.0, 0.2, 0.0), [(1.9, 0), (0.0, 6.0)], 4, (52, 94, 66))
    return solid.surface()


def _far_blob() -> Surface:
    solid = Solid()
    solid.turned((0.0, 0.6, 0.0), [(1.5, 0), (2.1, 2.4), (0.0, 5.0)], 4, (84, 124, 60))
    return solid.surface()


SPECIES = (
    ("broadleaf tree", _broadleaf, _far_blob),
    ("oak", _oak, _far_blob),
    ("conifer", _conifer, _far_cone),
    ("bush", _bush, None),
    ("reeds", _reeds, None),
    ("boulder", _boulder, None),
)
"""Name, near shape, far shape (none: not drawn from afar)."""

_BROADLEAF, _OAK, _CONIFER, _BUSH, _REEDS, _BOULDER = range(6)

_SHARES: dict[Biome, tuple[int, tuple[int, ...]]] = {
    Biome.FOREST: (9500, (_BROADLEAF, _OAK, _CONIFER, _BROADLEAF, _CONIFER, _OAK, _BUSH)),
    Biome.MEADOW: (700, (_BROADLEAF, _BUSH, _OAK, _BUSH)),
    Biome.MARSH: (13000, (_REEDS, _REEDS, _REEDS, _BUSH)),
    Biome.ROCK: (2200, (_BOULDER, _CONIFER, _BOULDER)),
    Biome.BEACH: (350, (_BOULDER, _REEDS)),
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
    kind[high & ((kind == _BROADLEAF) | (kind == _OAK))] = _CONIFER
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
        if place.kind != "wood":
            for column, row in place.cells:
                closed[row, column] = True
    free: NDArray[np.bool_] = ~binary_dilation(closed, np.ones((3, 3), np.bool_))
    return free


def near_square(plants: Plants, settlement: Settlement) -> NDArray[np.bool_]:
    """Return which plants are drawn in full."""
    x, y = settlement.square
    near: NDArray[np.bool_] = np.maximum(abs(plants.column - x), abs(plants.row - y)) < NEAR_CELLS
    return near


def bake(plants: Plants, chosen: NDArray[np.int64], heights: NDArray[np.float64]) -> Surface | None:
    """Return the far shapes of the chosen plants (row numbers) as one surface; None when none has one.

    `heights` is the double grid of ground_mesh.
    """
    parts = []
    for shape in (_far_blob, _far_cone):
        kinds = [number for number, species in enumerate(SPECIES) if species[2] is shape]
        rows = chosen[np.isin(plants.kind[chosen], kinds)]
        # Every other tree, a little larger: from afar a wood is its outline.
        rows = rows[(plants.turn[rows] % 2 == 0)]
        if len(rows):
            parts.append(_repeated(shape(), plants, rows, heights))
    return joined(parts) if parts else None


def _repeated(shape: Surface, plants: Plants, rows: NDArray[np.int64], heights: NDArray[np.float64]) -> Surface:
    up = heights[2 * plants.row[rows] + 1, 2 * plants.column[rows] + 1] - 0.7
    spots = np.stack([plants.east[rows], up, plants.south[rows]], axis=-1)
    scales = plants.scale[rows] * 1.25
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
        colours.reshape(-1, 4).astype(np.uint16),
    )
