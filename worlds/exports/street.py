"""Where the things of the open air stand: lamps by the ways, stalls on the square, boats in the water. Shapes: yard.py.

Nothing here closes a way or is known to the world's rules: it is dressing, chosen by the land alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from worldloom.worlds.footing import PIER_MM
from worldloom.worlds.groundwork import Way
from worldloom.worlds.noise import draw
from worldloom.worlds.places import Place
from worldloom.worlds.settlement import Settlement
from worldloom.worlds.space import CELL_MM, Cell
from worldloom.worlds.terrain import SEA, Terrain

from . import boats, yard
from .fences import open_ground
from .ground_mesh import Ground
from .lamps import Lamp
from .solids import Point, Solid

_METRES = CELL_MM / 1000
_MOST_LAMPS, _LAMP_REACH, _LAMPS_APART = 22, 46, 8
_MOST_STALLS = 6
_AFLOAT_MM = -1700
"""A cutter lies at anchor where the bed is deeper than this."""


class Piece(NamedTuple):
    """A thing that stands somewhere; those with equal `mesh` share their shape. `turn`: radians about the up axis."""

    name: str
    kind: str
    mesh: str
    make: Callable[[], Solid]
    at: Point
    turn: float = 0.0
    place: str = ""
    lamps: tuple[Lamp, ...] = ()


def pieces(ground: Ground, terrain: Terrain, settlement: Settlement) -> Iterator[Piece]:
    """Give everything that stands about, in one order."""
    yield from _street_lamps(ground, terrain, settlement)
    yield from _stalls(ground, settlement)
    for place in settlement.places:
        if place.kind == "harbour":
            yield from _harbour(terrain, place)
        elif place.kind == "beach":
            yield from _beach(ground, place)
        elif place.kind == "field":
            x, z = (place.anchor[0] + 0.5) * _METRES, (place.anchor[1] + 0.5) * _METRES
            turn = draw(71, 16, place.anchor[0], place.anchor[1]) * math.pi / 8
            yield Piece("scarecrow", "scarecrow", "scarecrow", yard.scarecrow, (x, ground.at(x, z), z), turn, place.id)


def _apart(cells: Iterable[Cell], least: int, most: int, taken: Iterable[Cell] = ()) -> list[Cell]:
    """Return the first cells that keep a distance from all chosen before."""
    chosen, kept = list(taken), []
    for cell in cells:
        if all(max(abs(cell[0] - x), abs(cell[1] - y)) >= least for x, y in chosen):
            chosen.append(cell)
            kept.append(cell)
            if len(kept) == most:
                break
    return kept


def _street_lamps(ground: Ground, terrain: Terrain, settlement: Settlement) -> Iterator[Piece]:
    """Posts beside the ways, the nearest to the square first, their arms over the way."""
    steps = _beside_ways(open_ground(terrain, settlement), settlement)
    for number, cell in enumerate(_apart(steps, _LAMPS_APART, _MOST_LAMPS)):
        east, south = steps[cell]
        px, pz = (cell[0] + 0.5 + 0.3 * east) * _METRES, (cell[1] + 0.5 + 0.3 * south) * _METRES
        turn = math.atan2(-south, east)
        at = (px, ground.at(px, pz), pz)
        yield Piece(
            f"street lamp {number + 1}", "lamp", "street lamp", yard.street_lamp, at, turn, "", (yard.STREET_LAMP,)
        )


def _beside_ways(free: NDArray[np.bool_], settlement: Settlement) -> dict[Cell, Cell]:
    """Return the free cells around the square that a way passes, nearest first, with the step onto that way."""
    ways = np.isin(settlement.ways, (Way.ROAD, Way.SQUARE, Way.PATH))
    x, y = settlement.square
    rows, columns = free.shape
    near = product(
        range(max(1, x - _LAMP_REACH), min(columns - 1, x + _LAMP_REACH)),
        range(max(1, y - _LAMP_REACH), min(rows - 1, y + _LAMP_REACH)),
    )
    found = {cell: step for cell in near if free[cell[1], cell[0]] and (step := _step_onto(ways, cell))}
    return dict(sorted(found.items(), key=lambda each: ((each[0][0] - x) ** 2 + (each[0][1] - y) ** 2, each[0])))


def _step_onto(ways: NDArray[np.bool_], cell: Cell) -> Cell | None:
    """Return the first step east, north, west or south that leads onto a way."""
    steps = ((1, 0), (0, -1), (-1, 0), (0, 1))
    return next((step for step in steps if ways[cell[1] + step[1], cell[0] + step[0]]), None)


def _stalls(ground: Ground, settlement: Settlement) -> Iterator[Piece]:
    """Stalls on the rim of the square, away from the well and from where the ways come in."""
    wells = [cell for well in settlement.of_kind("well") for cell in well.cells]
    for place in settlement.of_kind("square"):
        inwards = _rim(settlement, place, wells)
        for number, cell in enumerate(_apart(inwards, 3, _MOST_STALLS, wells)):
            east, south = inwards[cell]
            px, pz = (cell[0] + 0.5) * _METRES, (cell[1] + 0.5) * _METRES
            turn, kind = math.atan2(east, south), number % 5
            at, make = (px, ground.at(px, pz), pz), partial(yard.stall, kind)
            yield Piece(f"stall {number + 1}", "stall", f"stall {kind}", make, at, turn, place.id)


def _rim(settlement: Settlement, place: Place, wells: Sequence[Cell]) -> dict[Cell, Cell]:
    """Return the cells along a square's sides where something may stand, each with the step inward; corners are free.

    The eastern and western sides come first.
    """
    xs, ys = [cell[0] for cell in place.cells], [cell[1] for cell in place.cells]
    left, right, top, bottom = min(xs), max(xs), min(ys), max(ys)
    cells = set(place.cells)
    closed = set(wells) | {door for building in settlement.buildings for door in building.doors}
    rim = {}
    for x, y in sorted(cells - closed, key=lambda cell: (cell[1] in (top, bottom), cell)):
        inward = (x == left) - (x == right), (y == top) - (y == bottom)
        beyond = [(x - inward[0] + n * inward[1], y - inward[1] + n * inward[0]) for n in (-1, 0, 1)]
        leads_out = any(cell not in cells and _is_way(settlement, cell) for cell in beyond)
        if abs(inward[0]) + abs(inward[1]) == 1 and not leads_out:
            rim[x, y] = inward
    return rim


def _is_way(settlement: Settlement, cell: Cell) -> bool:
    rows, columns = settlement.ways.shape
    inside = 0 <= cell[0] < columns and 0 <= cell[1] < rows
    return inside and bool(settlement.ways[cell[1], cell[0]])


def _harbour(terrain: Terrain, place: Place) -> Iterator[Piece]:
    """Dinghies along the pier, a light at its end, goods on it, cutters at anchor off it."""
    xs, ys = [cell[0] for cell in place.cells], [cell[1] for cell in place.cells]
    low, high = (min(xs), min(ys)), (max(xs), max(ys))
    axis = 0 if high[0] - low[0] >= high[1] - low[1] else 1
    deck = PIER_MM / 1000
    middle = (low[1 - axis] + high[1 - axis] + 1) / 2 * _METRES
    seaward = _seaward(terrain, place, axis)
    ends = ((low[axis] + 0.5) * _METRES, (high[axis] + 0.5) * _METRES)
    outer, step = (ends[1], -1) if seaward else (ends[0], 1)

    def on_pier(away: float, beside: float, up: float) -> Point:
        along = outer + step * away
        return (along, up, middle + beside) if axis == 0 else (middle + beside, up, along)

    facing = 0.0 if axis == 0 else math.pi / 2
    yield Piece("pier light", "beacon", "beacon", yard.beacon, on_pier(0.0, 1.0, deck), 0.0, place.id, (yard.BEACON,))
    length = high[axis] - low[axis]
    for number, away in enumerate(range(6, length * 2 - 4, 9)):
        side = 1.25 if number % 2 else -1.25
        kind = number % 2
        yield Piece(f"goods {number + 1}", "goods", f"goods {kind}", partial(yard.quay_goods, kind),
                    on_pier(away, side, deck), facing + number, place.id)  # fmt: skip
    number = 0
    for away in range(3, length * 2 - 2, 6):
        for side in (-3.1, 3.1):
            at = on_pier(away + (side > 0) * 2.5, side, 0.0)
            number += 1
            if number % 4 and _afloat(terrain, at, 2, -500):
                kind = number % 5
                turn = facing + (math.pi if number % 2 else 0.0) + (number % 3 - 1) * 0.08
                make = partial(boats.dinghy, kind)
                yield Piece(f"dinghy {number}", "boat", f"dinghy {kind}", make, at, turn, place.id)
    for number, (off, beside) in enumerate(((-13.0, 9.0), (-4.0, -19.0), (6.0, 21.0), (-26.0, -10.0))):
        at = on_pier(off, beside, 0.0)
        if _afloat(terrain, at, 4, _AFLOAT_MM):
            kind = number % 2
            turn = facing + 0.5 + number * 0.35
            make = partial(boats.cutter, kind)
            yield Piece(f"cutter {number + 1}", "boat", f"cutter {kind}", make, at, turn, place.id)


def _seaward(terrain: Terrain, place: Place, axis: int) -> bool:
    """Whether the pier's end with the larger coordinate is the one in the water."""
    first = min(place.cells, key=lambda cell: cell[axis])
    last = max(place.cells, key=lambda cell: cell[axis])
    return bool(terrain.heights[last[1], last[0]] < terrain.heights[first[1], first[0]])


