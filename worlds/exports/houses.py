"""Houses as solids: walls with door and windows, floor, gable roof, and what tells their kinds apart. No placing.

A house is made in its own frame, in metres: the middle of its footprint at floor level, the ridge along X. Its walls
stand in the middle of the ring of cells that nobody can walk on, so who walks along a wall or in a room touches none.
"""

from __future__ import annotations

from dataclasses import dataclass

from worldloom.worlds.buildings import Building
from worldloom.worlds.space import CELL_MM
from worldloom.worlds.terrain import Terrain

from . import fittings
from .palette import DARK_WOOD, GLASS, PLANK, STONE, WHITE, Colour, blend, shade
from .solids import Point, Solid, Surface

_INSET = 0.75
_THICK = 0.3
_DOOR_HEIGHT = 2.15


@dataclass(frozen=True)
class Style:
    """How a kind of house looks: colours of walls, roof, door and trim; pitch is the roof's rise to half its span."""

    walls: tuple[Colour, ...]
    roof: tuple[Colour, ...]
    door: tuple[Colour, ...]
    pitch: float = 0.85
    door_width: float = 1.2
    windows: bool = True
    open: bool = False


_CREAM: Colour = (232, 220, 190)
_ROSE: Colour = (222, 186, 164)
_BLUE_GREY: Colour = (176, 190, 196)
_TAR: Colour = (66, 58, 54)
_SLATE: Colour = (92, 100, 112)
_TILE: Colour = (176, 88, 62)
_THATCH: Colour = (180, 150, 92)
_SHINGLE: Colour = (126, 104, 84)
_LIME: Colour = (240, 236, 226)
_BLUE: Colour = (58, 96, 138)
_GREEN: Colour = (66, 112, 78)
_RED: Colour = (150, 58, 48)
_BRICK: Colour = (166, 108, 84)

STYLES: dict[str, Style] = {
    "home": Style((_CREAM, _LIME, _ROSE, _BLUE_GREY), (_THATCH, _TILE, _SHINGLE, _SLATE), (_BLUE, _GREEN, _RED, WHITE)),
    "market_hall": Style((PLANK,), (_TILE,), (DARK_WOOD,), 0.7, 2.4, windows=False, open=True),
    "inn": Style((_CREAM,), ((158, 70, 52),), (_GREEN,), 0.9),
    "bakery": Style((_ROSE,), (_TILE,), (_BLUE,)),
    "chapel": Style((STONE,), (_SLATE,), (DARK_WOOD,), 1.15, 1.5),
    "smithy": Style(((128, 122, 116),), (_SLATE,), (_TAR,), 0.75, 2.0),
    "net_loft": Style((_TAR,), (_SHINGLE,), (_RED,), 0.8),
    "boathouse": Style(((98, 84, 72),), (_SHINGLE,), (_BLUE,), 0.7, 3.0),
    "workshop": Style((PLANK,), (_SHINGLE,), (_GREEN,), 0.75, 2.0),
    "healer": Style((_LIME,), (_THATCH,), (_GREEN,), 1.0),
    "school": Style((_LIME,), (_SLATE,), (_RED,)),
    "smokehouse": Style((_BRICK,), (_TAR,), (DARK_WOOD,), 1.0, windows=False),
    "granary": Style(((172, 140, 98),), (_THATCH,), (_TAR,), 1.0, 2.2, windows=False),
}
"""By kind of building; a kind that is not here is drawn as a home."""


@dataclass(frozen=True)
class Frame:
    """Measures of a house in its own frame: half lengths of its outer walls, wall height, depth of its foundation."""

    x: float
    z: float
    wall: float
    depth: float
    rise: float
    roof: Colour
    walls: Colour
    number: int
    doors: list[tuple[float, float]]


def turned(building: Building) -> bool:
    """Whether the house's frame is turned by a quarter: its ridge runs from north to south."""
    return building.ridge == "y"


def place_of(building: Building) -> tuple[float, float, float]:
    """Return the middle of the footprint at floor level in metres, glTF's axes."""
    column, row, columns, rows = building.footprint
    metres = CELL_MM / 1000
    return (column + columns / 2) * metres, building.floor / 1000, (row + rows / 2) * metres


