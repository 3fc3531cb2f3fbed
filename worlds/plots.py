"""Where houses go: near what they want to be near, on dry flat free ground, each with a door and a path to a road."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from .buildings import KINDS, Building, Kind, interior_of
from .groundwork import Groundwork, Way, box_count, distance_from
from .land_errors import SettlementError
from .noise import Ints, hashed
from .space import CELL_MM, Cell
from .terrain import distance_to
from .walking import NEIGHBOURS, Graph, follow

_MARGIN = 2
"""Free cells around a house: one for its eaves and one to pass."""

_TRIES = 40

_DETOUR = 16
"""How many cells off the straight line the path to a door may lead before all of the ground is searched."""

_UNEVEN_MM = 2400
"""No house stands where the ground under it falls further."""


def _focus(work: Groundwork, kind: Kind, spots: Mapping[str, Cell], number: int) -> Ints:
    """Return how far every cell is from what the kind wants to be near, in tenths of a cell."""
    square = distance_from(work.ground.shape, spots["square"])
    if kind.near == "road":
        return square * (1 + number % 3) // 4
    return distance_from(work.ground.shape, spots.get(kind.near, spots["square"])) + square // 8


def _candidates(work: Groundwork, kind: Kind, turned: bool, focus: Ints, seed: int) -> list[tuple[int, int, int]]:
    """Return (score, row, column) of the best top left corners for one orientation."""
    width, height = (kind.width, kind.length) if turned else (kind.length, kind.width)
    blocked = box_count(work.taken, height + 2 * _MARGIN, width + 2 * _MARGIN)
    heights = work.terrain.heights.astype(np.int64)
    windows = sliding_window_view(heights, (height, width))
    at = np.argwhere(blocked == 0)
    at = at[np.argsort(focus[at[:, 0] + height, at[:, 1] + width], kind="stable")[:3000]] + _MARGIN
    if not len(at):
        return []
    inside = windows[at[:, 0], at[:, 1]].reshape(len(at), -1)
    drop = inside.max(axis=1) - inside.min(axis=1)
    middle = at[:, 0] + height // 2, at[:, 1] + width // 2
    road = abs(distance_to(work.ways > 0)[middle] // (CELL_MM // 10) - (min(width, height) * 5 + 20))
    jitter = (hashed(seed, at[:, 0], at[:, 1]) >> np.uint64(58)).astype(np.int64) // 2
    score = focus[middle] + road * 2 + drop // 15 + jitter
    order = np.argsort(score, kind="stable")[:_TRIES]
    return [(int(score[i]), int(at[i, 0]), int(at[i, 1])) for i in order if drop[i] < _UNEVEN_MM]


def _doors(footprint: tuple[int, int, int, int]) -> list[tuple[Cell, Cell]]:
    """Return (door, cell before it) in the middle of the north, east, south and west wall."""
    column, row, columns, rows = footprint
    x, y = column + columns // 2, row + rows // 2
    doors = ((x, row), (column + columns - 1, y), (x, row + rows - 1), (column, y))
    return [((cx, cy), (cx + dx, cy + dy)) for (cx, cy), (dx, dy) in zip(doors, NEIGHBOURS[:4], strict=True)]


def _open_door(work: Groundwork, footprint: tuple[int, int, int, int]) -> Cell | None:
    """Choose the door nearest to a road and lay the path to it; None when the house would have no way out."""
    from_way = distance_to(work.ways > 0)
    for door, step in sorted(_doors(footprint), key=lambda pair: int(from_way[pair[1][1], pair[1][0]])):
        if not work.walkable[step[1], step[0]]:
            continue
        if work.ways[step[1], step[0]]:
            return door
        # The way is hardly ever far: only where it is, all of the ground is searched.
        near = int(from_way[step[1], step[0]]) // CELL_MM + _DETOUR
        path = _path_to_way(work, step, near) or _path_to_way(work, step, max(work.ground.shape))
        if path:
            work.pave(path, Way.PATH)
            return door
    return None


def _path_to_way(work: Groundwork, step: Cell, reach: int) -> tuple[Cell, ...]:
    """Return the cells from the nearest way to a door's step, through ground at most `reach` cells off it."""
    left, top = max(0, step[0] - reach), max(0, step[1] - reach)
    box = np.s_[top : step[1] + reach + 1, left : step[0] + reach + 1]
    graph = Graph(work.walkable[box], work.road_costs()[box])
    home = step[0] - left, step[1] - top
    steps = graph.directions(graph.distances(home))
    ways = np.argwhere((work.ways[box] > 0) & (steps < len(NEIGHBOURS)))
    if not len(ways):
        return ()
    near = distance_from(graph.shape, home)[ways[:, 0], ways[:, 1]]
    row, column = ways[int(np.argmin(near))].tolist()
    return tuple((x + left, y + top) for x, y in follow(steps, (column, row)))


def place_building(
    work: Groundwork, seed: int, number: int, kind_name: str, name: str, spots: Mapping[str, Cell]
) -> Building | None:
    """Put a house of the kind on the ground; None when no free plot is left."""
    kind = KINDS[kind_name]
    focus = _focus(work, kind, spots, number)
    found = [
        (score, turned, row, column)
        for turned in (False, True)
        for score, row, column in _candidates(work, kind, turned, focus, seed * 1000 + number)
    ]
    for _, turned, row, column in sorted(found):
        width, height = (kind.width, kind.length) if turned else (kind.length, kind.width)
        footprint = (column, row, width, height)
        box = slice(row, row + height), slice(column, column + width)
        work.walls[box] = True
        door = _open_door(work, footprint)
        if door is None:
            work.walls[box] = False
            continue
        interior = interior_of(footprint)
        for x, y in (*interior, door):
            work.walls[y, x] = False
        work.taken[box] = True
        floor = int(work.terrain.heights[box].max()) + 150
        ridge = "y" if turned else "x"
        return Building(f"building-{number}", kind_name, name, footprint, (door,), interior, floor, kind.wall_mm, ridge)
    return None


def require_building(
    work: Groundwork, seed: int, number: int, kind_name: str, name: str, spots: Mapping[str, Cell]
) -> Building:
    """Like `place_building`, for a house that the settlement cannot do without; raises SettlementError."""
    building = place_building(work, seed, number, kind_name, name, spots)
    if building is None:
        raise SettlementError(f"no room for the {kind_name.replace('_', ' ')}; try another seed or a larger world")
    return building
