"""What a made thing rests on, as a small drawing from scenario to file: boxes in columns, lines. No markup here.

The lineage graph of a thing reaches back to the world's beginning; the drawing shows what a person asks for first: who,
remembering what, decided, with which prompt and which model.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from worldloom.provenance.lineage import Lineage, NodeKind
from worldloom.worlds.clock import clock_text

from .happenings import in_words
from .naming import Names

BOX, ROW, COLUMN, HIGH = 148, 52, 186, 38
"""Width of a box, height of a row, width of a column, height of a box."""
MOST_ROWS = 4
"""Boxes of one column; of more memories the first are shown."""
_LETTERS = 18

_COLUMNS: Mapping[str, int] = {
    NodeKind.SCENARIO: 0,
    NodeKind.GENESIS: 0,
    NodeKind.PERSONA: 1,
    NodeKind.EVENT: 1,
    NodeKind.TRAINING: 1,
    NodeKind.MEMORY: 2,
    NodeKind.MODEL: 2,
    NodeKind.REQUEST: 2,
    NodeKind.DECISION: 3,
    NodeKind.ARTIFACT: 4,
}
"""Where a node stands by its kind; what the file itself was made with stands right before it."""
_WITH, _LAST = 4, 5
_ROOTS = (NodeKind.SCENARIO, NodeKind.GENESIS)


class Box(NamedTuple):
    """A node: its place, what it is, a short name, the whole name, and where a click leads ("" for nowhere)."""

    x: int
    y: int
    kind: str
    label: str
    whole: str
    link: str


class Ancestry(NamedTuple):
    """Boxes, the lines between them as SVG paths from cause to effect, and the drawing's size."""

    boxes: tuple[Box, ...]
    lines: tuple[str, ...]
    width: int
    height: int


def ancestry(lineage: Lineage, names: Names, thing: str) -> Ancestry | None:
    """Return the drawing of one artifact by its node; None where the lineage does not know it."""
    graph = lineage.graph
    if thing not in graph:
        return None
    rows: dict[int, list[str]] = {}
    own = _of(graph, thing, (NodeKind.REQUEST, NodeKind.MODEL))
    for node in _shown(graph, thing):
        column = _LAST if node == thing else _column(graph, node, own)
        if len(rows.setdefault(column, [])) < MOST_ROWS:
            rows[column].append(node)
    used = sorted(rows)
    tallest = max(map(len, rows.values()))
    places: dict[str, tuple[int, int]] = {}
    for at, column in enumerate(used):
        above = (tallest - len(rows[column])) * ROW // 2
        places |= {node: (at * COLUMN, above + number * ROW + 6) for number, node in enumerate(rows[column])}
    boxes = tuple(_box(lineage, names, node, places[node], node in own) for column in used for node in rows[column])
    edges = sorted((cause, effect) for effect in places for cause in graph.successors(effect) if cause in places)
    lines = tuple(_line(places[cause], places[effect]) for cause, effect in edges if _drawn(graph, cause, effect))
    return Ancestry(boxes, lines, (len(used) - 1) * COLUMN + BOX, tallest * ROW)


def _column(graph: Any, node: str, own: Iterable[str]) -> int:
    kind = graph.nodes[node]["kind"]
    if node in own:
        return _WITH
    if kind == NodeKind.TRAINING and any(model in own for model in graph.predecessors(node)):
        return _WITH - 1
    return _COLUMNS.get(kind, 2)


def _drawn(graph: Any, cause: str, effect: str) -> bool:
    """Whether a line is drawn: everything rests on the beginning, which only people are shown to."""
    return graph.nodes[cause]["kind"] not in _ROOTS or graph.nodes[effect]["kind"] in (NodeKind.PERSONA, *_ROOTS)


def _shown(graph: Any, thing: str) -> list[str]:
    """Return the thing, what it was made from, the decision behind it and what that rests on, nearest first."""
    found = {thing: None}
    for node in graph.successors(thing):
        found[node] = None
    for decision in [node for node in found if graph.nodes[node]["kind"] == NodeKind.DECISION]:
        found |= dict.fromkeys(graph.successors(decision))
    for memory in [node for node in found if graph.nodes[node]["kind"] == NodeKind.MEMORY]:
        found |= dict.fromkeys(graph.successors(memory))
    for model in [node for node in found if graph.nodes[node]["kind"] == NodeKind.MODEL]:
        found |= dict.fromkeys(graph.successors(model))
    for made in [node for node in found if node != thing and graph.nodes[node]["kind"] == NodeKind.ARTIFACT]:
        found |= dict.fromkeys(_of(graph, made, (NodeKind.REQUEST, NodeKind.MODEL)))
    found |= dict.fromkeys(node for node in ("genesis", "scenario") if node in graph)
    return list(found)


def _of(graph: Any, node: str, kinds: Iterable[str]) -> list[str]:
    return [each for each in graph.successors(node) if graph.nodes[each]["kind"] in kinds]


def _box(lineage: Lineage, names: Names, node: str, place: tuple[int, int], own: bool) -> Box:
    facts = lineage.graph.nodes[node]
    kind = str(facts["kind"])
    whole, link = _told(lineage, names, node, kind, facts)
    if kind == NodeKind.REQUEST:
        whole = f"{'for the file' if own else 'for the decision'}, {whole}"
    label = whole if len(whole) <= _LETTERS else whole[: _LETTERS - 1].rstrip() + "…"
    return Box(*place, _KINDS.get(kind, kind), label, whole, link)


_KINDS = {"request": "prompt", "genesis": "world", "artifact": "file", "training": "training"}


def _told(lineage: Lineage, names: Names, node: str, kind: str, facts: Mapping[str, Any]) -> tuple[str, str]:
    """Return a node in words, and the anchor on the page."""
    what = str(facts.get("what", ""))
    if kind == NodeKind.EVENT:
        row = lineage.body(node)
        return (in_words(row, names) if row is not None else "erased"), f"#{node}"
    if kind == NodeKind.DECISION:
        what = f"{what or 'decided'}, {clock_text(facts['time']).rpartition(' ')[2]}"
    elif kind == NodeKind.REQUEST:
        what = node.removeprefix("request:")[:12] + "…"
    words = {
        NodeKind.PERSONA: names.person(node),
        NodeKind.MEMORY: node.replace("-", " "),
        NodeKind.TRAINING: "signed log of its training",
        NodeKind.GENESIS: "as it began",
    }
    links = {
        NodeKind.PERSONA: f"#{node}",
        NodeKind.MODEL: "#models",
        NodeKind.TRAINING: "#models",
        NodeKind.SCENARIO: "#top",
        NodeKind.GENESIS: "#map",
    }
    return words.get(NodeKind(kind), what), links.get(NodeKind(kind), "")


def _line(cause: tuple[int, int], effect: tuple[int, int]) -> str:
    """Return a curve from the right side of a cause to the left side of an effect, or round to one in its column."""
    x1, y1, x2, y2 = cause[0] + BOX, cause[1] + HIGH // 2, effect[0], effect[1] + HIGH // 2
    if x2 < x1:
        x2, bend = effect[0] + BOX, 18
        return f"M{x1} {y1}C{x1 + bend} {y1} {x2 + bend} {y2} {x2} {y2}"
    bend = (x2 - x1) // 2
    return f"M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"
