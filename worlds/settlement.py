"""A village on its terrain: houses, roads, bridge, harbour, and the places that people go to. Values; no agents.

`found_settlement` makes one from a terrain and a seed. Houses are laid out in a window around the square; roads to the
edges of the world and places in the wild follow on the whole grid. Every place can be reached from every other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from worldloom.provenance.digests import STATE, digest_bytes, digest_json

from .buildings import Building
from .groundwork import Groundwork, Way
from .land_errors import SettlementError
from .layout import Draft, lay_out
from .places import Place
from .site import Plan, choose_centre, plan_for
from .space import Cell
from .terrain import Terrain
from .walking import Routes
from .wilds import add_wild_places, scatter_places

QUIET_SIZE = 128
"""A quiet land has the hamlet of a world of so many cells a side."""


@dataclass(frozen=True, eq=False)
class Settlement:
    """What people built. `ways` holds groundwork.Way per cell uint8[rows, columns], `walkable` bool likewise.

    `fields` are tilled cells; `square` is the middle of the market square.
    """

    name: str
    buildings: tuple[Building, ...]
    places: tuple[Place, ...]
    ways: NDArray[np.uint8]
    walkable: NDArray[np.bool_]
    square: Cell

    def __post_init__(self) -> None:
        self.ways.flags.writeable = False
        self.walkable.flags.writeable = False

    def place(self, place: str) -> Place:
        """Return a place by its id; raises SettlementError."""
        for found in self.places:
            if found.id == place:
                return found
        raise SettlementError(
            f"{place!r} is no place of {self.name}; there are place-0 to place-{len(self.places) - 1}"
        )

    def of_kind(self, kind: str) -> tuple[Place, ...]:
        """Return the places of a kind, such as `home`, in order of their numbers."""
        return tuple(place for place in self.places if place.kind == kind)

    @cached_property
    def routes(self) -> Routes:
        """Return the ways to all places."""
        return Routes(self.walkable, {place.id: place.anchor for place in self.places})

    def content(self) -> dict[str, Any]:
        """Return the settlement as a JSON value; the two grids stand in it by their digests."""
        return {
            "name": self.name,
            "buildings": [building.content() for building in self.buildings],
            "places": [place.content() for place in self.places],
            "square": list(self.square),
            "ways": digest_bytes(STATE, self.ways.tobytes()).hex(),
            "walkable": digest_bytes(STATE, np.packbits(self.walkable).tobytes()).hex(),
        }

    @cached_property
    def digest(self) -> str:
        """Hex digest of the content."""
        return digest_json(STATE, self.content()).hex()


def _window(terrain: Terrain, centre: Cell, plan: Plan) -> tuple[slice, slice]:
    half = plan.reach * 2
    rows, columns = terrain.shape
    return (
        slice(max(0, centre[1] - half), min(rows, centre[1] + half)),
        slice(max(0, centre[0] - half), min(columns, centre[0] + half)),
    )


def _shift_building(building: Building, dx: int, dy: int) -> Building:
    column, row, columns, rows = building.footprint
    return replace(
        building,
        footprint=(column + dx, row + dy, columns, rows),
        doors=tuple((x + dx, y + dy) for x, y in building.doors),
        interior=tuple((x + dx, y + dy) for x, y in building.interior),
    )


def _shift_place(place: Place, dx: int, dy: int) -> Place:
    cells = tuple((x + dx, y + dy) for x, y in place.cells)
    return replace(place, cells=cells, anchor=(place.anchor[0] + dx, place.anchor[1] + dy))


def _require_reachable(walkable: NDArray[np.bool_], places: Sequence[Place], reached: NDArray[np.bool_]) -> None:
    for place in places:
        cut_off = [cell for cell in place.cells if not (reached[cell[1], cell[0]] and walkable[cell[1], cell[0]])]
        if cut_off:
            raise SettlementError(f"{place.id} ({place.name}) cannot be reached at cell {cut_off[0]}; try another seed")


def found_settlement(terrain: Terrain, seed: int, *, quiet: bool = False) -> Settlement:
    """Build a village (a hamlet below 256 cells a side) on the terrain; raises SettlementError without room for one.

    `quiet`: a hamlet however large the land is, and places to walk to all over it.
    """
    plan = plan_for(min(QUIET_SIZE, *terrain.shape) if quiet else min(terrain.shape))
    work = Groundwork(terrain)
    centre = choose_centre(work, plan)
    window = _window(terrain, centre, plan)
    dx, dy = window[1].start, window[0].start
    inner = Groundwork(terrain.part(*window))
    draft: Draft = lay_out(inner, seed, (centre[0] - dx, centre[1] - dy), plan)
    for whole, part in ((work.walls, inner.walls), (work.ways, inner.ways), (work.taken, inner.taken)):
        whole[window] = part
    places = [_shift_place(place, dx, dy) for place in draft.places]
    add_wild_places(work, seed, centre, plan, places)
    if quiet:
        scatter_places(work, seed, centre, places)
    walkable = work.walkable
    _require_reachable(walkable, places, work.reached(centre))
    buildings = tuple(_shift_building(building, dx, dy) for building in draft.buildings)
    return Settlement(draft.name, buildings, tuple(places), work.ways, walkable, centre)


__all__ = ["Settlement", "Way", "found_settlement"]
