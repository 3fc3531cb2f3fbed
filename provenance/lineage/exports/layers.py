"""Places the nodes of a picture: columns by what rests on what, rows so that lines stay short. Draws nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from graphlib import TopologicalSorter
from typing import NamedTuple

_SWEEPS = 16
_LANE = 0.3
"""Height of the lane in which a line crosses a column, in rows."""

Edge = tuple[str, str]
"""Effect and cause."""


class Places(NamedTuple):
    """Column (0 is leftmost) and row of every node; nodes of one column are at least a row apart, the first row is 0.

    `lanes` has for each edge the rows at which it crosses the columns between its ends, from cause to effect.
    """

    columns: Mapping[str, int]
    rows: Mapping[str, float]
    lanes: Mapping[Edge, Sequence[float]]

    @property
    def width(self) -> int:
        """How many columns there are."""
        return max(self.columns.values(), default=-1) + 1

    @property
    def height(self) -> float:
        """How many rows the tallest column takes."""
        lanes = (row for lane in self.lanes.values() for row in lane)
        return max([*self.rows.values(), *lanes], default=-1.0) + 1


def places(nodes: Sequence[str], edges: Iterable[Edge]) -> Places:
    """Place nodes by edges from effect to cause, without circles: every cause is to the left of its effects.

    A cause stands as far to the right as its effects let it: a prompt beside what was made with it.
    """
    edges = list(edges)
    columns = _columns(nodes, edges)
    layers: list[list[_Cell]] = [[] for _ in range(max(columns.values(), default=-1) + 1)]
    cells = {node: _Cell(1.0) for node in nodes}
    for node in nodes:
        layers[columns[node]].append(cells[node])
    lanes: dict[Edge, list[_Cell]] = {}
    trunks: dict[str, list[_Cell]] = {node: [cells[node]] for node in nodes}
    for effect, cause in edges:
        trunk, first = trunks[cause], columns[cause]
        # All lines of one cause cross a column in the same lane: a model that made everything is one thread, not fifty.
        for at in range(first + len(trunk), columns[effect]):
            cell = _Cell(_LANE)
            layers[at].append(cell)
            _connect(trunk[-1], cell)
            trunk.append(cell)
        lanes[effect, cause] = trunk[1 : columns[effect] - first]
        _connect(trunk[columns[effect] - first - 1], cells[effect])
    _settle(layers)
    top = min((cell.row for layer in layers for cell in layer), default=0.0)
    rows = {node: cell.row - top for node, cell in cells.items()}
    return Places(columns, rows, {edge: [cell.row - top for cell in lane] for edge, lane in lanes.items()})


class _Cell:
    """A node, or the place where a line crosses a column: its height in rows, its row, what it is connected with."""

    def __init__(self, height: float) -> None:
        self.height, self.row = height, 0.0
        self.near: list[_Cell] = []

    def wanted(self) -> float:
        """Return the row at which its middle is level with the middle of its neighbours."""
        if not self.near:
            return self.row
        middle = sum(cell.row + cell.height / 2 for cell in self.near) / len(self.near)
        return middle - self.height / 2


def _connect(left: _Cell, right: _Cell) -> None:
    left.near.append(right)
    right.near.append(left)


def _columns(nodes: Sequence[str], edges: Sequence[Edge]) -> dict[str, int]:
    effects: dict[str, list[str]] = {node: [] for node in nodes}
    for effect, cause in edges:
        effects[cause].append(effect)
    back: dict[str, int] = {}
    for node in TopologicalSorter(effects).static_order():
        back[node] = max((back[effect] + 1 for effect in effects[node]), default=0)
    last = max(back.values(), default=0)
    return {node: last - back[node] for node in nodes}


def _settle(layers: list[list[_Cell]]) -> None:
    """Let every cell drift to the middle of its neighbours, in turns from the right and from the left."""
    for layer in layers:
        row = 0.0
        for cell in layer:
            cell.row, row = row, row + cell.height
    for sweep in range(_SWEEPS):
        for layer in reversed(layers) if sweep % 2 == 0 else layers:
            wanted = {id(cell): cell.wanted() for cell in layer}
            layer.sort(key=lambda cell: (wanted[id(cell)] + cell.height / 2, cell.row))
            _stack(layer, wanted)


def _stack(layer: list[_Cell], wanted: Mapping[int, float]) -> None:
    """Give the cells of a column rows near the wanted ones, in that order, none over another.

    Cells that want the same place form a block, which stands at the middle of what its members want.
    """
    blocks: list[tuple[float, list[_Cell]]] = []
    for cell in layer:
        block, top = [cell], wanted[id(cell)]
        while blocks and top < blocks[-1][0] + sum(each.height for each in blocks[-1][1]):
            block = [*blocks.pop()[1], *block]
            before, tops = 0.0, []
            for each in block:
                tops.append(wanted[id(each)] - before)
                before += each.height
            top = sum(tops) / len(tops)
        blocks.append((top, block))
    for top, block in blocks:
        row = top
        for cell in block:
            cell.row, row = row, row + cell.height
