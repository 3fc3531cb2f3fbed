"""The one frame that everything in a world stands in: axes, units, cells. Not for heights or for what stands there.

Inside, all lengths are integer millimetres. A world is a grid of square cells of CELL_MM; arrays are indexed
`[row, column]`, a `Cell` is written `(column, row)`:

    x  column  east      0 at the western edge of column 0
    y  row     south     0 at the northern edge of row 0
    z  height  up        0 at sea level

(east, up, south) is right-handed, and it is glTF's (X, Y, Z) in metres: `to_gltf` is the only way out of the frame.
"""

from __future__ import annotations

CELL_MM = 2000
"""Side of a cell."""

MAX_SIDE = 8192
"""Longest side of a world in cells; what is read from outside is refused beyond it."""

Cell = tuple[int, int]
"""(column, row) of a cell."""


def cell_of(x: int, y: int) -> Cell:
    """Return the cell that holds the point (x, y) in millimetres; a border belongs to the cell east or south of it."""
    return x // CELL_MM, y // CELL_MM


def centre_of(cell: Cell) -> tuple[int, int]:
    """Return (x, y) of the middle of a cell in millimetres."""
    return cell[0] * CELL_MM + CELL_MM // 2, cell[1] * CELL_MM + CELL_MM // 2


def to_gltf(x: int, y: int, z: int) -> tuple[float, float, float]:
    """Return the point (x, y, z) in millimetres as glTF's (X east, Y up, Z south) in metres."""
    return x / 1000, z / 1000, y / 1000


def from_gltf(east: float, up: float, south: float) -> tuple[int, int, int]:
    """Return a glTF point in metres as (x, y, z) in whole millimetres."""
    return round(east * 1000), round(south * 1000), round(up * 1000)
