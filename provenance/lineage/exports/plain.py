"""Lineage as JSON and as GraphML, for tools that read graphs."""

from __future__ import annotations

from typing import Any

from worldloom.provenance.lineage.part import Part

from .escaping import xml_text


def node_link(part: Part) -> dict[str, Any]:
    """Return a part as JSON values: `of`, `nodes`, `edges` (effect to cause), in the order of the log."""
    nodes = [{"id": node, **dict(sorted(facts.items()))} for node, facts in part.nodes.items()]
    edges = [{"from": effect, "to": cause, "relation": relation} for effect, cause, relation in part.edges]
    return {"of": part.of[0] if len(part.of) == 1 else list(part.of), "nodes": nodes, "edges": edges}


def graphml(part: Part) -> str:
    """Return a part as GraphML, edges from effect to cause."""
    import networkx as nx  # noqa: PLC0415  (heavy)

    graph = nx.DiGraph()
    for node, facts in part.nodes.items():
        clean = {name: xml_text(value) if isinstance(value, str) else value for name, value in facts.items()}
        graph.add_node(xml_text(node), **clean)
    for effect, cause, relation in part.edges:
        graph.add_edge(xml_text(effect), xml_text(cause), relation=relation)
    return "\n".join(nx.generate_graphml(graph)) + "\n"
