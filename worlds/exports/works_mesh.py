"""What people built in the open, as solids in the world's frame: bridge, pier, well, crops. No houses."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
from worldloom.worlds.footing import PIER_MM, bridge_deck, crosses_east, water_level
from worldloom.worlds.place_names import NAMES
from worldloom.worlds.places import Place
from worldloom.worlds.space import CELL_MM, Cell
from worldloom.worlds.terrain import LAND, Terrain

from . import finishes
from .finishes import DARK_OAK, DARK_RUBBLE, OAK, RUBBLE, plain, shaded
from .ground_mesh import Ground
from .palette import RIVER, Colour, shade
from .solids import Finish, Point, Solid

_METRES = CELL_MM / 1000
_DECK = finishes.timber(176, 150, 116)
_CROPS: tuple[Colour, ...] = ((214, 186, 96), (120, 158, 74), (196, 190, 110), (96, 140, 80), (164, 180, 124))


class _Axis:
    """A way straight across water: `at` counts metres along it, `beside` metres across; which is east is hidden."""

    def __init__(self, east: bool) -> None:
        self._east = east

    def point(self, at: float, up: float, beside: float) -> Point:
        return (at, up, beside) if self._east else (beside, up, at)

    def box(
        self,
        solid: Solid,
        along: tuple[float, float],
        up: tuple[float, float],
        across: tuple[float, float],
        finish: Finish,
    ) -> None:
        solid.box(self.point(along[0], up[0], across[0]), self.point(along[1], up[1], across[1]), finish)

    def slab(self, solid: Solid, ends: tuple[Point, Point], across: tuple[float, float], finish: Finish) -> None:
        """A piece between two stations (metres along, top, bottom); its ends are left open for the next pieces."""
        (a, top_a, low_a), (b, top_b, low_b) = ends
        left, right = across
        corner = {
            (i, j, k): self.point((a, b)[i], ((low_a, low_b), (top_a, top_b))[k][i], (left, right)[j])
            for i in (0, 1)
            for j in (0, 1)
            for k in (0, 1)
        }
        faces = (
            (corner[0, 0, 1], corner[0, 1, 1], corner[1, 1, 1], corner[1, 0, 1]),
            (corner[0, 0, 0], corner[1, 0, 0], corner[1, 1, 0], corner[0, 1, 0]),
            (corner[0, 1, 0], corner[1, 1, 0], corner[1, 1, 1], corner[0, 1, 1]),
            (corner[0, 0, 0], corner[0, 0, 1], corner[1, 0, 1], corner[1, 0, 0]),
        )
        for face in faces:
            solid.polygon(face if self._east else face[::-1], finish)


def _extent(cells: tuple[Cell, ...], axis: int) -> tuple[int, int]:
    return min(cell[axis] for cell in cells), max(cell[axis] for cell in cells)


def make_bridge(terrain: Terrain, place: Place) -> Solid:
    """Return a stone arch with parapets from the middle of one bank's cell to the other's."""
    east = crosses_east(terrain, place.cells)
    axis, frame = (0 if east else 1), _Axis(east)
    first, last = _extent(place.cells, axis)
    low, high = _extent(place.cells, 1 - axis)
    across = low * _METRES, (high + 1) * _METRES
    deck = {cell[axis]: height / 1000 for cell, height in bridge_deck(terrain, place.cells).items()}
    for bank in (first - 1, last + 1):
        cells = [(bank, other) if east else (other, bank) for other in (low, high)]
        deck[bank] = max(int(terrain.heights[row, column]) for column, row in cells) / 1000 + 0.04
    water = max(water_level(terrain, cell) or 0 for cell in place.cells) / 1000
    middles = [(at + 0.5) * _METRES for at in range(first - 1, last + 2)]
    tops = [deck[at] for at in range(first - 1, last + 2)]
    stations = np.linspace(middles[0], middles[-1], 4 * (len(middles) - 1) + 1)
    spring, start, end = water - 1.0, first * _METRES + 0.3, (last + 1) * _METRES - 0.3
    crown = max(tops) - 0.45
    points: list[Point] = []
    for at in stations.tolist():
        share = min(1.0, abs(2 * (at - start) / (end - start) - 1))
        top = float(np.interp(at, middles, tops))
        under = spring + (crown - spring) * math.sqrt(1 - share * share) if start < at < end else spring
        points.append((round(at, 3), round(top, 3), round(min(under, top - 0.3), 3)))
    solid = finishes.solid()
    for ends in pairwise(points):
        frame.slab(solid, ends, across, RUBBLE)
        for left in (across[0], across[1] - 0.35):
            rails = tuple((at, top + 0.85, top - 0.05) for at, top, _ in ends)
            frame.slab(solid, (rails[0], rails[1]), (left, left + 0.35), DARK_RUBBLE)
    for at, top, _ in (points[0], points[-1]):
        for left in (across[0] - 0.1, across[1] - 0.45):
            frame.box(solid, (at - 0.3, at + 0.3), (top - 0.8, top + 1.15), (left, left + 0.55), RUBBLE)
    return solid


def make_pier(terrain: Terrain, place: Place) -> Solid:
    """Return a plank deck on piles, with a ramp to the shore and boats beside it."""
    columns, rows = _extent(place.cells, 0), _extent(place.cells, 1)
    east = columns[1] - columns[0] >= rows[1] - rows[0]
    frame = _Axis(east)
    (first, last), (low, high) = (columns, rows) if east else (rows, columns)
    deck, across = PIER_MM / 1000, (low * _METRES + 0.2, (high + 1) * _METRES - 0.2)
    solid = finishes.solid()
    start, end = first * _METRES, (last + 1) * _METRES
    for number in range(round((end - start) * 2)):
        at = start + number / 2
        finish = shaded(_DECK, 14, number, first)
        frame.box(solid, (at + 0.02, at + 0.48), (deck - 0.12, deck), across, finish)
    for beside in (across[0] + 0.25, across[1] - 0.45):
        frame.box(solid, (start, end), (deck - 0.4, deck - 0.13), (beside, beside + 0.2), DARK_OAK)
    for cell in range(first, last + 2, 2):
        for beside in (across[0] - 0.12, across[1] - 0.18):
            at = min(cell * _METRES, end - 0.3)
            frame.box(solid, (at, at + 0.3), (-6.0, deck + 0.55), (beside, beside + 0.3), DARK_OAK)
    _ramps(solid, frame, terrain, east, (first, last), (low, high))
    return solid


def _ramps(
    solid: Solid, frame: _Axis, terrain: Terrain, east: bool, along: tuple[int, int], across: tuple[int, int]
) -> None:
    deck, side = PIER_MM / 1000, (across[0] * _METRES + 0.2, (across[1] + 1) * _METRES - 0.2)
    for bank, edge in ((along[0] - 1, along[0]), (along[1] + 1, along[1] + 1)):
        column, row = (bank, across[0]) if east else (across[0], bank)
        inside = 0 <= row < terrain.shape[0] and 0 <= column < terrain.shape[1]
        if inside and terrain.water[row, column] == LAND:
            shore = (bank + 0.5) * _METRES, terrain.heights[row, column] / 1000 + 0.03, -1.0
            ends = sorted([shore, (edge * _METRES, deck, -1.0)])
            frame.slab(solid, (ends[0], ends[1]), side, _DECK)


def make_well(terrain: Terrain, place: Place) -> Solid:
    """Return the well in the middle of the cells around it."""
    columns, rows = _extent(place.cells, 0), _extent(place.cells, 1)
    column, row = (columns[0] + columns[1]) // 2, (rows[0] + rows[1]) // 2
    x, z = (column + 0.5) * _METRES, (row + 0.5) * _METRES
    ground = int(terrain.heights[row, column]) / 1000
    solid = finishes.solid()
    solid.turned((x, ground, z), [(1.0, -0.6), (1.0, 0.8), (0.72, 0.8), (0.72, 0.45)], 10, RUBBLE)
    solid.turned((x, ground, z), [(0.72, 0.4), (0.72, 0.46)], 10, plain(RIVER))
    for side in (-0.85, 0.85):
        solid.box((x + side - 0.09, ground, z - 0.09), (x + side + 0.09, ground + 2.4, z + 0.09), DARK_OAK)
    solid.beam((x - 0.85, ground + 1.7, z), (x + 0.85, ground + 1.7, z), 0.16, OAK)
    for sign in (1, -1):
        under = [
            (x - sign * 1.2, ground + 2.2, z + sign * 0.9),
            (x + sign * 1.2, ground + 2.2, z + sign * 0.9),
            (x + sign * 1.2, ground + 2.9, z),
            (x - sign * 1.2, ground + 2.9, z),
        ]
        solid.loft(under, [(px, py + 0.12, pz) for px, py, pz in under], Finish("shingles", (150, 126, 102)))
    return solid


def make_crops(ground: Ground, place: Place) -> Solid:
    """Return the rows of a field's crop, which follow the ground."""
    colour = _CROPS[NAMES["field"].index(place.name) % len(_CROPS)]
    solid = finishes.solid()
    first = min(place.cells)[0]
    for column, row in sorted(place.cells):
        if (column - first) % 2:
            continue
        long = 2 if (column + 1, row) in place.cells else 1
        for line in (0, 1):
            z = (row + 0.25 + line / 2) * _METRES
            tint = Finish("grass", shade(colour, 9, column, row, line))
            x0, x1 = column * _METRES, (column + long) * _METRES
            y0, y1 = (round(ground.at(x, z), 3) for x in (x0, x1))
            crest = (x0, y0 + 0.42, z), (x1, y1 + 0.42, z)
            solid.polygon(((x0, y0 - 0.1, z + 0.34), (x1, y1 - 0.1, z + 0.34), crest[1], crest[0]), tint)
            solid.polygon(((x1, y1 - 0.1, z - 0.34), (x0, y0 - 0.1, z - 0.34), crest[0], crest[1]), tint)
    return solid
