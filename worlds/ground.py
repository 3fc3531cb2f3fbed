"""The land as rules need it: cells by one number, rooms, places' cells, directions to places. Not what people built."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .columns import NOWHERE, Columns
from .errors import WorldError
from .noise import Ints
from .places import Place
from .settlement import Settlement
from .space import CELL_MM, Cell
from .terrain import Terrain
from .walking import NEIGHBOURS, STRAIGHT_MS

OPEN_AIR = -1
"""Zone of everything that is in no room."""


class Ground:
    """Static tables of one settlement. A cell's index is row * columns + column; a place's number is that of its id.

    `room` int16[cells] is the number of the room that a cell belongs to, OPEN_AIR outdoors.
    """

    def __init__(self, terrain: Terrain, settlement: Settlement) -> None:
        self.terrain = terrain
        self.settlement = settlement
        self.places: tuple[Place, ...] = settlement.places
        if [place.id for place in self.places] != [f"place-{number}" for number in range(len(self.places))]:
            raise WorldError(f"{settlement.name}: its places are not numbered place-0, place-1, … in order")
        self.number = {place.id: number for number, place in enumerate(self.places)}
        self.rows, self.columns = int(settlement.walkable.shape[0]), int(settlement.walkable.shape[1])
        self.room: NDArray[np.int16] = np.full(self.rows * self.columns, OPEN_AIR, np.int16)
        for number, place in enumerate(self.places):
            if place.building:
                self.room[[self.index(cell) for cell in place.cells]] = number
        self.cells = tuple(self._by_distance(place) for place in self.places)
        self.deltas: Ints = np.array([dy * self.columns + dx for dx, dy in NEIGHBOURS], np.int64)
        # Rows are filled when somebody first walks there; the rest takes no memory.
        self._directions = np.zeros((len(self.places), self.rows * self.columns), np.uint8)
        self._known: set[int] = set()

    def index(self, cell: Cell) -> int:
        """Return the index of a cell."""
        return cell[1] * self.columns + cell[0]

    def cell(self, index: int) -> Cell:
        """Return the cell of an index."""
        return index % self.columns, index // self.columns

    def standing(self, agents: Columns) -> Ints:
        """Return the index of the cell that each agent stands on."""
        cells: Ints = agents.line * self.columns + agents.column
        return cells

    def standing_of(self, agents: Columns, row: int) -> int:
        """Return the index of the cell that one agent stands on."""
        return int(agents.y[row]) // CELL_MM * self.columns + int(agents.x[row]) // CELL_MM

    def zones(self, cells: Ints) -> Ints:
        """Return the room's number, or OPEN_AIR, of each cell (index)."""
        return self.room[cells].astype(np.int64)

    def put(self, agents: Columns, rows: Ints, cells: Ints) -> None:
        """Move agents to the middle of cells (indices)."""
        agents.x[rows] = cells % self.columns * CELL_MM + CELL_MM // 2
        agents.y[rows] = cells // self.columns * CELL_MM + CELL_MM // 2

    def place_id(self, number: int) -> str:
        """Return a place's id; "" for NOWHERE."""
        return "" if number == NOWHERE else self.places[number].id

    def directions(self, targets: Ints) -> NDArray[np.uint8]:
        """Return the table uint8[places, cells] of steps, in which the rows of the targets are filled."""
        for number in np.unique(targets).tolist():
            if number not in self._known:
                self._directions[number] = self.settlement.routes.field(self.places[number].id)[1].ravel()
                self._known.add(number)
        return self._directions

    def free_cells(self, place: int, taken: Ints, count: int) -> tuple[Ints, Ints]:
        """Choose cells of a place for `count` people, one after the other.

        `taken` holds the cells where others stand already. Cells nearest to the place's own come first, and nobody
        shares a cell before all are taken. Returns the cells and the milliseconds it takes to reach them from there.
        """
        cells, milliseconds = self.cells[place]
        crowd = np.bincount(np.searchsorted(np.sort(cells), taken), minlength=len(cells))[np.argsort(np.argsort(cells))]
        chosen = np.empty(count, np.int64)
        for at in range(count):
            chosen[at] = np.argmin(crowd)
            crowd[chosen[at]] += 1
        return cells[chosen], milliseconds[chosen]

    def _by_distance(self, place: Place) -> tuple[Ints, Ints]:
        """Return indices of a place's cells, nearest to its anchor first, and the time to get there in milliseconds."""
        x, y = place.anchor
        order = sorted(place.cells, key=lambda cell: (max(abs(cell[0] - x), abs(cell[1] - y)), cell[1], cell[0]))
        steps = [max(abs(cell[0] - x), abs(cell[1] - y)) for cell in order]
        return np.array([self.index(cell) for cell in order], np.int64), np.array(steps, np.int64) * STRAIGHT_MS
