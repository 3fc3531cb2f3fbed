"""Lineage as a text tree for people. Decides nothing about what belongs to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from .kinds import NodeKind, Relation
from .words import clock, one_line, short

if TYPE_CHECKING:
    import networkx as nx

_CHILDREN = 12
"""Causes of one kind of relation that a tree lists before it only counts them."""

_LINES = 400
"""Lines of a tree: what is wider is better asked for as rows."""

Body = Callable[[str], Any]

_VERBS = {
    Relation.GENERATED: "made by",
    Relation.ASSOCIATED: "by",
    Relation.ATTRIBUTED: "of",
    Relation.INFORMED: "after",
    Relation.USED: "used",
    Relation.DERIVED: "from",
}
"""How a cause is introduced; in the order in which a node's causes are listed."""


class Branches(Protocol):
    """What a tree needs of whatever holds the graph."""

    def known(self, node: str) -> Mapping[str, Any] | None:
        """Return a node's facts; None for what is no node."""
        ...

    def rests_on(self, node: str) -> Iterable[tuple[str, str]]:
        """Return a node's causes in the order of the log, each with its relation."""
        ...


class GraphBranches:
    """A graph in memory; `order` has the place of each node in the log."""

    def __init__(self, graph: nx.DiGraph, order: Mapping[str, int]) -> None:
        self._graph, self._order = graph, order

    def known(self, node: str) -> Mapping[str, Any] | None:
        """Return a node's facts; None for what is no node."""
        facts: Mapping[str, Any] | None = self._graph.nodes.get(node)
        return facts

    def rests_on(self, node: str) -> Iterable[tuple[str, str]]:
        """Return a node's causes in the order of the log, each with its relation."""
        edges = ((cause, relation) for _, cause, relation in self._graph.out_edges(node, data="relation"))
        return sorted(edges, key=lambda edge: self._order[edge[0]])


def text_tree(branches: Branches, root: str, depth: int, body: Body) -> str:
    """Return lines: the root, and below it its causes; what was shown before is named, not opened again."""
    lines = [line(branches, root, body)]
    shown = {root}
    _open(branches, root, "", depth, body, lines, shown)
    if len(lines) > _LINES:
        lines[_LINES:] = ["… and so on: too wide for a tree; ask for its ancestors as rows"]
    return "\n".join(lines) + "\n"


def _open(
    branches: Branches, node: str, indent: str, depth: int, body: Body, lines: list[str], shown: set[str]
) -> None:
    edges = _edges(branches, node)
    if depth <= 0:
        if edges:
            lines.append(f"{indent}└─ … {len(edges)} more; look deeper")
        return
    for place, (relation, cause) in enumerate(edges):
        if len(lines) > _LINES:
            return
        last = place == len(edges) - 1
        head = f"{indent}{'└─' if last else '├─'} "
        if cause is None:
            lines.append(head + relation)
            continue
        again = cause in shown
        shown.add(cause)
        told = f"{head}{_VERBS[Relation(relation)]} {line(branches, cause, body)}"
        lines.append(told + (" (shown above)" if again and _edges(branches, cause) else ""))
        if not again:
            _open(branches, cause, f"{indent}{'   ' if last else '│  '}", depth - 1, body, lines, shown)


def _edges(branches: Branches, node: str) -> list[tuple[str, str | None]]:
    """Causes by relation, many of one relation cut short by a line that counts the rest."""
    by_relation: dict[str, list[str]] = {}
    for cause, relation in branches.rests_on(node):
        by_relation.setdefault(relation, []).append(cause)
    edges: list[tuple[str, str | None]] = []
    for relation in _VERBS:
        causes = by_relation.get(relation, [])
        edges += [(relation, cause) for cause in causes[:_CHILDREN]]
        if len(causes) > _CHILDREN:
            edges.append((f"… {len(causes) - _CHILDREN} more {_VERBS[Relation(relation)]}", None))
    return edges


def line(branches: Branches, node: str, body: Body) -> str:
    """Return one node in one line: kind, name, what, when, who, and the words themselves where there are some."""
    facts = branches.known(node)
    if facts is None:
        raise KeyError(node)
    kind = facts["kind"]
    name = short(node.removeprefix(f"{kind}:"))
    parts = [kind if name == kind else f"{kind} {name}"]
    if facts.get("prompt"):
        parts.append(f"prompt {short(facts['prompt'])}")
    elif facts.get("what") and kind != NodeKind.MODEL and facts["what"] != kind:
        parts.append(one_line(facts["what"]))
    if "time" in facts:
        parts.append(clock(facts["time"]))
    if facts.get("agent") and facts["agent"] != node:
        parts.append(_who(branches, facts["agent"]))
    words = _words(kind, body(node))
    return ", ".join(parts) + (f": “{one_line(words)}”" if words else "")


def _who(branches: Branches, agent: str) -> str:
    what = (branches.known(agent) or {}).get("what", "")
    name = what.rpartition(",")[0]
    return f"{agent} ({one_line(name)})" if name else agent


def _words(kind: str, body: Any) -> str:
    if kind == NodeKind.EVENT and body is not None and isinstance(body.detail, dict):
        return str(body.detail.get("text") or body.detail.get("name", ""))
    if kind == NodeKind.DECISION and isinstance(body, Mapping):
        arguments = body["action"]["arguments"]
        return str(arguments.get("text") or arguments.get("subject") or "")
    return ""
