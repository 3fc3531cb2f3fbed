"""What a building is, and which kinds a settlement has. Where they stand is decided in plots.py."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .space import Cell


@dataclass(frozen=True)
class Kind:
    """A kind of building: footprint in cells (longer side first), wall height in mm, and what it wants to be near."""

    name: str
    length: int
    width: int
    wall_mm: int
    near: str


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("home", 5, 4, 2800, "road"),
        Kind("market_hall", 8, 6, 3800, "square"),
        Kind("inn", 8, 5, 5000, "square"),
        Kind("bakery", 6, 5, 3000, "square"),
        Kind("chapel", 8, 5, 4600, "square"),
        Kind("smithy", 6, 5, 3000, "bridge"),
        Kind("net_loft", 6, 5, 4400, "harbour"),
        Kind("boathouse", 7, 5, 3200, "harbour"),
        Kind("workshop", 6, 5, 3000, "bridge"),
        Kind("healer", 5, 5, 2800, "road"),
        Kind("school", 7, 5, 3200, "square"),
        Kind("smokehouse", 5, 4, 3000, "harbour"),
        Kind("granary", 7, 5, 3600, "field"),
    )
}

ESSENTIAL = ("market_hall", "inn", "boathouse", "bakery", "smithy", "chapel", "net_loft", "workshop")
"""Every settlement has these; they are placed first, in this order."""

MORE = ("healer", "school", "smokehouse", "granary")
"""A village has these too."""


@dataclass(frozen=True)
class Building:
    """A house on the grid; `footprint` is (column, row, columns, rows), `floor` its floor's height in millimetres.

    The ring of the footprint is wall; `doors` are cells of that ring one can walk through, `interior` the cells within.
    `ridge` is the direction of the roof's ridge: "x" (east to west) or "y" (north to south).
    """

    id: str
    kind: str
    name: str
    footprint: tuple[int, int, int, int]
    doors: tuple[Cell, ...]
    interior: tuple[Cell, ...]
    floor: int
    wall: int
    ridge: str

    def content(self) -> dict[str, Any]:
        """Return the building as a JSON value."""
        return {
            "id": self.id,
            "kind": self.kind,
            "name": self.name,
            "footprint": list(self.footprint),
            "doors": [list(cell) for cell in self.doors],
            "interior": [list(cell) for cell in self.interior],
            "floor": self.floor,
            "wall": self.wall,
            "ridge": self.ridge,
        }


def interior_of(footprint: tuple[int, int, int, int]) -> tuple[Cell, ...]:
    """Return the cells within the ring of walls, row by row."""
    column, row, columns, rows = footprint
    return tuple((x, y) for y in range(row + 1, row + rows - 1) for x in range(column + 1, column + columns - 1))
