"""What closes off plots and fields: pickets, rails, hedges, dry walls along the ground. Open where ways lead in."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from worldloom.worlds.buildings import Building
from worldloom.worlds.places import Place
from worldloom.worlds.settlement import Settlement
from worldloom.worlds.space import CELL_MM, Cell
from worldloom.worlds.terrain import LAND, Terrain

from .finishes import OAK, WEATHERED, shaded, solid
from .ground_mesh import Ground
from .solids import Finish, Point, Solid

_METRES = CELL_MM / 1000
_PICKET, _HEDGE, _WALL = (
    Finish("pickets", (236, 230, 216)),
    Finish("leaves", (96, 134, 70)),
    Finish("rubble", (176, 170, 158)),
)
_POST, _RAIL = (Finish("rails", wood.colour) for wood in (OAK, WEATHERED))
Edge = tuple[tuple[float, float], tuple[float, float]]
Box = tuple[int, int, int, int]


def open_ground(terrain: Terrain, settlement: Settlement) -> NDArray[np.bool_]:
    """Return which cells a fence may stand beside: dry, no way, no house, no place but a field."""
    free: NDArray[np.bool_] = (terrain.water == LAND) & (settlement.ways == 0)
    for building in settlement.buildings:
        column, row, columns, rows = building.footprint
        free[row : row + rows, column : column + columns] = False
        for x, y in building.doors:
            free[max(0, y - 2) : y + 3, max(0, x - 2) : x + 3] = False
    for place in settlement.places:
        if place.kind != "field":
            for column, row in place.cells:
                free[row, column] = False
    return free


def _edges(box: Box) -> Iterator[tuple[Edge, Cell, Cell]]:
    """Give the unit edges around a box of cells (column, row, columns, rows), each with the cells on its two sides."""
    column, row, columns, rows = box
    for x in range(column, column + columns):
        for y, inside in ((row, row), (row + rows, row + rows - 1)):
            yield ((x, y), (x + 1, y)), (x, inside), (x, y - 1 if y == row else y)
    for y in range(row, row + rows):
        for x, inside in ((column, column), (column + columns, column + columns - 1)):
            yield ((x, y), (x, y + 1)), (inside, y), (x - 1 if x == column else x, y)


def _standing(box: Box, free: NDArray[np.bool_]) -> list[Edge]:
    rows, columns = free.shape

    def dry(cell: Cell) -> bool:
        return 0 <= cell[0] < columns and 0 <= cell[1] < rows and bool(free[cell[1], cell[0]])

    return [edge for edge, inside, outside in _edges(box) if dry(inside) and dry(outside)]


def around_house(ground: Ground, building: Building, free: NDArray[np.bool_]) -> Solid | None:
    """Return the fence of a home's plot, one of four sorts; None where nothing can stand."""
    number = int(building.id.rpartition("-")[2])
    column, row, columns, rows = building.footprint
    edges = _standing((column - 1, row - 1, columns + 2, rows + 2), free)
    if len(edges) < 4:
        return None
    out = solid()
    for edge in edges:
        (_pickets, _hedge, _rails, _dry_wall)[number % 4](out, ground, edge, number)
    return out


def around_field(ground: Ground, field: Place, free: NDArray[np.bool_]) -> Solid | None:
    """Return the rails around a field, open where a way leads in."""
    xs, ys = [cell[0] for cell in field.cells], [cell[1] for cell in field.cells]
    box = min(xs), min(ys), max(xs) - min(xs) + 1, max(ys) - min(ys) + 1
    edges = _standing(box, free)
    if not edges:
        return None
    out = solid()
    for edge in edges:
        _rails(out, ground, edge, box[0])
    return out


def _ends(ground: Ground, edge: Edge, pieces: int) -> list[Point]:
    """Points on the ground along an edge, in metres."""
    (x0, y0), (x1, y1) = edge
    found = []
    for n in range(pieces + 1):
        share = n / pieces
        x, z = (x0 + (x1 - x0) * share) * _METRES, (y0 + (y1 - y0) * share) * _METRES
        found.append((x, ground.at(x, z), z))
    return found


def _post(out: Solid, at: Point, half: float, low: float, high: float, finish: Finish) -> None:
    x, y, z = at
    out.box((x - half, y + low, z - half), (x + half, y + high, z + half), finish, bottom=False)


def _strip(out: Solid, a: Point, b: Point, up: tuple[float, float], thick: float, finish: Finish) -> None:
    """A body along the ground from a to b, `up` above it, open below."""
    east = a[2] == b[2]
    dx, dz = (0.0, thick / 2) if east else (thick / 2, 0.0)
    # Counterclockwise seen from above, whichever way it runs.
    outline = [(a, 1), (b, 1), (b, -1), (a, -1)] if east else [(b, -1), (b, 1), (a, 1), (a, -1)]
    low, high = ([(x + s * dx, y + up[end], z + s * dz) for (x, y, z), s in outline] for end in (0, 1))
    out.loft(low, high, finish, bottom=False)


def _panel(out: Solid, a: Point, b: Point, up: tuple[float, float], finish: Finish, half: float | None = None) -> None:
    """A face, thin as its finish, between two points, or `half` metres (0: across) to either side of one."""
    if half is not None:
        dx, dz = (half, 0.0) if half else (0.0, 0.05)
        a, b = (a[0] - dx, a[1], a[2] - dz), (b[0] + dx, b[1], b[2] + dz)
    corners = [(x, y + height, z) for (x, y, z), height in ((a, up[0]), (b, up[0]), (b, up[1]), (a, up[1]))]
    out.polygon(corners, finish)


def _pickets(out: Solid, ground: Ground, edge: Edge, _number: int) -> None:
    points = _ends(ground, edge, 5)
    _post(out, points[0], 0.07, -0.5, 1.05, _PICKET)
    for at in points[1:]:
        _panel(out, at, at, (0.06, 0.92), _PICKET, 0.05 if edge[0][1] == edge[1][1] else 0.0)
    for up in (0.3, 0.66):
        _panel(out, points[0], points[-1], (up, up + 0.09), _PICKET)


def _rails(out: Solid, ground: Ground, edge: Edge, number: int) -> None:
    start, end = _ends(ground, edge, 1)
    wood = shaded(_RAIL, 12, number, int(edge[0][0]), int(edge[0][1]))
    _post(out, start, 0.08, -0.5, 1.1, _POST)
    for up in (0.42, 0.85):
        _panel(out, start, end, (up, up + 0.13), wood)


def _hedge(out: Solid, ground: Ground, edge: Edge, number: int) -> None:
    start, end = _ends(ground, edge, 1)
    high = 0.95 + 0.05 * ((number + int(edge[0][0]) + int(edge[0][1])) % 3)
    _strip(out, start, end, (-0.3, high), 0.62, shaded(_HEDGE, 8, number, int(edge[0][0])))


def _dry_wall(out: Solid, ground: Ground, edge: Edge, number: int) -> None:
    start, end = _ends(ground, edge, 1)
    _strip(out, start, end, (-0.5, 0.72), 0.45, shaded(_WALL, 6, number, int(edge[0][0])))
    _strip(out, start, end, (0.72, 0.86), 0.54, _WALL)
