"""Ways: as short as any, never through a wall or round its corner, and refused where there is none."""

from __future__ import annotations

import heapq
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from worldloom.worlds.land_errors import RouteError
from worldloom.worlds.walking import DIAGONAL_MS, NEIGHBOURS, STRAIGHT_MS, Routes

grids = arrays(np.bool_, st.tuples(st.integers(1, 9), st.integers(1, 9)))


def shortest(walkable: np.ndarray, start: tuple[int, int]) -> dict[tuple[int, int], int]:
    """Dijkstra's way in plain Python, from the rules as written."""
    rows, columns = walkable.shape

    def free(x: int, y: int) -> bool:
        return 0 <= x < columns and 0 <= y < rows and bool(walkable[y, x])

    best, queue = {start: 0}, [(0, start)]
    while queue:
        far, (x, y) = heapq.heappop(queue)
        for dx, dy in NEIGHBOURS:
            step = STRAIGHT_MS if 0 in (dx, dy) else DIAGONAL_MS
            cell = (x + dx, y + dy)
            if free(*cell) and free(x + dx, y) and free(x, y + dy) and far + step < best.get(cell, 1 << 60):
                best[cell] = far + step
                heapq.heappush(queue, (far + step, cell))
    return best


@settings(max_examples=150, deadline=None)
@given(grids, st.data())
def test_ways_are_as_short_as_any(walkable, data):
    free = [(int(x), int(y)) for y, x in np.argwhere(walkable)]
    if not free:
        return
    target, start = data.draw(st.sampled_from(free)), data.draw(st.sampled_from(free))
    routes = Routes(walkable, {"place-0": target})
    best = shortest(walkable, target)
    assert routes.reaches(start, "place-0") == (start in best)
    if start not in best:
        with pytest.raises(RouteError, match="no way"):
            routes.path(start, "place-0")
        return
    path = routes.path(start, "place-0")
    assert (path[0], path[-1]) == (start, target)
    assert routes.milliseconds(start, "place-0") == best[start] == length(walkable, path)
    assert routes.seconds(start, "place-0") == -(-best[start] // 1000)


def length(walkable: np.ndarray, path) -> int:
    total = 0
    for (x, y), (to_x, to_y) in pairwise(path):
        assert walkable[to_y, to_x]
        assert walkable[y, to_x]
        assert walkable[to_y, x]
        total += STRAIGHT_MS if 0 in (to_x - x, to_y - y) else DIAGONAL_MS
    return total


def test_nobody_slips_between_two_walls_that_meet_at_a_corner():
    routes = Routes(np.array([[True, False], [False, True]]), {"place-0": (0, 0)})
    assert not routes.reaches((1, 1), "place-0")


def test_equal_ways_are_decided_by_the_order_of_neighbours():
    routes = Routes(np.ones((5, 5), np.bool_), {"place-0": (4, 2)})
    assert routes.path((0, 2), "place-0") == ((0, 2), (1, 2), (2, 2), (3, 2), (4, 2))
    assert routes.path((3, 0), "place-0") == routes.path((3, 0), "place-0")


def test_a_village_walks_only_where_it_may(hamlet):
    routes, homes = hamlet.settlement.routes, hamlet.settlement.of_kind("home")
    for place in hamlet.settlement.places:
        path = routes.path(homes[0].anchor, place.id)
        assert path[-1] == place.anchor
        assert all(hamlet.settlement.walkable[row, column] for column, row in path)


@pytest.mark.parametrize("cell", [(-1, 0), (0, -1), (3, 0), (0, 3)])
def test_a_cell_outside_the_world_is_refused(cell):
    routes = Routes(np.ones((3, 3), np.bool_), {"place-0": (1, 1)})
    assert not routes.reaches(cell, "place-0")
    with pytest.raises(RouteError, match="outside the world of 3 x 3"):
        routes.path(cell, "place-0")


def test_an_unknown_place_is_refused():
    with pytest.raises(RouteError, match="there are place-0"):
        Routes(np.ones((3, 3), np.bool_), {"place-0": (1, 1)}).path((0, 0), "place-7")


def test_a_place_in_a_wall_is_refused():
    with pytest.raises(RouteError, match="nobody can stand"):
        Routes(np.zeros((3, 3), np.bool_), {"place-0": (1, 1)})
