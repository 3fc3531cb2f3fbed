"""A piece of lineage to be drawn or handed on: nodes with their facts, the edges between them, which log it is from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import networkx as nx


class Edge(NamedTuple):
    """An effect, the cause that it rests on, and how (`Relation`)."""

    effect: str
    cause: str
    relation: str


class Source(NamedTuple):
    """The log that something was read from: run id, log origin, number of entries, hex log root of its checkpoint."""

    run: str
    origin: str
    size: int
    root: str


@dataclass(frozen=True)
class Part:
    """Some nodes of a run's lineage and all edges between them, in the order of the log.

    `of` are the nodes that were asked about. `whole` is False where only the nearest nodes are in it. `contents` maps
    those of `of` that are entries of the log to their hex content digests.
    """

    source: Source
    of: tuple[str, ...]
    nodes: Mapping[str, Mapping[str, Any]]
    edges: tuple[Edge, ...]
    whole: bool = True
    contents: Mapping[str, str] | None = None

    def graph(self) -> nx.DiGraph:
        """Return it as a networkx DiGraph, edges from effect to cause, for networkx' own analysis."""
        import networkx as nx  # noqa: PLC0415  (heavy)

        graph = nx.DiGraph()
        graph.add_nodes_from(self.nodes.items())
        graph.add_edges_from((edge.effect, edge.cause, {"relation": edge.relation}) for edge in self.edges)
        return graph

    def __iter__(self) -> Iterator[str]:
        return iter(self.nodes)
