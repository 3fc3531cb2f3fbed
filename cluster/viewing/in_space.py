"""Where everybody stands in three dimensions, for the page that draws the world. Knows no page and no log."""

from __future__ import annotations

from collections.abc import Mapping
from math import cos, sin, sqrt
from typing import NamedTuple

from worldloom.cluster.closing.land import Land
from worldloom.worlds.footing import footing
from worldloom.worlds.space import CELL_MM, Cell

from .land_map import GOLDEN, LandMap
from .whereabouts import Track

UNIT_MM = 100
"""Positions on the page are in decimetres, as in the report."""
APART = 9
"""Decimetres between those who stand at one place."""
CLEAR_MM = 1000
"""Room between a roof's ridge, which is about as high over the walls as half the house is wide, and who is below it."""


class Place(NamedTuple):
    """A point in decimetres: east, south, up."""

    east: int
    south: int
    up: int


class Ground:
    """How high figures are drawn in a land, remembered by cell: on the ground, and above the roof of who is indoors."""

    def __init__(self, land: Land) -> None:
        self._land = land
        self._heights: dict[Cell, int] = {}

    def height(self, cell: Cell) -> int:
        """Return how high a figure is drawn, in millimetres."""
        if cell not in self._heights:
            self._heights[cell] = self._height(cell)
        return self._heights[cell]

    def _height(self, cell: Cell) -> int:
        house = next((each for each in self._land.settlement.buildings if cell in each.interior), None)
        if house is None:
            return footing(self._land.terrain, self._land.settlement, cell)
        span = min(house.footprint[2:]) * CELL_MM
        return house.floor + house.wall + span // 2 + CLEAR_MM


def places(land: LandMap, ground: Ground, tracks: Mapping[str, Track], time: int) -> dict[str, Place]:
    """Return where everybody is at a time (simulated seconds); who is at a place stands around its middle."""
    found = {}
    for agent, cell, turn in land.standing(tracks, time):
        far, angle = APART * sqrt(turn), turn * GOLDEN
        east, south = ((axis * CELL_MM + CELL_MM // 2) / UNIT_MM for axis in cell)
        up = ground.height(cell) // UNIT_MM
        found[agent] = Place(round(east + far * cos(angle)), round(south + far * sin(angle)), up)
    return found


class Frame(NamedTuple):
    """The square part of the land that the map shows, in decimetres: where the page looks first."""

    x: int
    y: int
    side: int

    @classmethod
    def of(cls, land: LandMap) -> Frame:
        """Return the frame of a map."""
        scale = CELL_MM // UNIT_MM
        return cls(*(round(part * scale) for part in (land.window.left, land.window.top, land.window.side)))