def _afloat(terrain: Terrain, at: Point, reach: int, bed: int) -> bool:
    """Whether all cells around a point are sea, its own deeper than `bed` millimetres."""
    rows, columns = terrain.shape
    x, y = int(at[0] // _METRES), int(at[2] // _METRES)
    half = reach // 2
    if not (half <= x < columns - half and half <= y < rows - half):
        return False
    box = np.s_[y - half : y + half + 1, x - half : x + half + 1]
    return bool((terrain.water[box] == SEA).all() and terrain.heights[y, x] < bed)


def _beach(ground: Ground, place: Place) -> Iterator[Piece]:
    """Nets that dry and a boat drawn up."""
    x, z = (place.anchor[0] + 0.5) * _METRES, (place.anchor[1] + 0.5) * _METRES
    spots = ((3.4, 0.6, 0.2), (3.6, 4.0, 0.5))
    for number, (east, south, turn) in enumerate(spots):
        at = (x + east, ground.at(x + east, z + south), z + south)
        if at[1] > 0.2:
            yield Piece(f"nets {number + 1}", "nets", "net rack", yard.net_rack, at, turn, place.id)
    at = (x - 3.6, ground.at(x - 3.6, z + 1.0) + 0.36, z + 1.0)
    if at[1] > 0.3:
        yield Piece("dinghy ashore", "boat", "dinghy 1", partial(boats.dinghy, 1), at, 0.9, place.id)
