"""Where water runs: drainage by priority flood, the main river and its arms, and the beds they cut. No lakes.

Drainage is decided on a coarse grid (Barnes, Lehman, Mulla 2014), courses are smoothed and cut into the fine one. A
river's surface never rises on its way to the sea; its bed lies RIVER_DEPTH_MM below the surface everywhere.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from .noise import Ints
from .space import CELL_MM

RIVER_DEPTH_MM = 700
"""From a river's surface down to its bed."""

_COARSE = 128
_NEIGHBOURS = ((0, -1), (-1, 0), (1, 0), (0, 1), (-1, -1), (1, -1), (-1, 1), (1, 1))


@dataclass(frozen=True)
class Drainage:
    """For each cell in row order: the cell it drains into (itself: the sea) and how many cells drain through it."""

    into: list[int]
    through: list[int]
    width: int


def drain(heights: Ints, sea: NDArray[np.bool_]) -> Drainage:
    """Flood the land from the sea, lowest rim first; equal heights are taken by position."""
    rows, columns = heights.shape
    level = heights.ravel().tolist()
    into = [-1] * len(level)
    queue: list[tuple[int, int]] = []
    for at in np.flatnonzero(sea.ravel()).tolist():
        into[at] = at
        queue.append((level[at], at))
    heapq.heapify(queue)
    order = []
    while queue:
        rim, at = heapq.heappop(queue)
        order.append(at)
        row, column = divmod(at, columns)
        for dx, dy in _NEIGHBOURS:
            near = at + dy * columns + dx
            if 0 <= row + dy < rows and 0 <= column + dx < columns and into[near] < 0:
                into[near] = at
                heapq.heappush(queue, (max(rim, level[near]), near))
    through = [1] * len(level)
    for at in reversed(order):
        if into[at] != at:
            through[into[at]] += through[at]
    return Drainage(into, through, columns)


def _course(drainage: Drainage, start: int, taken: set[int], least: int) -> list[int]:
    """Cells from a spring down to `start`: upstream, always the arm with the most water."""
    above: dict[int, list[int]] = {}
    for at, below in enumerate(drainage.into):
        above.setdefault(below, []).append(at)
    course = [start]
    while True:
        arms = [at for at in above.get(course[-1], ()) if at not in taken and at != course[-1]]
        best = max(arms, key=lambda at: (drainage.through[at], -at), default=-1)
        if best < 0 or drainage.through[best] < least:
            return course[::-1]
        course.append(best)


def find_courses(drainage: Drainage, sea: NDArray[np.bool_]) -> list[list[int]]:
    """Return the main river and at most two arms, each from its spring to the sea or to the river it joins."""
    from scipy.ndimage import binary_dilation  # noqa: PLC0415  # scipy takes a quarter of a second

    wet = sea.ravel()
    mouths = [at for at, below in enumerate(drainage.into) if not wet[at] and wet[below]]
    mouth = max(mouths, key=lambda at: (drainage.through[at], -at))
    least = len(drainage.into) // 160
    main = _course(drainage, mouth, set(), least)
    courses, taken = [[*main, drainage.into[mouth]]], set(main)
    # An arm that followed the shore would cut the beach off from the land.
    shore = set(np.flatnonzero(binary_dilation(sea, iterations=drainage.width // 8).ravel()).tolist())
    free, barred = taken - shore, taken | shore
    joins = [at for at, below in enumerate(drainage.into) if below in free and at not in barred]
    for at in sorted(joins, key=lambda at: (-drainage.through[at], at))[:2]:
        arm = _course(drainage, at, taken, least)
        if len(arm) > drainage.width // 8 and shore.isdisjoint(arm):
            courses.append([*arm, drainage.into[at]])
    return courses


def _smooth(points: Ints) -> Ints:
    """Chaikin's corner cutting, three times, ends kept."""
    for _ in range(3):
        first, second = points[:-1], points[1:]
        cut = np.stack([(3 * first + second) // 4, (first + 3 * second) // 4], axis=1).reshape(-1, 2)
        points = np.concatenate([points[:1], cut, points[-1:]])
    return points


def _dense(points: Ints) -> Ints:
    """Points on the line at most half a cell apart."""
    pieces = []
    for first, second in pairwise(points):
        steps = max(1, int(abs(second - first).max()) * 2 // CELL_MM)
        pieces.append(first + (second - first) * np.arange(steps)[:, None] // steps)
    return np.concatenate([*pieces, points[-1:]])


@dataclass(frozen=True)
class Bed:
    """What the rivers are on the fine grid: distance to the nearest course, its half width, its surface; mm."""

    distance: Ints
    half_width: Ints
    surface: Ints


def trace(heights: Ints, sea: NDArray[np.bool_]) -> Bed:
    """Find the rivers of the land and where their water stands."""
    from scipy.ndimage import distance_transform_edt  # noqa: PLC0415  # scipy takes a quarter of a second

    size = heights.shape[0]
    factor = max(1, size // _COARSE)
    every = slice(factor // 2, None, factor)
    coarse, coarse_sea = heights[every, every], sea[every, every]
    drainage = drain(coarse, coarse_sea)
    surface = np.full(heights.shape, np.iinfo(np.int64).max)
    width = np.zeros_like(surface)
    for course in find_courses(drainage, coarse_sea):
        cells = np.array([[at % drainage.width, at // drainage.width] for at in course], np.int64)
        points = _dense(_smooth((cells * factor + factor // 2) * CELL_MM + CELL_MM // 2)) // CELL_MM
        at = points[:, 1], points[:, 0]
        water = np.maximum(np.minimum.accumulate(heights[at] - 300), 0)
        reach = np.arange(len(points)) * (len(course) * factor)
        # Half a cell more than the ground's noise, then wider with every cell on the way.
        half = 1500 + reach // max(len(points), 1) * 10
        np.minimum.at(surface, at, water)
        np.maximum.at(width, at, np.minimum(half, 1800 + size * 10))
    nearest = distance_transform_edt(width == 0, return_distances=False, return_indices=True)
    rows, columns = np.indices(heights.shape)
    # The square root of an integer below 2^53 is rounded the same way by every IEEE 754 processor.
    distance = (np.sqrt((nearest[0] - rows) ** 2 + (nearest[1] - columns) ** 2) * CELL_MM).astype(np.int64)
    return Bed(distance, width[tuple(nearest)], surface[tuple(nearest)])


def _box_mean(values: Ints, radius: int) -> Ints:
    """Mean over a square of 2 * radius + 1 cells, in integers: nearest surfaces jump where a course bends."""
    for axis in (0, 1):
        ends = [(0, 0), (0, 0)]
        ends[axis] = (radius + 1, radius)
        total = np.cumsum(np.pad(values, ends, mode="edge"), axis=axis)
        width = 2 * radius + 1
        upper, lower = (total[width:], total[:-width]) if axis == 0 else (total[:, width:], total[:, :-width])
        values = (upper - lower) // width
    return values


def carve(heights: Ints, bed: Bed, sea: NDArray[np.bool_]) -> tuple[Ints, NDArray[np.bool_]]:
    """Cut beds and banks into the land; returns the new heights and where the rivers are."""
    river = (bed.distance <= bed.half_width) & ~sea
    beyond = np.maximum(bed.distance - bed.half_width, 0)
    bank = np.minimum(heights, _box_mean(bed.surface, 5) + 350 + beyond * 2 // 5)
    dyke = np.where(beyond < 3 * CELL_MM, np.maximum(bank, bed.surface + 250), bank)
    return np.where(sea, heights, np.where(river, bed.surface - RIVER_DEPTH_MM, dyke)), river
