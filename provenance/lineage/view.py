"""Lineage of one run: what something rests on, what came of it, who learned of it. A view: the log is the truth."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from worldloom.provenance.errors import LineageError
from worldloom.provenance.folder import read_run
from worldloom.provenance.log_reader import LogReader
from worldloom.provenance.storage import Storage

from .bodies import body_of
from .build import Builder, refuse_circle
from .exports.plain import graphml, node_link
from .find import Found, GraphNames, find, unknown
from .kinds import SCENARIO, NodeKind, kind_of_name
from .part import Edge, Part, Source
from .sink import GraphSink, Index
from .told import Fact, Knower, Talk, Telling
from .tree import GraphBranches, text_tree

if TYPE_CHECKING:
    import networkx as nx


class Lineage:
    """The graph of a run: `graph` is a networkx DiGraph whose edges go from each effect to its causes.

    Nodes are ids (`agent-3`, `decision-…`, `event-…`, `memory-…`), artifact digests, paths of exports, and
    `scenario`, `genesis`, `model:…`, `request:…`; their attributes are kind, prov, entry (log index, -1: none), what,
    and by kind time (seconds), agent, row, media_type, path, file. Texts stay in the log: `body` reads them.
    """

    def __init__(self, graph: nx.DiGraph, index: Index, tellings: Iterable[Telling], log: LogReader) -> None:
        self.graph = graph
        self._names = GraphNames(graph, index)
        self._talk = Talk(tellings)
        self._log = log

    @classmethod
    def of(cls, storage: Storage, trainings: Iterable[Storage] = ()) -> Lineage:
        """Read the log of a run folder as its last checkpoint commits to it; `trainings` are logs of trainings at hand.

        Raises LineageError for a body of the wrong shape and for what rests on itself; FormatError, StorageError or
        LogError as LogReader does.
        """
        log = LogReader(storage)
        sink = GraphSink()
        Builder(log, sink, trainings).read()
        refuse_circle(sink.circle())
        return cls(sink.graph, sink.index, sink.tellings, log)

    def find(self, name: str | bytes | Path) -> Found:
        """Find the node that an id, a digest or its beginning, a path, or a file's bytes stand for.

        Raises LineageError where nothing fits, or more than one thing.
        """
        found = find(self._names, name)
        if found is None:
            raise unknown(name)
        return found

    def resolve(self, name: str | bytes | Path) -> str:
        """Return the node that `find` finds; raises LineageError."""
        return self.find(name).node

    def ancestors(self, name: str | bytes | Path) -> tuple[str, ...]:
        """Return everything that it rests on, in the order of the log; raises LineageError."""
        import networkx as nx  # noqa: PLC0415  (heavy)

        return self._ordered(nx.descendants(self.graph, self.resolve(name)))

    def descendants(self, name: str | bytes | Path) -> tuple[str, ...]:
        """Return everything that rests on it, in the order of the log; raises LineageError."""
        import networkx as nx  # noqa: PLC0415  (heavy)

        return self._ordered(nx.ancestors(self.graph, self.resolve(name)))

    def path(self, effect: str | bytes | Path, cause: str | bytes | Path) -> tuple[str, ...]:
        """Return a shortest chain from an effect back to a cause, both ends in it; empty where there is none.

        Raises LineageError for a name that is not found.
        """
        import networkx as nx  # noqa: PLC0415  (heavy)

        try:
            return tuple(nx.shortest_path(self.graph, self.resolve(effect), self.resolve(cause)))
        except nx.NetworkXNoPath:
            return ()

    def body(self, node: str) -> Any:
        """Return what the log says of a node: a map, or an EventRow; None where it says nothing or was erased."""
        return body_of(self._log, self.graph.nodes[self.resolve(node)])

    def knowers(self, fact: str) -> tuple[Knower, ...]:
        """Return who knows of an event along talk, in the order in which they learned, whoever knew first included.

        Follows the `source` of `say` events; raises LineageError for what is no event.
        """
        node = self.resolve(fact)
        if self.graph.nodes[node]["kind"] != NodeKind.EVENT:
            raise LineageError(f"{fact} is no event; name one such as event-21600-w-0")
        return self._talk.spread(node, self._first(node))

    def facts(self) -> tuple[Fact, ...]:
        """Return the events that people told each other about, those that most know of first."""
        found = [Fact(root, len(self.knowers(root))) for root in self._talk.roots() if self._is_event(root)]
        return tuple(sorted(found, key=lambda fact: -fact.knowers))

    def tree(self, name: str | bytes | Path, depth: int = 6) -> str:
        """Return what something rests on as plain text, a line a node, `depth` steps deep; raises LineageError."""
        return text_tree(GraphBranches(self.graph, self._order), self.resolve(name), depth, self.body)

    def to_graphml(self, name: str | bytes | Path) -> str:
        """Return the node and all that it rests on as GraphML; raises LineageError."""
        return graphml(self.part(name))

    def to_json(self, name: str | bytes | Path) -> dict[str, Any]:
        """Return the node and all that it rests on as `of`, `nodes`, `edges` (effect to cause); raises LineageError."""
        return node_link(self.part(name))

    def part(self, name: str | bytes | Path) -> Part:
        """Return the node and all that it rests on; raises LineageError."""
        node, checkpoint = self.resolve(name), self._log.checkpoint
        ordered = self._ordered({node, *self.ancestors(node)})
        edges = (
            Edge(effect, cause, relation)
            for effect in ordered
            for _, cause, relation in sorted(
                self.graph.out_edges(effect, data="relation"), key=lambda edge: self._order[edge[1]]
            )
        )
        source = Source(read_run(self._log.storage).run_id, checkpoint.origin, checkpoint.size, checkpoint.root.hex())
        return Part(source, (node,), {each: self.graph.nodes[each] for each in ordered}, tuple(edges))

    def _is_event(self, node: str) -> bool:
        return node in self.graph and self.graph.nodes[node]["kind"] == NodeKind.EVENT

    def _first(self, event: str) -> list[Knower]:
        """Whoever needs no telling: the one whom the scenario told, else the one who did it."""
        facts = self.graph.nodes[event]
        row = self.body(event)
        agent = facts["agent"]
        if row is not None and agent == SCENARIO:
            agent = row.target or ""
        if kind_of_name(agent) != NodeKind.PERSONA:
            return []
        return [Knower(agent, facts["time"], event, "", "", 0, (row.place or "") if row is not None else "")]

    def _ordered(self, nodes: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(nodes, key=self._order.__getitem__))

    @cached_property
    def _order(self) -> dict[str, int]:
        return {node: place for place, node in enumerate(self.graph)}
