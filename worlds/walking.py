"""Ways over the walkable cells: fields of distance and direction to places, paths, walking times. No agents.

Eight neighbours, no cutting of corners (a diagonal step needs both cells beside it); 1,400 ms to a cell beside, 1,980
ms to a diagonal one. Fields are made when a place is first asked for. Ties go to the first of NEIGHBOURS, so paths are
the same everywhere, whatever scipy's heap does with equal lengths.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .land_errors import RouteError
from .space import Cell

STRAIGHT_MS = 1400
DIAGONAL_MS = 1980

NEIGHBOURS = ((0, -1), (1, 0), (0, 1), (-1, 0), (1, -1), (1, 1), (-1, 1), (-1, -1))
"""(columns east, rows south): north, east, south, west, then the diagonals from north-east on."""

HERE, NOWHERE = 8, 9
"""Directions of a target's own cell and of a cell that cannot reach the target."""

FAR = np.iinfo(np.int32).max
"""Distance of a cell that cannot reach the target."""

Costs = NDArray[np.int64]


def _shifted(grid: NDArray[Any], dx: int, dy: int, fill: Any) -> NDArray[Any]:
    """Return for each cell the value of its neighbour."""
    rows, columns = grid.shape
    out = np.full_like(grid, fill)
    to = slice(max(0, -dy), rows - max(0, dy)), slice(max(0, -dx), columns - max(0, dx))
    of = slice(max(0, dy), rows - max(0, -dy)), slice(max(0, dx), columns - max(0, -dx))
    out[to] = grid[of]
    return out


def open_steps(walkable: NDArray[np.bool_]) -> list[NDArray[np.bool_]]:
    """Return for each of NEIGHBOURS the cells from which that step may be taken."""
    straight = [walkable & _shifted(walkable, dx, dy, False) for dx, dy in NEIGHBOURS[:4]]
    north, east, south, west = straight
    sides = ((north, east), (south, east), (south, west), (north, west))
    diagonal = [
        walkable & _shifted(walkable, dx, dy, False) & one & other
        for (dx, dy), (one, other) in zip(NEIGHBOURS[4:], sides, strict=True)
    ]
    return straight + diagonal


class Graph:
    """The steps between walkable cells as a sparse matrix; `costs` (default 1) multiplies the time through a cell."""

    def __init__(self, walkable: NDArray[np.bool_], costs: Costs | None = None) -> None:
        self.steps = open_steps(walkable)
        self.shape: tuple[int, int] = (walkable.shape[0], walkable.shape[1])
        weight = np.ones(self.shape, np.int64) if costs is None else costs
        # Half the cost of leaving a cell and half of entering the next: the same both ways.
        self.weights = [
            (weight + _shifted(weight, dx, dy, 0)) * (STRAIGHT_MS if at < 4 else DIAGONAL_MS) // 2
            for at, (dx, dy) in enumerate(NEIGHBOURS)
        ]
        self._matrix: Any = None

    def _sparse(self) -> Any:
        from scipy.sparse import csr_array  # noqa: PLC0415  # scipy takes a quarter of a second

        if self._matrix is None:
            columns = self.shape[1]
            starts = [np.flatnonzero(step.ravel()) for step in self.steps]
            ends = [start + dy * columns + dx for start, (dx, dy) in zip(starts, NEIGHBOURS, strict=True)]
            weights = [w.ravel()[start] for w, start in zip(self.weights, starts, strict=True)]
            size = self.shape[0] * columns
            # Weights are integers below 2^53: sums of float64 are exact in any order.
            data = np.concatenate(weights).astype(np.float64)
            self._matrix = csr_array((data, (np.concatenate(starts), np.concatenate(ends))), shape=(size, size))
        return self._matrix

    def distances(self, cell: Cell) -> NDArray[np.int64]:
        """Return the time from every cell to `cell` in milliseconds (times costs); FAR where there is no way."""
        from scipy.sparse.csgraph import dijkstra  # noqa: PLC0415  # scipy takes a quarter of a second

        found = dijkstra(self._sparse(), indices=cell[1] * self.shape[1] + cell[0])
        return np.where(np.isinf(found), FAR, found).astype(np.int64).reshape(self.shape)

    def directions(self, distances: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Return for every cell the index in NEIGHBOURS of the step that leads home, or HERE, or NOWHERE."""
        out = np.full(self.shape, NOWHERE, np.uint8)
        out[distances == 0] = HERE
        for index in range(7, -1, -1):
            dx, dy = NEIGHBOURS[index]
            leads = self.steps[index] & (_shifted(distances, dx, dy, FAR) + self.weights[index] == distances)
            out[leads & (distances < FAR)] = index
        return out


def follow(directions: NDArray[np.uint8], cell: Cell) -> tuple[Cell, ...]:
    """Return the cells from `cell` (included) to the target (included); empty when there is no way."""
    column, row = cell
    cells = [cell]
    while (step := int(directions[row, column])) < HERE:
        dx, dy = NEIGHBOURS[step]
        column, row = column + dx, row + dy
        cells.append((column, row))
    return tuple(cells) if step == HERE else ()


class Routes:
    """Ways to places: `places` maps a place's id to the cell that stands for it."""

    def __init__(self, walkable: NDArray[np.bool_], places: Mapping[str, Cell]) -> None:
        for place, (column, row) in places.items():
            inside = 0 <= row < walkable.shape[0] and 0 <= column < walkable.shape[1]
            if not inside or not walkable[row, column]:
                raise RouteError(f"{place}: nobody can stand on cell ({column}, {row}); choose a walkable cell")
        self._walkable = walkable
        self._places = dict(places)
        self._graph = Graph(walkable)
        self._fields: dict[str, tuple[NDArray[np.int32], NDArray[np.uint8]]] = {}

    def field(self, place: str) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
        """Return (milliseconds to the place, direction) for every cell; raises RouteError for an unknown place."""
        if place not in self._fields:
            if place not in self._places:
                raise RouteError(f"{place!r} is no place of this world; there are {', '.join(sorted(self._places))}")
            distances = self._graph.distances(self._places[place])
            self._fields[place] = distances.astype(np.int32), self._graph.directions(distances)
        return self._fields[place]

    def _require(self, cell: Cell, place: str) -> int:
        rows, columns = self._walkable.shape
        if not (0 <= cell[1] < rows and 0 <= cell[0] < columns):
            raise RouteError(f"cell {cell} lies outside the world of {columns} x {rows} cells")
        milliseconds = int(self.field(place)[0][cell[1], cell[0]])
        if milliseconds == FAR:
            raise RouteError(f"there is no way from cell {cell} to {place}; ask `reaches` first")
        return milliseconds

    def reaches(self, cell: Cell, place: str) -> bool:
        """Whether there is a way from the cell to the place."""
        rows, columns = self._walkable.shape
        inside = 0 <= cell[1] < rows and 0 <= cell[0] < columns
        return inside and bool(self.field(place)[0][cell[1], cell[0]] < FAR)

    def path(self, cell: Cell, place: str) -> tuple[Cell, ...]:
        """Return the cells from `cell` to the place's own cell, both included; raises RouteError without a way."""
        self._require(cell, place)
        return follow(self.field(place)[1], cell)

    def milliseconds(self, cell: Cell, place: str) -> int:
        """Return the walking time in milliseconds; raises RouteError without a way."""
        return self._require(cell, place)

    def seconds(self, cell: Cell, place: str) -> int:
        """Return the walking time in whole seconds, rounded up; raises RouteError without a way."""
        return -(-self._require(cell, place) // 1000)
