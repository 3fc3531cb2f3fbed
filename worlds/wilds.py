"""Roads out of the village and the places in the wild that people walk to: beach, wood, lookout. No houses."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .biomes import Biome
from .groundwork import Groundwork, Way, distance_from, nearest
from .noise import Ints
from .place_names import NAMES, pick
from .places import Place, make_place
from .site import Plan
from .space import Cell
from .walking import Graph, follow


def _edges(work: Groundwork, centre: Cell) -> list[Cell]:
    """Return the cell nearest to the square on each edge of the world that can be reached on foot."""
    reached = work.reached(centre)
    away = distance_from(reached.shape, centre)
    found = []
    for edge in (np.s_[0, :], np.s_[-1, :], np.s_[:, 0], np.s_[:, -1]):
        mask = np.zeros_like(reached)
        mask[edge] = reached[edge]
        # Every land edge but the shore's ends: roads lead inland.
        cell = nearest(mask & (work.from_sea > reached.shape[0] * 200), away)
        if cell is not None:
            found.append(cell)
    return found


def _spot(mask: NDArray[np.bool_], score: Ints) -> tuple[Cell, ...]:
    """Return the cells of the mask in a small square around its best one; empty when the mask is."""
    best = nearest(mask, score)
    if best is None:
        return ()
    column, row = best
    rows, columns = mask.shape
    around = [(x, y) for y in range(row - 2, row + 3) for x in range(column - 2, column + 3)]
    return tuple((x, y) for x, y in around if 0 <= x < columns and 0 <= y < rows and mask[y, x])


def add_wild_places(work: Groundwork, seed: int, centre: Cell, plan: Plan, places: list[Place]) -> None:
    """Lay roads to the edges of the world and paths to beach, wood and lookout; appends the places."""
    graph = Graph(work.walkable, work.road_costs())
    steps = graph.directions(graph.distances(centre))
    for edge in _edges(work, centre):
        work.pave(follow(steps, edge), Way.ROAD)
    away = distance_from(work.ground.shape, centre)
    free = work.reached(centre) & work.ground & ~work.walls & (work.ways == 0)
    tilled = {cell for place in places if place.kind == "field" for cell in place.cells}
    for x, y in tilled:
        free[y, x] = False
    biome, heights = work.terrain.biome, work.terrain.heights.astype(np.int64)
    outside = away > plan.reach * 9
    near = away < plan.reach * 40
    wanted = (
        ("beach", free & (biome == Biome.BEACH), abs(away - plan.reach * 7)),
        ("wood", free & (biome == Biome.FOREST) & outside, away),
        ("lookout", free & near & outside, away * 4 - heights // 10),
    )
    for kind, mask, score in wanted:
        cells = _spot(mask, score)
        if cells:
            place = make_place(len(places), kind, pick(seed, NAMES[kind], 100), cells)
            places.append(place)
            work.pave(follow(steps, place.anchor), Way.PATH)
