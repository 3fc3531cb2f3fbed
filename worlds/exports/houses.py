"""Houses by kind: which style each has, and the whole of one out of walls, roof and fittings. Places none."""

from __future__ import annotations

from dataclasses import dataclass, field

from worldloom.worlds.buildings import Building
from worldloom.worlds.noise import draw
from worldloom.worlds.space import CELL_MM, Cell
from worldloom.worlds.terrain import Terrain

from . import fittings
from .finishes import BOARDS, DARK_OAK, solid
from .finishes import shaded as tinted
from .house_frame import Draft, Frame, Style
from .house_roofs import add_roof, coarse
from .house_walls import add_walls
from .lamps import Lamp
from .palette import Colour
from .solids import Finish, Solid

_INSET = 0.75


def _each(look: str, *colours: Colour) -> tuple[Finish, ...]:
    return tuple(Finish(look, colour) for colour in colours)


_CREAM: Colour = (240, 228, 200)
_LIME: Colour = (246, 242, 232)
_ROSE: Colour = (232, 194, 172)
_SKY: Colour = (190, 208, 214)
_OCHRE: Colour = (232, 202, 142)
_TAR: Colour = (74, 66, 62)

_THATCH = _each("thatch", (206, 174, 112), (188, 160, 110))
_TILES = _each("pantiles", (200, 104, 74), (186, 90, 66))
_SLATE = _each("slates", (112, 122, 138), (124, 126, 134))
_SHINGLE = _each("shingles", (150, 126, 102), (136, 122, 110))
_LEAVES = _each("planks", (70, 112, 156), (74, 124, 88), (170, 70, 58), (222, 216, 200), (206, 160, 84))
_DOOR = _each("planks", (118, 88, 62))
_STONE = _each("rubble", (196, 190, 178))

STYLES: dict[str, Style] = {
    "home": Style(_each("plaster", _CREAM, _LIME, _ROSE, _SKY, _OCHRE), (*_THATCH, *_TILES, *_SHINGLE, *_SLATE[:1]),
                  _LEAVES, 1.0, shutters=True),
    "market_hall": Style(_STONE, _TILES[:1], _DOOR, 0.75, 3.2, windows=False, open=True),
    "inn": Style(_STONE, _TILES[1:], _LEAVES[1:2], 0.95, 1.4, upper=Finish("plaster", _CREAM), framed=True),
    "bakery": Style(_each("plaster", _ROSE), _TILES, _LEAVES[:1], 0.95, 1.4, shutters=True),
    "chapel": Style(_each("rubble", (206, 200, 186)), _SLATE, _DOOR, 1.25, 1.6, 2.6, windows=False),
    "smithy": Style(_each("rubble", (150, 144, 138)), _SLATE[1:], _DOOR, 0.8, 2.4, 2.4),
    "net_loft": Style(_STONE, _SHINGLE, _LEAVES[2:3], 0.9, 1.8, 2.3, upper=Finish("clapboard", _TAR)),
    "boathouse": Style(_each("clapboard", (128, 112, 96)), _SHINGLE[1:], _LEAVES[:1], 0.75, 3.0, 2.7),
    "workshop": Style(_each("planks", (170, 132, 92)), _SHINGLE, _LEAVES[1:2], 0.85, 2.2, 2.3),
    "healer": Style(_each("plaster", _LIME), _THATCH[:1], _LEAVES[1:2], 1.1, framed=True),
    "school": Style(_each("brick", (200, 128, 100)), _SLATE, _LEAVES[3:4], 1.0, 1.4),
    "smokehouse": Style(_each("brick", (158, 100, 80)), _each("slates", (78, 74, 74)), _DOOR, 1.15, windows=False),
    "granary": Style(_each("planks", (184, 150, 106)), _THATCH[1:], _DOOR, 1.05, 2.2, 2.4, windows=False),
}  # fmt: skip
"""By kind of building; a kind that is not here is drawn as a home."""


@dataclass(frozen=True)
class House:
    """A house in its own frame: as it is, the light of its windows by night, its lamps, and as it is seen from afar."""

    near: Solid
    lit: Solid
    far: Solid
    lamps: tuple[Lamp, ...] = field(default=())


def roof_of(style: Style, number: int) -> Finish:
    """Return what covers the house of a number: the map shows the same."""
    return style.roof[draw(81, len(style.roof), number)]


def turned(building: Building) -> bool:
    """Whether the house's frame is turned by a quarter: its ridge runs from north to south."""
    return building.ridge == "y"


def place_of(building: Building) -> tuple[float, float, float]:
    """Return the middle of the footprint at floor level in metres, glTF's axes."""
    column, row, columns, rows = building.footprint
    metres = CELL_MM / 1000
    return (column + columns / 2) * metres, building.floor / 1000, (row + rows / 2) * metres


def make_house(building: Building, terrain: Terrain) -> House:
    """Return the house in its own frame."""
    style = STYLES.get(building.kind, STYLES["home"])
    frame = frame_of(building, terrain, style)
    near, lit = solid(), solid()
    add_walls(near, lit, frame, style)
    add_roof(near, frame, _gable(frame, style))
    lamps = fittings.add(Draft(near, lit, frame), building.kind)
    return House(near, lit, coarse(frame), tuple(lamps))


def _gable(frame: Frame, style: Style) -> Finish:
    """Boards over an open hall and over one thatched or shingled home in two, else the walls themselves."""
    if style.open:
        return BOARDS
    if style.upper:
        return style.upper
    boarded = style.shutters and frame.number % 2 == 0
    return Finish("clapboard", DARK_OAK.colour if frame.number % 4 else (196, 186, 168)) if boarded else frame.walls


def frame_of(building: Building, terrain: Terrain, style: Style) -> Frame:
    """Return the measures of a house on its ground."""
    number = int(building.id.rpartition("-")[2])
    column, row, columns, rows = building.footprint
    lowest = int(terrain.heights[row : row + rows, column : column + columns].min())
    if turned(building):
        columns, rows = rows, columns
    half_x, half_z = columns * CELL_MM / 2000 - _INSET, rows * CELL_MM / 2000 - _INSET
    return Frame(
        half_x,
        half_z,
        building.wall / 1000,
        (building.floor - lowest) / 1000 + 0.6,
        half_z * style.pitch,
        tinted(roof_of(style, number), 8, number, 1),
        tinted(style.walls[draw(82, len(style.walls), number)], 6, number, 2),
        style.door[draw(83, len(style.door), number)],
        number,
        tuple(_local(building, cell) for cell in building.doors),
        tuple(_drop(building, terrain, cell) for cell in building.doors),
    )


def _local(building: Building, cell: Cell) -> tuple[float, float]:
    """Return the middle of a cell in the house's frame: (x, z)."""
    column, row, columns, rows = building.footprint
    east = (cell[0] + 0.5 - column - columns / 2) * CELL_MM / 1000
    south = (cell[1] + 0.5 - row - rows / 2) * CELL_MM / 1000
    return (south, -east) if turned(building) else (east, south)


def _drop(building: Building, terrain: Terrain, door: Cell) -> float:
    """Return how far the ground before a door lies below the floor, in metres."""
    column, row, columns, rows = building.footprint
    x = door[0] + (door[0] == column + columns - 1) - (door[0] == column)
    y = door[1] + (door[1] == row + rows - 1) - (door[1] == row)
    x, y = min(max(x, 0), terrain.shape[1] - 1), min(max(y, 0), terrain.shape[0] - 1)
    return (building.floor - int(terrain.heights[y, x])) / 1000
