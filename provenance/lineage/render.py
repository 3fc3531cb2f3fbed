"""Lineage as text for people and as GraphML and JSON for tools. Decides nothing about what belongs to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from .kinds import NodeKind

if TYPE_CHECKING:
    import networkx as nx

_DIGEST = re.compile(r"[0-9a-f]{64}")
_DAY = 86_400
_CHILDREN = 12
"""Causes of one kind of relation that a tree lists before it only counts them."""
_QUOTED = 72
"""Characters of a text that a tree quotes."""

Body = Callable[[str], Any]

_VERBS = {
    "wasDerivedFrom": "from",
    "wasGeneratedBy": "made by",
    "used": "used",
    "wasAttributedTo": "of",
    "wasAssociatedWith": "by",
    "wasInformedBy": "after",
}


def clock(time: int) -> str:
    """`day 1, 06:00` for simulated seconds since midnight of day 1."""
    return f"day {time // _DAY + 1}, {time % _DAY // 3600:02d}:{time % 3600 // 60:02d}"


def text_tree(graph: nx.DiGraph, root: str, depth: int, body: Body) -> str:
    """Return lines: the root, and below it its causes; what was shown before is named, not opened again."""
    lines = [line(graph, root, body)]
    shown = {root}
    _branches(graph, root, "", depth, body, lines, shown)
    return "\n".join(lines) + "\n"


def _branches(
    graph: nx.DiGraph, node: str, indent: str, depth: int, body: Body, lines: list[str], shown: set[str]
) -> None:
    edges = _edges(graph, node)
    if depth <= 0:
        if edges:
            lines.append(f"{indent}└─ … {len(edges)} more; look deeper")
        return
    for place, (relation, cause) in enumerate(edges):
        last = place == len(edges) - 1
        head = f"{indent}{'└─' if last else '├─'} "
        if cause is None:
            lines.append(head + relation)
            continue
        again = cause in shown
        shown.add(cause)
        told = f"{head}{_VERBS.get(relation, relation)} {line(graph, cause, body)}"
        lines.append(told + (" (shown above)" if again and graph.out_degree(cause) else ""))
        if not again:
            _branches(graph, cause, f"{indent}{'   ' if last else '│  '}", depth - 1, body, lines, shown)


def _edges(graph: nx.DiGraph, node: str) -> list[tuple[str, str | None]]:
    """Causes by relation, many of one relation cut short by a line that counts the rest."""
    by_relation: dict[str, list[str]] = {}
    for _, cause, relation in graph.out_edges(node, data="relation"):
        by_relation.setdefault(relation, []).append(cause)
    edges: list[tuple[str, str | None]] = []
    for relation, causes in by_relation.items():
        edges += [(relation, cause) for cause in causes[:_CHILDREN]]
        if len(causes) > _CHILDREN:
            edges.append((f"… {len(causes) - _CHILDREN} more {_VERBS.get(relation, relation)}", None))
    return edges


def line(graph: nx.DiGraph, node: str, body: Body) -> str:
    """Return one node in one line: kind, name, what, when, who, and the words themselves where there are some."""
    facts = graph.nodes[node]
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
        parts.append(_who(graph, facts["agent"]))
    words = _words(kind, body(node))
    return ", ".join(parts) + (f": “{one_line(words)}”" if words else "")


def _who(graph: nx.DiGraph, agent: str) -> str:
    what = graph.nodes[agent].get("what", "") if agent in graph else ""
    name = what.rpartition(",")[0]
    return f"{agent} ({one_line(name)})" if name else agent


def _words(kind: str, body: Any) -> str:
    if kind == NodeKind.EVENT and body is not None and isinstance(body.detail, dict):
        return str(body.detail.get("text") or body.detail.get("name", ""))
    if kind == NodeKind.DECISION and isinstance(body, Mapping):
        arguments = body["action"]["arguments"]
        return str(arguments.get("text") or arguments.get("subject") or "")
    return ""


def short(name: str) -> str:
    """Return a node's name with its digests cut to 12 digits."""
    return _DIGEST.sub(lambda match: f"{match[0][:12]}…", name)


def one_line(text: str) -> str:
    """Return a text without line breaks, cut to what a line of the tree holds."""
    flat = " ".join(text.split())
    return flat if len(flat) <= _QUOTED else flat[: _QUOTED - 1] + "…"


def graphml(graph: nx.DiGraph) -> str:
    """Return the graph as GraphML, edges from effect to cause."""
    import networkx as nx  # noqa: PLC0415  (heavy)

    return "\n".join(nx.generate_graphml(graph)) + "\n"


def node_link(graph: nx.DiGraph, of: str) -> dict[str, Any]:
    """Return the graph as JSON values, in the order of its nodes."""
    nodes = [{"id": node, **dict(sorted(facts.items()))} for node, facts in graph.nodes(data=True)]
    edges = [
        {"from": effect, "to": cause, "relation": relation} for effect, cause, relation in graph.edges(data="relation")
    ]
    return {"of": of, "nodes": nodes, "edges": edges}
