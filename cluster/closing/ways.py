"""Where everybody went, as points of lines that a page can draw at any second: cell by cell along the ways. No markup.

Between two steps a walker goes along the directions of its place, as the rules do; corners are kept, straight stretches
are one line.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from worldloom.worlds.footing import footing
from worldloom.worlds.space import CELL_MM, Cell, cell_of
from worldloom.worlds.walking import DIAGONAL_MS, STRAIGHT_MS, follow

from .enacting import Track
from .land import Land

UNIT_MM = 100
"""Positions on the page are in decimetres."""


class Way(NamedTuple):
    """One agent's points: seconds, decimetres east, south and up; and when (seconds) it began doing what (Activity)."""

    times: list[int]
    east: list[int]
    south: list[int]
    up: list[int]
    since: list[int]
    doing: list[int]


class Point(NamedTuple):
    """Where somebody is at a second."""

    time: int
    cell: Cell


def ways(track: Track, land: Land) -> list[Way]:
    """Return everybody's way, by row of the track."""
    walker = _Walker(land)
    return [_way(track, row, walker) for row in range(len(track.agents))]


def _way(track: Track, row: int, walker: _Walker) -> Way:
    points = list(_points(track, row, walker))
    if points[-1].time < int(track.times[-1]):
        points.append(Point(int(track.times[-1]), points[-1].cell))
    doing = track.doing[:, row].astype(np.int64)
    # What is done at the end of a step was begun in it.
    changes = np.flatnonzero(np.diff(doing, prepend=-1))
    since = track.times[np.maximum(changes - 1, 0)]
    scale = CELL_MM // UNIT_MM
    return Way(
        times=[point.time for point in points],
        east=[point.cell[0] * scale + scale // 2 for point in points],
        south=[point.cell[1] * scale + scale // 2 for point in points],
        up=[walker.height(point.cell) // UNIT_MM for point in points],
        since=since.tolist(),
        doing=doing[changes].tolist(),
    )


def _points(track: Track, row: int, walker: _Walker) -> Iterator[Point]:
    """Yield where somebody is, at the corners of its way; it stands still between two points of one cell."""
    x, y = track.x[:, row], track.y[:, row]
    last = Point(int(track.times[0]), cell_of(int(x[0]), int(y[0])))
    yield last
    for moment in np.flatnonzero((np.diff(x) != 0) | (np.diff(y) != 0)).tolist():
        begin, end = int(track.times[moment]), int(track.times[moment + 1])
        here, there = last.cell, cell_of(int(x[moment + 1]), int(y[moment + 1]))
        if last.time < begin:
            yield Point(begin, here)
        for last in walker.corners(Point(begin, here), there, int(track.goal[moment + 1, row]), end):
            yield last


class _Walker:
    """Finds the cells between two of a walk, and how high they are; remembers both."""

    def __init__(self, land: Land) -> None:
        self._land = land
        self._heights: dict[Cell, int] = {}

    def height(self, cell: Cell) -> int:
        """Return how high one stands, in millimetres."""
        if cell not in self._heights:
            self._heights[cell] = footing(self._land.terrain, self._land.settlement, cell)
        return self._heights[cell]

    def corners(self, start: Point, there: Cell, goal: int, end: int) -> Iterator[Point]:
        """Yield the points at which a walk of a step turns, and its end, which is not after the second `end`."""
        cells = self._between(start.cell, there, goal)
        ms, turns = 0, []
        for one, two in pairwise(cells):
            ms += STRAIGHT_MS if one[0] == two[0] or one[1] == two[1] else DIAGONAL_MS
            turns.append((ms, two))
        seconds = [min(end, start.time + -(-ms // 1000)) for ms, _ in turns]
        for at, (_, cell) in enumerate(turns):
            if at + 1 < len(turns) and _step(cells[at], cell) == _step(cell, cells[at + 2]):
                continue
            yield Point(seconds[at], cell)

    def _between(self, here: Cell, there: Cell, goal: int) -> list[Cell]:
        """Return the cells from here to there along the way to a place; straight on where that way does not pass."""
        routes, places = self._land.settlement.routes, self._land.settlement.places
        if 0 <= goal < len(places) and max(abs(there[0] - here[0]), abs(there[1] - here[1])) > 1:
            way = follow(routes.field(places[goal].id)[1], here)
            if there in way:
                return list(way[: way.index(there) + 1])
            if way and there in places[goal].cells:
                return [*way, there]
        return [here, there]


def _step(one: Cell, two: Cell) -> Cell:
    return two[0] - one[0], two[1] - one[1]


def packed(found: list[Way]) -> list[list[int]]:
    """Return the columns of all ways one after the other, six a way, for `packing.pack`."""
    return [list(column) for way in found for column in way]
