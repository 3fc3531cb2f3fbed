"""Where a settlement is founded: flat open ground near the sea and the river; its square, its bridge and its pier."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .groundwork import Groundwork, Way, box_count, distance_from, nearest
from .land_errors import SettlementError
from .noise import Ints
from .space import CELL_MM, Cell
from .terrain import LAND, RIVER, SEA
from .walking import NEIGHBOURS

_LONGEST_BRIDGE = 14


class Plan(NamedTuple):
    """Sizes of a settlement in cells: half of its side, the square, the pier, the number of homes and of fields."""

    reach: int
    square: tuple[int, int]
    pier: int
    homes: int
    fields: int


def plan_for(size: int) -> Plan:
    """Return what a world of `size` cells has room for: a hamlet below 256 cells, else a village."""
    if size < 256:
        return Plan(18 + (size - 64) // 8, (7, 6), 7, 4 + (size - 64) // 24, 1)
    return Plan(52, (11, 9), 13, 14, 3)


def choose_centre(work: Groundwork, plan: Plan) -> Cell:
    """Return the middle of the square: dry, flat, at walking distance from sea and river; raises SettlementError."""
    half = plan.reach * 2 // 3
    rough = work.taken | (work.slope > 500)
    around = box_count(rough, 2 * half + 1, 2 * half + 1)
    near = box_count(work.taken, plan.square[1] + 4, plan.square[0] + 4)
    crowded = np.full_like(around, (2 * half + 1) ** 2)
    crowded[half:, half:] = around[: crowded.shape[0] - half, : crowded.shape[1] - half]
    free = np.zeros(near.shape, np.bool_)
    up, left = plan.square[1] // 2 + 2, plan.square[0] // 2 + 2
    free[up:, left:] = near[: near.shape[0] - up, : near.shape[1] - left] == 0
    sea = abs(work.from_sea - plan.reach * CELL_MM // 2)
    river = abs(work.from_river - plan.reach * CELL_MM * 2 // 5)
    score: Ints = (sea + river) // 100 + crowded * 3
    centre = nearest(free & (crowded < (2 * half + 1) ** 2 * 3 // 4), score)
    if centre is None:
        raise SettlementError("no flat dry ground for a village square in this terrain; try another seed or size")
    return centre


def lay_square(work: Groundwork, centre: Cell, plan: Plan) -> tuple[Cell, ...]:
    """Pave the market square and return its cells."""
    columns, rows = plan.square
    left, top = centre[0] - columns // 2, centre[1] - rows // 2
    cells = tuple((x, y) for y in range(top, top + rows) for x in range(left, left + columns))
    work.pave(cells, Way.SQUARE)
    return cells


def _crossings(work: Groundwork, start: Cell, step: tuple[int, int]) -> list[Cell]:
    """Return the wet cells straight ahead of a dry one up to the far bank; empty when that is no short crossing."""
    rows, columns = work.ground.shape
    cells: list[Cell] = []
    column, row = start[0] + step[0], start[1] + step[1]
    while 0 <= column < columns and 0 <= row < rows and len(cells) <= _LONGEST_BRIDGE:
        if work.terrain.water[row, column] == LAND:
            return cells if work.ground[row, column] else []
        cells.append((column, row))
        column, row = column + step[0], row + step[1]
    return []


def build_bridge(work: Groundwork, centre: Cell) -> tuple[tuple[Cell, ...], Cell, Cell]:
    """Build a bridge two cells wide; returns its cells, the bank on the square's side, the far bank.

    Raises SettlementError when no river can be crossed.
    """
    away = distance_from(work.ground.shape, centre)
    home = work.reached(centre)
    best: tuple[int, Cell, tuple[int, int], list[Cell]] | None = None
    shore = home & (work.from_river <= CELL_MM)
    for row, column in np.argwhere(shore).tolist():
        for step in NEIGHBOURS[:4]:
            cells = _crossings(work, (column, row), step)
            if not cells or not all(work.terrain.water[y, x] == RIVER for x, y in cells):
                continue
            side = (column + abs(step[1]), row + abs(step[0]))
            if side[0] >= home.shape[1] or side[1] >= home.shape[0] or not home[side[1], side[0]]:
                continue
            score = len(cells) * 12 + int(away[row, column])
            if len(_crossings(work, side, step)) == len(cells) and (best is None or score < best[0]):
                best = (score, (column, row), step, cells)
    if best is None:
        raise SettlementError("no river that a bridge could cross near the square; try another seed")
    _, near, step, cells = best
    beside = [(x + abs(step[1]), y + abs(step[0])) for x, y in cells]
    deck = (*cells, *beside)
    work.pave(deck, Way.BRIDGE)
    return deck, near, (cells[-1][0] + step[0], cells[-1][1] + step[1])


def build_pier(work: Groundwork, centre: Cell, plan: Plan) -> tuple[tuple[Cell, ...], Cell]:
    """Build a pier straight into the sea, two cells wide; returns its cells and the bank where it starts."""
    away = distance_from(work.ground.shape, centre)
    home = work.reached(centre)
    sea = work.terrain.water == SEA
    rows, columns = sea.shape
    best: tuple[int, Cell, tuple[Cell, ...]] | None = None
    for row, column in np.argwhere(home & (work.from_sea <= CELL_MM)).tolist():
        for dx, dy in NEIGHBOURS[:4]:
            line = [(column + dx * n, row + dy * n) for n in range(1, plan.pier + 1)]
            deck = tuple(line + [(x + abs(dy), y + abs(dx)) for x, y in line])
            if all(0 <= x < columns and 0 <= y < rows and sea[y, x] for x, y in deck):
                outer = line[-1]
                score = int(away[row, column]) - int(work.from_sea[row, column] + _open(work, outer)) // 400
                if best is None or score < best[0]:
                    best = (score, (column, row), deck)
    if best is None:
        raise SettlementError("no shore where a pier could stand near the square; try another seed")
    work.pave(best[2], Way.PIER)
    return best[2], best[1]


def _open(work: Groundwork, cell: Cell) -> int:
    """How deep the water is at a cell, in millimetres: a pier should reach deep water soon."""
    return max(0, -int(work.terrain.heights[cell[1], cell[0]]))
