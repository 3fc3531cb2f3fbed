"""How high one stands: on the ground, a house's floor, a bridge or a pier. Not who stands there."""

from __future__ import annotations

from .groundwork import Way
from .rivers import RIVER_DEPTH_MM
from .settlement import Settlement
from .space import Cell
from .terrain import LAND, RIVER, Terrain

PIER_MM = 1100
"""Height of a pier's deck above the sea."""

_CLEAR_MM = 1500
_RISE_MM = 500


def water_level(terrain: Terrain, cell: Cell) -> int | None:
    """Return the height of the water's surface in millimetres, None on land."""
    column, row = cell
    if terrain.water[row, column] == LAND:
        return None
    return int(terrain.heights[row, column]) + RIVER_DEPTH_MM if terrain.water[row, column] == RIVER else 0


def footing(terrain: Terrain, settlement: Settlement, cell: Cell) -> int:
    """Return the height in millimetres of what one stands on in a cell: floor, deck or ground."""
    for building in settlement.buildings:
        if cell in building.interior or cell in building.doors:
            return building.floor
    if settlement.ways[cell[1], cell[0]] == Way.PIER:
        return PIER_MM
    for place in settlement.of_kind("bridge"):
        if cell in place.cells:
            return bridge_deck(terrain, place.cells)[cell]
    return int(terrain.heights[cell[1], cell[0]])


def crosses_east(terrain: Terrain, cells: tuple[Cell, ...]) -> bool:
    """Whether a bridge leads from west to east: there is land before and behind it in its rows."""
    rows = {row for _, row in cells}
    west, east = min(column for column, _ in cells), max(column for column, _ in cells)
    columns = terrain.shape[1]
    ends = [(column, row) for row in sorted(rows) for column in (west - 1, east + 1)]
    return all(0 <= column < columns and terrain.water[row, column] == LAND for column, row in ends)


def bridge_deck(terrain: Terrain, cells: tuple[Cell, ...]) -> dict[Cell, int]:
    """Return the deck's height on each cell: from bank to bank over a low arch, clear of the water."""
    axis = 0 if crosses_east(terrain, cells) else 1
    first, last = min(cell[axis] for cell in cells), max(cell[axis] for cell in cells)
    others = sorted({cell[1 - axis] for cell in cells})

    def bank(at: int) -> int:
        found = [(at, other) if axis == 0 else (other, at) for other in others]
        return max(int(terrain.heights[row, column]) for column, row in found)

    low, high = bank(first - 1), bank(last + 1)
    water = max(water_level(terrain, cell) or 0 for cell in cells)
    span = last - first + 2
    crown = max(_RISE_MM, water + _CLEAR_MM - (low + high) // 2)
    deck = {}
    for cell in cells:
        at = cell[axis] - first + 1
        straight = low + (high - low) * at // span
        deck[cell] = straight + crown * 4 * at * (span - at) // (span * span)
    return deck
