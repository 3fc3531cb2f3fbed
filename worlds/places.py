"""What a place is: somewhere people go, with a name and the cells one stands on. Not how one gets there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .space import Cell


@dataclass(frozen=True)
class Place:
    """A named place; `building` is the id of its house or "". `anchor`, one of `cells`, is where ways to it end.

    `capacity` is how many people it holds at once, one to a cell indoors.
    """

    id: str
    kind: str
    name: str
    building: str
    cells: tuple[Cell, ...]
    anchor: Cell
    capacity: int

    def content(self) -> dict[str, Any]:
        """Return the place as a JSON value."""
        return {
            "id": self.id,
            "kind": self.kind,
            "name": self.name,
            "building": self.building,
            "cells": [list(cell) for cell in self.cells],
            "anchor": list(self.anchor),
            "capacity": self.capacity,
        }


def make_place(number: int, kind: str, name: str, cells: tuple[Cell, ...], building: str = "") -> Place:
    """Return a place whose anchor is the cell nearest to the middle of its cells."""
    x = sum(cell[0] for cell in cells) // len(cells)
    y = sum(cell[1] for cell in cells) // len(cells)
    anchor = min(cells, key=lambda cell: ((cell[0] - x) ** 2 + (cell[1] - y) ** 2, cell[1], cell[0]))
    return Place(f"place-{number}", kind, name, building, cells, anchor, len(cells))
