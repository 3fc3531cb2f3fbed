"""The order in which a village is built: square, bridge, pier, roads, well, fields, houses. Each step is elsewhere."""

from __future__ import annotations

from typing import NamedTuple

from .buildings import ESSENTIAL, MORE, Building
from .groundwork import Groundwork, Way, box_count, distance_from, nearest
from .land_errors import SettlementError
from .place_names import HOMES, NAMES, VILLAGES, pick, pick_order
from .places import Place, make_place
from .plots import place_building, require_building
from .site import Plan, build_bridge, build_pier, lay_square
from .space import Cell

FEWEST_HOMES = 3
"""A settlement with fewer homes than this is none."""


class Draft(NamedTuple):
    """A village in the cells of its window."""

    name: str
    buildings: list[Building]
    places: list[Place]


def _require_road(work: Groundwork, start: Cell, end: Cell, what: str) -> None:
    if not work.lay(start, end, Way.ROAD, wide=True):
        raise SettlementError(f"no road from the square to the {what}; try another seed")


def _dig_well(work: Groundwork, centre: Cell, plan: Plan) -> tuple[Cell, ...]:
    """Put the well into a corner of the square; returns the cells around it."""
    column, row = centre[0] - plan.square[0] // 2 + 1, centre[1] - plan.square[1] // 2 + 1
    work.walls[row, column] = True
    around = ((column + dx, row + dy) for dy in (-1, 0, 1) for dx in (-1, 0, 1) if dx or dy)
    return tuple(cell for cell in around if work.walkable[cell[1], cell[0]])


def _till_fields(work: Groundwork, centre: Cell, plan: Plan) -> list[tuple[Cell, ...]]:
    """Fence off rectangles of flat free ground at the village's edge; returns the cells of each."""
    fields = []
    width, height = plan.reach // 4 + 5, plan.reach // 6 + 4
    away = distance_from(work.ground.shape, centre)
    for _ in range(plan.fields):
        free = box_count(work.taken | (work.slope > 700), height, width) == 0
        reached = work.reached(centre)
        # Not on the sand: nothing grows there.
        free &= box_count(work.terrain.biome == 1, height, width) == 0
        corner = nearest(free & reached, abs(away - plan.reach * 10) + work.slope // 20)
        if corner is None:
            break
        cells = tuple((corner[0] + x, corner[1] + y) for y in range(height) for x in range(width))
        fields.append(cells)
        for x, y in cells:
            work.taken[y, x] = True
        if not work.lay(centre, cells[0], Way.PATH):
            break
    return fields


def _build_houses(work: Groundwork, seed: int, plan: Plan, spots: dict[str, Cell]) -> list[Building]:
    buildings: list[Building] = []
    for kind in ESSENTIAL:
        name = pick(seed, NAMES[kind], len(buildings))
        buildings.append(require_building(work, seed, len(buildings), kind, name, spots))
    for kind in MORE if plan.homes >= 12 else ():
        built = place_building(work, seed, len(buildings), kind, pick(seed, NAMES[kind], len(buildings)), spots)
        buildings += [built] if built else []
    names = pick_order(seed, HOMES, 1)
    homes = 0
    for name in names[: plan.homes]:
        built = place_building(work, seed, len(buildings), "home", name, spots)
        buildings += [built] if built else []
        homes += built is not None
    if homes < FEWEST_HOMES:
        raise SettlementError(f"room for {homes} homes only; try another seed or a larger world")
    return buildings


def lay_out(work: Groundwork, seed: int, centre: Cell, plan: Plan) -> Draft:
    """Build the village around the square's middle; raises SettlementError when an essential part finds no room."""
    square = lay_square(work, centre, plan)
    bridge, bank, far_bank = build_bridge(work, centre)
    pier, quay = build_pier(work, centre, plan)
    _require_road(work, bank, centre, "bridge")
    _require_road(work, quay, centre, "harbour")
    spots = {"square": centre, "bridge": bank, "harbour": quay}
    well = _dig_well(work, centre, plan)
    fields = _till_fields(work, centre, plan)
    spots["field"] = fields[0][0] if fields else far_bank
    buildings = _build_houses(work, seed, plan, spots)
    open_air = [
        ("square", tuple(cell for cell in square if work.walkable[cell[1], cell[0]])),
        ("harbour", pier),
    ]
    open_air += [("bridge", bridge), ("well", well)] + [("field", field) for field in fields]
    places: list[Place] = []
    field_names = iter(pick_order(seed, NAMES["field"], 2))
    for kind, cells in open_air:
        name = next(field_names) if kind == "field" else pick(seed, NAMES[kind], 100)
        places.append(make_place(len(places), kind, name, cells))
    for house in buildings:
        places.append(make_place(len(places), house.kind, house.name, house.interior, house.id))
    return Draft(pick(seed, VILLAGES, 0), buildings, places)
