"""Lineage of one run: what something rests on, what came of it, who learned of it. A view: the log is the truth."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from worldloom.provenance.errors import LineageError
from worldloom.provenance.events_block import EventRow
from worldloom.provenance.log_reader import LogReader
from worldloom.provenance.storage import Storage

from .build import Index, build
from .find import Found, find_bytes, find_file, find_name, find_place
from .kinds import SCENARIO, NodeKind, kind_of_name
from .render import graphml, node_link, text_tree
from .told import Fact, Knower, Talk, Telling

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
        self._index = index
        self._talk = Talk(tellings)
        self._log = log

    @classmethod
    def of(cls, storage: Storage, trainings: Iterable[Storage] = ()) -> Lineage:
        """Read the log of a run folder as its last checkpoint commits to it; `trainings` are logs of trainings at hand.

        Raises LineageError for a body of the wrong shape; FormatError, StorageError or LogError as LogReader does.
        """
        log = LogReader(storage)
        built = build(log, trainings)
        return cls(built.graph, built.index, built.tellings, log)

    def find(self, name: str | bytes | Path) -> Found:
        """Find the node that an id, a digest or its beginning, a path, or a file's bytes stand for.

        Raises LineageError where nothing fits, or more than one thing.
        """
        found = None
        if isinstance(name, bytes):
            found = find_bytes(self.graph, self._index, name)
        elif isinstance(name, str):
            found = find_name(self.graph, self._index, name)
        if found is None and not isinstance(name, bytes) and Path(name).is_file():
            found = find_file(self.graph, self._index, Path(name))
            found = found or find_place(self._index, Path(name))
        if found is None:
            what = f"a file of {len(name)} bytes" if isinstance(name, bytes) else str(name)[:200]
            raise LineageError(
                f"{what}: this run's log holds nothing of that name, digest or content; use an id such as agent-3 or "
                "decision-36060-3-0, six or more digits of a digest, or a file that the run made"
            )
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
        facts = self.graph.nodes[self.resolve(node)]
        if facts["entry"] < 0:
            return None
        content = self._log.content(facts["entry"])
        if content is None:
            return None
        if facts["kind"] == NodeKind.EVENT:
            row: EventRow = content.rows[facts["row"]]
            return row
        return content["personas"][facts["row"]] if facts["kind"] == NodeKind.PERSONA else content

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
        return text_tree(self.graph, self.resolve(name), depth, self.body)

    def to_graphml(self, name: str | bytes | Path) -> str:
        """Return the node and all that it rests on as GraphML; raises LineageError."""
        return graphml(self._part(name))

    def to_json(self, name: str | bytes | Path) -> dict[str, Any]:
        """Return the node and all that it rests on as `of`, `nodes`, `edges` (effect to cause); raises LineageError."""
        return node_link(self._part(name), self.resolve(name))

    def _part(self, name: str | bytes | Path) -> nx.DiGraph:
        import networkx as nx  # noqa: PLC0415  (heavy)

        node = self.resolve(name)
        part = nx.DiGraph()  # networkx's own subgraph view has the order of a set
        part.add_nodes_from((each, self.graph.nodes[each]) for each in self._ordered({node, *self.ancestors(node)}))
        part.add_edges_from(
            (effect, cause, facts) for effect in part for _, cause, facts in self.graph.out_edges(effect, data=True)
        )
        return part

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