def make_house(building: Building, terrain: Terrain) -> Surface:
    """Return the house in its own frame."""
    number = int(building.id.rpartition("-")[2])
    style = STYLES.get(building.kind, STYLES["home"])
    column, row, columns, rows = building.footprint
    if turned(building):
        columns, rows = rows, columns
    half_x, half_z = columns * CELL_MM / 2000 - _INSET, rows * CELL_MM / 2000 - _INSET
    lowest = int(terrain.heights[row : row + building.footprint[3], column : column + building.footprint[2]].min())
    frame = Frame(
        half_x,
        half_z,
        building.wall / 1000,
        (building.floor - lowest) / 1000 + 0.5,
        half_z * style.pitch,
        shade(style.roof[(number * 7 + 3) % len(style.roof)], 8, number, 1),
        shade(style.walls[number % len(style.walls)], 6, number, 2),
        number,
        [_local(building, cell) for cell in building.doors],
    )
    solid = Solid()
    base = blend(STONE, frame.walls, 20)
    solid.box((-half_x, -frame.depth, -half_z), (half_x, -0.02, half_z), base, bottom=False)
    inner = _THICK - 0.01
    solid.box((inner - half_x, -0.02, inner - half_z), (half_x - inner, 0.0, half_z - inner), PLANK, bottom=False)
    door_colour = style.door[(number * 5 + 1) % len(style.door)]
    for side in range(4):
        _wall(solid, frame, style, side, door_colour)
    _roof(solid, frame)
    fittings.add(solid, building.kind, frame)
    return solid.surface()


def _local(building: Building, cell: tuple[int, int]) -> tuple[float, float]:
    """Return the middle of a cell in the house's frame: (x, z)."""
    column, row, columns, rows = building.footprint
    east = (cell[0] + 0.5 - column - columns / 2) * CELL_MM / 1000
    south = (cell[1] + 0.5 - row - rows / 2) * CELL_MM / 1000
    return (south, -east) if turned(building) else (east, south)


def _side_of(frame: Frame, point: tuple[float, float]) -> int:
    """Return which wall a point is in: 0 front (+z), 1 right (+x), 2 back, 3 left."""
    x, z = point
    if abs(abs(z) - frame.z) < abs(abs(x) - frame.x):
        return 0 if z > 0 else 2
    return 1 if x > 0 else 3


class _Side:
    """One wall's own frame: `along` from its left end seen from outside, `out` from its outer face, `up`."""

    def __init__(self, frame: Frame, side: int) -> None:
        self._frame, self._side = frame, side
        self.half = frame.x if side % 2 == 0 else frame.z

    def point(self, along: float, up: float, out: float) -> Point:
        frame = self._frame
        return (
            (along, up, frame.z + out),
            (frame.x + out, up, -along),
            (-along, up, -frame.z - out),
            (-frame.x - out, up, along),
        )[self._side]

    def along(self, point: tuple[float, float]) -> float:
        x, z = point
        return (x, -z, -x, z)[self._side]

    def box(
        self, solid: Solid, span: tuple[float, float], up: tuple[float, float], out: tuple[float, float], c: Colour
    ) -> None:
        one, other = self.point(span[0], up[0], out[0]), self.point(span[1], up[1], out[1])
        low = min(one[0], other[0]), up[0], min(one[2], other[2])
        high = max(one[0], other[0]), up[1], max(one[2], other[2])
        solid.box(low, high, c)


def _wall(solid: Solid, frame: Frame, style: Style, number: int, door_colour: Colour) -> None:
    doors = [door for door in frame.doors if _side_of(frame, door) == number]
    side = _Side(frame, number)
    # Front and back reach round the corners, the gable walls stand between them: no face lies in another.
    end = side.half if number % 2 == 0 else side.half - _THICK
    top = 1.1 if style.open else frame.wall
    if not doors:
        side.box(solid, (-end, end), (-0.02, top), (-_THICK, 0.0), frame.walls)
    for door in doors[:1]:
        at, half = side.along(door), style.door_width / 2
        side.box(solid, (-end, at - half), (-0.02, top), (-_THICK, 0.0), frame.walls)
        side.box(solid, (at + half, end), (-0.02, top), (-_THICK, 0.0), frame.walls)
        if not style.open:
            side.box(solid, (at - half, at + half), (_DOOR_HEIGHT, top), (-_THICK, 0.0), frame.walls)
            _door(solid, side, at, half, door_colour)
        side.box(solid, (at - half - 0.3, at + half + 0.3), (-frame.depth, -0.02), (0.0, 0.7), STONE)
    if style.windows:
        _windows(solid, frame, side, [side.along(door) for door in doors], style.door_width)
    if style.open:
        _pillars(solid, frame, side, end)


