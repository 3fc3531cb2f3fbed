"""Roads out of the village and the places in the wild that people walk to: beach, wood, lookout, ruin. No houses."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .biomes import Biome
from .groundwork import Groundwork, Way, distance_from, nearest
from .noise import Ints
from .place_names import FAR_NAMES, NAMES, pick, pick_order
from .places import Place, make_place
from .site import Plan
from .space import Cell
from .walking import Graph, follow

FAR_PLACES = 4
"""How many places of each kind an island has beyond its hamlet, where there is room."""
FAR_APART = 8
"""They are further apart than one part in so many of the world's side."""


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


def scatter_places(work: Groundwork, seed: int, centre: Cell, places: list[Place]) -> None:
    """Find places to walk to all over an island, far from each other, and lay paths to them; appends the places."""
    graph = Graph(work.walkable, work.road_costs())
    steps = graph.directions(graph.distances(centre))
    free = work.reached(centre) & work.ground & ~work.walls & (work.ways == 0)
    for x, y in {cell for place in places for cell in place.cells}:
        free[y, x] = False
    biome, side = work.terrain.biome, work.ground.shape[0]
    masks = {
        "lookout": free & (biome != Biome.BEACH),
        "ruin": free & (work.slope < 500) & (work.from_sea > side * 60),
        "beach": free & (biome == Biome.BEACH),
        "wood": free & (biome == Biome.FOREST),
    }
    room = distance_from(free.shape, centre)
    for place in places:
        if place.kind in masks:
            room = np.minimum(room, distance_from(free.shape, place.anchor))
    # The first of each kind, then the second of each: no kind has all the good spots to itself.
    for number in range(FAR_PLACES):
        for kind, mask in masks.items():
            # One looks out from where it is high; the others lie as far as can be from what there is already.
            score = -work.terrain.heights.astype(np.int64) if kind == "lookout" else -room
            cells = _spot(mask & (room > side * 10 // FAR_APART), score)
            if not cells:
                continue
            place = make_place(len(places), kind, pick_order(seed, FAR_NAMES[kind], 101)[number], cells)
            places.append(place)
            room = np.minimum(room, distance_from(free.shape, place.anchor))
            work.pave(follow(steps, place.anchor), Way.PATH)
