"""The grid on which a settlement is laid out: what is ground, what is taken, what was built. Changes as one builds.

`Groundwork` is the one mutable thing in the making of a settlement; settlement.py freezes what comes of it.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from .biomes import slope_of
from .noise import Ints
from .space import Cell
from .terrain import LAND, RIVER, SEA, Terrain, distance_to
from .walking import Graph, follow

STEEP_MM = 1700
"""Nobody walks up a step higher than this from cell to cell."""


class Way(IntEnum):
    """What the surface of a cell was made into; the numbers stand in settlements and never change."""

    NONE = 0
    PATH = 1
    ROAD = 2
    SQUARE = 3
    BRIDGE = 4
    PIER = 5


class Groundwork:
    """Grids of one terrain: `ground` walkable by nature, `taken` closed to further houses, `walls`, `ways`."""

    def __init__(self, terrain: Terrain) -> None:
        self.terrain = terrain
        self.slope = slope_of(terrain.heights.astype(np.int64))
        self.ground = (terrain.water == LAND) & (self.slope <= STEEP_MM)
        self.walls = np.zeros(terrain.shape, np.bool_)
        self.ways = np.zeros(terrain.shape, np.uint8)
        self.taken = ~self.ground
        self.from_sea = distance_to(terrain.water == SEA)
        self.from_river = distance_to(terrain.water == RIVER)

    @property
    def walkable(self) -> NDArray[np.bool_]:
        """Where one can walk now."""
        decks = (self.ways == Way.BRIDGE) | (self.ways == Way.PIER)
        walkable: NDArray[np.bool_] = (self.ground | decks) & ~self.walls
        return walkable

    def reached(self, cell: Cell) -> NDArray[np.bool_]:
        """Return the cells that can be reached from `cell`, itself included, on foot."""
        from scipy.ndimage import label  # noqa: PLC0415  # scipy takes a quarter of a second

        # Without corner cutting a diagonal step implies two straight ones, so four neighbours decide what is joined.
        parts, _ = label(self.walkable)
        same: NDArray[np.bool_] = (parts == parts[cell[1], cell[0]]) & (parts > 0)
        return same

    def pave(self, cells: tuple[Cell, ...], way: Way) -> None:
        """Make the cells a way, unless they are a better one already, and close them to houses."""
        for column, row in cells:
            self.ways[row, column] = max(self.ways[row, column], way)
            self.taken[row, column] = True

    def road_costs(self) -> Ints:
        """Return what a road through a cell costs: steep ground is dear, an existing way is cheap."""
        costs: Ints = 10 + self.slope // 40 + np.where(self.terrain.biome >= 3, 6, 0)
        return np.where(self.ways > 0, 4, costs)

    def lay(self, start: Cell, end: Cell, way: Way, wide: bool = False) -> bool:
        """Lay the cheapest way between two cells, two cells wide if asked; False when there is none."""
        graph = Graph(self.walkable, self.road_costs())
        cells = follow(graph.directions(graph.distances(end)), start)
        self.pave(cells, way)
        if wide:
            rows, columns = self.ways.shape
            beside = ((x + dx, y + dy) for x, y in cells for dx, dy in ((1, 0), (0, 1)))
            inside = (cell for cell in beside if cell[0] < columns and cell[1] < rows)
            self.pave(tuple(c for c in inside if self.walkable[c[1], c[0]]), way)
        return bool(cells)


def nearest(mask: NDArray[np.bool_], score: Ints) -> Cell | None:
    """Return the cell of the mask with the lowest score, the first in row order among equals; None if it is empty."""
    if not mask.any():
        return None
    at = int(np.argmin(np.where(mask, score, np.iinfo(np.int64).max)))
    return at % mask.shape[1], at // mask.shape[1]


def distance_from(shape: tuple[int, int], cell: Cell) -> Ints:
    """Return an integer distance from one cell to all, in tenths of a cell: longer side plus half the shorter."""
    rows, columns = np.indices(shape)
    dx, dy = abs(columns - cell[0]), abs(rows - cell[1])
    distance: Ints = np.maximum(dx, dy) * 10 + np.minimum(dx, dy) * 4
    return distance


def box_count(mask: NDArray[np.bool_], height: int, width: int) -> Ints:
    """Return for each top left cell how many cells of the mask lie in a box; boxes beyond the edge count as full."""
    total = np.zeros((mask.shape[0] + 1, mask.shape[1] + 1), np.int64)
    np.cumsum(np.cumsum(mask, axis=0), axis=1, out=total[1:, 1:])
    out = np.full(mask.shape, height * width, np.int64)
    inner = total[height:, width:] - total[:-height, width:] - total[height:, :-width] + total[:-height, :-width]
    out[: inner.shape[0], : inner.shape[1]] = inner
    return out