def _door(solid: Solid, side: _Side, at: float, half: float, colour: Colour) -> None:
    side.box(solid, (at - half, at + half), (-0.02, _DOOR_HEIGHT), (-0.2, -0.12), colour)
    trim = blend(colour, DARK_WOOD, 60)
    side.box(solid, (at - half - 0.12, at - half), (-0.02, _DOOR_HEIGHT + 0.12), (-0.05, 0.05), trim)
    side.box(solid, (at + half, at + half + 0.12), (-0.02, _DOOR_HEIGHT + 0.12), (-0.05, 0.05), trim)
    side.box(solid, (at - half, at + half), (_DOOR_HEIGHT, _DOOR_HEIGHT + 0.12), (-0.05, 0.05), trim)
    side.box(solid, (at + half - 0.22, at + half - 0.14), (1.0, 1.12), (-0.13, -0.07), (200, 170, 90))


def _windows(solid: Solid, frame: Frame, side: _Side, doors: list[float], door_width: float) -> None:
    count = max(1, int(2 * side.half / 2.9))
    floors = [0.95] + ([3.15] if frame.wall > 4.3 else [])
    for sill in floors:
        for i in range(count):
            at = -side.half + 2 * side.half * (i + 0.5) / count
            if sill < 2 and any(abs(at - door) < door_width / 2 + 0.75 for door in doors):
                continue
            side.box(solid, (at - 0.5, at + 0.5), (sill, sill + 1.15), (-_THICK - 0.04, 0.04), WHITE)
            side.box(solid, (at - 0.42, at + 0.42), (sill + 0.08, sill + 1.07), (-_THICK - 0.06, 0.06), GLASS)
            side.box(solid, (at - 0.03, at + 0.03), (sill + 0.08, sill + 1.07), (-_THICK - 0.08, 0.08), WHITE)
            side.box(solid, (at - 0.42, at + 0.42), (sill + 0.58, sill + 0.64), (-_THICK - 0.09, 0.09), WHITE)
            side.box(solid, (at - 0.6, at + 0.6), (sill - 0.1, sill), (-0.02, 0.14), blend(frame.walls, DARK_WOOD, 50))


def _pillars(solid: Solid, frame: Frame, side: _Side, end: float) -> None:
    count = max(2, round(2 * end / 2.4))
    for i in range(count + 1):
        at = -end + 0.16 + (2 * end - 0.32) * i / count
        side.box(solid, (at - 0.15, at + 0.15), (1.1, frame.wall - 0.25), (-_THICK + 0.01, -0.01), DARK_WOOD)
    side.box(solid, (-end, end), (frame.wall - 0.25, frame.wall), (-_THICK, 0.0), DARK_WOOD)


def _roof(solid: Solid, frame: Frame) -> None:
    """Two slabs that meet at the ridge, and the gables under them."""
    over, gable_over, thick = 0.45, 0.4, 0.2
    slope = frame.rise / frame.z
    x = frame.x + gable_over
    eave_z, eave_y = frame.z + over, frame.wall - over * slope
    ridge = frame.wall + frame.rise
    for sign in (1, -1):
        low = [(-sign * x, eave_y, sign * eave_z), (sign * x, eave_y, sign * eave_z)]
        high = [(sign * x, ridge, 0.0), (-sign * x, ridge, 0.0)]
        under = [*low, *high]
        upper = [(px, py + thick, pz) for px, py, pz in under]
        solid.loft(under, upper, frame.roof)
    solid.box(
        (-x - 0.02, ridge + thick - 0.05, -0.14),
        (x + 0.02, ridge + thick + 0.06, 0.14),
        blend(frame.roof, DARK_WOOD, 35),
    )
    inside = frame.x - _THICK
    for sign in (1, -1):
        outline = [(-frame.z, frame.wall), (frame.z, frame.wall), (0.0, ridge)]
        outer = [(sign * frame.x, y, -sign * z) for z, y in outline]
        inner = [(sign * inside, y, -sign * z) for z, y in outline]
        solid.polygon(outer, frame.walls)
        solid.polygon(inner[::-1], frame.walls)
    solid.box((-frame.x + 0.02, frame.wall - 0.12, -0.1), (frame.x - 0.02, frame.wall, 0.1), DARK_WOOD)
