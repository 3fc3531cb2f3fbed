"""Where made things are seen: those that share a spot side by side, pictures put up in a house on its wall by the door.

A picture in a room would be hidden in the walls; what is on the wall says in `extras` where in the house it is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from worldloom.worlds.buildings import Building
from worldloom.worlds.settlement import Settlement
from worldloom.worlds.space import cell_of, centre_of

from .placed import PICTURES, PlacedProp
from .solids import circle

_APART_MM = 750
"""How far from a spot's middle the things stand that share it."""

_WALL_MM = 330
"""From the middle of a door's cell out to just before the wall's outer face."""

_FIRST_MM, _NEXT_MM, _UP_MM = 1450, 1450, 1200


@dataclass(frozen=True)
class Shown:
    """A prop as it is drawn; `house` is the id of the house on whose wall it hangs, or ""."""

    prop: PlacedProp
    house: str = ""


def show(placed: Sequence[PlacedProp], settlement: Settlement) -> list[Shown]:
    """Return where each prop is drawn, in the order given."""
    houses = {cell: building for building in settlement.buildings for cell in building.interior}
    inside = {
        at: houses[cell]
        for at, prop in enumerate(placed)
        if prop.media_type in PICTURES and (cell := cell_of(prop.x, prop.y)) in houses
    }
    standing = iter(spread([prop for at, prop in enumerate(placed) if at not in inside]))
    hanging: defaultdict[str, int] = defaultdict(int)
    out = []
    for at, prop in enumerate(placed):
        if at in inside:
            house = inside[at]
            out.append(Shown(_on_wall(prop, house, hanging[house.id]), house.id))
            hanging[house.id] += 1
        else:
            out.append(Shown(next(standing)))
    return out


def spread(placed: Sequence[PlacedProp]) -> list[PlacedProp]:
    """Return the props in their order, those that were given one spot side by side on a ring around it."""
    crowd = Counter((prop.x, prop.y) for prop in placed)
    seen: Counter[tuple[int, int]] = Counter()
    out = []
    for prop in placed:
        spot = prop.x, prop.y
        count = crowd[spot]
        if count == 1:
            out.append(prop)
            continue
        dx, dy = circle(count)[seen[spot]]
        seen[spot] += 1
        reach = max(_APART_MM, count * 1000 // 6)
        out.append(replace(prop, x=prop.x + round(dx * reach), y=prop.y + round(dy * reach)))
    return out


def _on_wall(prop: PlacedProp, house: Building, number: int) -> PlacedProp:
    """Return the prop on the outer wall, right of the door, then left, then farther right."""
    column, row, columns, rows = house.footprint
    door = house.doors[0]
    outward = {
        (0, -1): door[1] == row,
        (1, 0): door[0] == column + columns - 1,
        (0, 1): door[1] == row + rows - 1,
        (-1, 0): door[0] == column,
    }
    dx, dy = next(step for step, here in outward.items() if here)
    turn = {(0, 1): 0, (-1, 0): 90, (0, -1): 180, (1, 0): 270}[dx, dy]
    along = (_FIRST_MM + number // 2 * _NEXT_MM) * (1 if number % 2 == 0 else -1)
    x, y = centre_of(door)
    x, y = x + dx * _WALL_MM - dy * along, y + dy * _WALL_MM + dx * along
    return replace(prop, x=x, y=y, z=house.floor + _UP_MM, turn=turn)
