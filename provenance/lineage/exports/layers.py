"""Places the nodes of a picture: columns by what rests on what, rows so that lines stay short. Draws nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from graphlib import TopologicalSorter
from typing import NamedTuple

_SWEEPS = 12


class Places(NamedTuple):
    """Column (0 is leftmost) and row of every node, as floats; rows of one column are at least 1 apart, from 0 on."""

    columns: Mapping[str, int]
    rows: Mapping[str, float]

    @property
    def width(self) -> int:
        """How many columns there are."""
        return max(self.columns.values(), default=-1) + 1

    @property
    def height(self) -> float:
        """How many rows the tallest column takes."""
        return max(self.rows.values(), default=-1.0) + 1


def places(nodes: Sequence[str], edges: Iterable[tuple[str, str]]) -> Places:
    """Place nodes by edges from effect to cause, without circles: every cause is to the left of its effects.

    A cause stands as far to the right as its effects let it: a prompt beside what was made with it.
    """
    effects: dict[str, list[str]] = {node: [] for node in nodes}
    near: dict[str, list[str]] = {node: [] for node in nodes}
    for effect, cause in edges:
        effects[cause].append(effect)
        near[cause].append(effect)
        near[effect].append(cause)
    back: dict[str, int] = {}
    for node in TopologicalSorter(effects).static_order():
        back[node] = max((back[effect] + 1 for effect in effects[node]), default=0)
    last = max(back.values(), default=0)
    columns = {node: last - back[node] for node in nodes}
    layers: list[list[str]] = [[] for _ in range(last + 1)]
    for node in nodes:
        layers[columns[node]].append(node)
    return Places(columns, _rows(layers, near))


def _rows(layers: list[list[str]], near: Mapping[str, list[str]]) -> dict[str, float]:
    """Let every node drift to the middle of its neighbours, in turns from the right and from the left."""
    rows = {node: float(at) for layer in layers for at, node in enumerate(layer)}
    for sweep in range(_SWEEPS):
        for layer in reversed(layers) if sweep % 2 == 0 else layers:
            wanted = {node: _middle([rows[other] for other in near[node]], rows[node]) for node in layer}
            layer.sort(key=lambda node: (wanted[node], rows[node]))
            _settle(layer, wanted, rows)
    top = min(rows.values(), default=0.0)
    return {node: row - top for node, row in rows.items()}


def _settle(layer: list[str], wanted: Mapping[str, float], rows: dict[str, float]) -> None:
    """Give the nodes of a column rows near the wanted ones, in that order and at least 1 apart.

    Nodes that want the same place form a block, which stands at the middle of what its members want.
    """
    blocks: list[list[str]] = []
    tops: list[float] = []
    for node in layer:
        block, top = [node], wanted[node]
        while blocks and top < tops[-1] + len(blocks[-1]):
            block = [*blocks.pop(), *block]
            tops.pop()
            top = sum(wanted[each] - at for at, each in enumerate(block)) / len(block)
        blocks.append(block)
        tops.append(top)
    for block, top in zip(blocks, tops, strict=True):
        for at, node in enumerate(block):
            rows[node] = top + at


def _middle(values: list[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
