"""Where the builder puts nodes and edges: a graph in memory. The tables of lineage.sqlite are another (`tables`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Protocol

from .kinds import NodeKind, Relation, kind_of_name, prov_type
from .told import Telling

if TYPE_CHECKING:
    import networkx as nx

SHORT = 120
"""Characters of a title or a phrase that a node keeps; whole texts stay in the bodies."""


class By(IntEnum):
    """What a node is also known by, besides its name."""

    CONTENT = 1
    """Hex content digest."""
    PAYLOAD = 2
    """Hex plain SHA-256 of the unsigned payload."""
    FILE = 3
    """Hex plain SHA-256 of the stored file or its sidecar."""
    PATH = 4
    """Path in the run folder."""


@dataclass
class Index:
    """Where names lead: hex digests and paths to nodes."""

    contents: dict[str, str] = field(default_factory=dict)
    """By content digest."""
    payloads: dict[str, str] = field(default_factory=dict)
    """By plain SHA-256 of the unsigned payload."""
    files: dict[str, str] = field(default_factory=dict)
    """By plain SHA-256 of the stored file or its sidecar."""
    paths: dict[str, str] = field(default_factory=dict)
    """By path in the run folder."""

    def table(self, by: By) -> dict[str, str]:
        """Return the table of one kind of name."""
        return {By.CONTENT: self.contents, By.PAYLOAD: self.payloads, By.FILE: self.files, By.PATH: self.paths}[by]


class Sink(Protocol):
    """What a builder needs of whatever holds the graph."""

    def add(self, node: str, kind: NodeKind, entry: int, **facts: Any) -> None:
        """Add a node, or facts to one that is there; `entry` is a log index, -1 for none."""
        ...

    def note(self, node: str, **facts: Any) -> None:
        """Add facts to a node that is there."""
        ...

    def knows(self, node: str) -> bool:
        """Whether the node is there."""
        ...

    def link(self, effect: str, cause: str, relation: Relation) -> None:
        """Add an edge between nodes that are there; of two between the same, the first stays."""
        ...

    def call(self, by: By, name: str, node: str) -> None:
        """Remember another name of a node; a later node takes it over."""
        ...

    def called(self, by: By, name: str) -> str | None:
        """Return the node of that name."""
        ...

    def tell(self, telling: Telling) -> None:
        """Remember that something was passed on in talk."""
        ...


def missing(sink: Sink, node: str) -> None:
    """Add a node that something refers to and that the log does not hold."""
    sink.add(node, NodeKind.MISSING, -1, what=f"{kind_of_name(node)} that the log does not hold"[:SHORT])


class GraphSink:
    """A networkx DiGraph and its index, in memory."""

    def __init__(self) -> None:
        import networkx as nx  # noqa: PLC0415  (heavy)

        self.graph: nx.DiGraph = nx.DiGraph()
        self.index = Index()
        self.tellings: list[Telling] = []

    def add(self, node: str, kind: NodeKind, entry: int, **facts: Any) -> None:
        """Add a node, or facts to one that is there."""
        self.graph.add_node(node, kind=str(kind), prov=prov_type(kind), entry=entry, **facts)

    def note(self, node: str, **facts: Any) -> None:
        """Add facts to a node that is there."""
        self.graph.nodes[node].update(facts)

    def knows(self, node: str) -> bool:
        """Whether the node is there."""
        return node in self.graph

    def link(self, effect: str, cause: str, relation: Relation) -> None:
        """Add an edge; of two between the same nodes the first stays."""
        if not self.graph.has_edge(effect, cause):
            self.graph.add_edge(effect, cause, relation=str(relation))

    def call(self, by: By, name: str, node: str) -> None:
        """Remember another name of a node."""
        self.index.table(by)[name] = node

    def called(self, by: By, name: str) -> str | None:
        """Return the node of that name."""
        return self.index.table(by).get(name)

    def tell(self, telling: Telling) -> None:
        """Remember that something was passed on in talk."""
        self.tellings.append(telling)

    def circle(self) -> str:
        """Return a node that rests on itself, `""` where there is none."""
        import networkx as nx  # noqa: PLC0415  (heavy)

        return "" if nx.is_directed_acyclic_graph(self.graph) else str(nx.find_cycle(self.graph)[0][0])
