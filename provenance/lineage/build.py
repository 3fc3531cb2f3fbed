"""Reads a log once and makes the lineage graph of it, with the indexes to find nodes by. Answers no question."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from worldloom.provenance.digests import ARTIFACT, PROMPT, digest_bytes, digest_json
from worldloom.provenance.entry import Entry, EntryKind
from worldloom.provenance.errors import LineageError
from worldloom.provenance.events_block import EventBlock, EventRow
from worldloom.provenance.ids import EventId
from worldloom.provenance.log_reader import LogReader
from worldloom.provenance.parent import Parent, parent_of
from worldloom.provenance.storage import Storage

from .kinds import (
    GENESIS,
    SCENARIO,
    NodeKind,
    Relation,
    content_node,
    data_node,
    kind_of_name,
    model_node,
    prov_type,
    request_node,
    run_node,
    training_node,
)
from .told import Telling
from .trained import Trainings

if TYPE_CHECKING:
    import networkx as nx

_SHORT = 120
"""Characters of a title or a phrase that a node keeps; whole texts stay in the bodies."""


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


class Builder:
    """Turns entries into nodes and edges; raises LineageError for a body that is not what its kind says."""

    def __init__(self, log: LogReader, trainings: Iterable[Storage] = ()) -> None:
        import networkx as nx  # noqa: PLC0415  (heavy)

        self.graph: nx.DiGraph = nx.DiGraph()
        self.index = Index()
        self.tellings: list[Telling] = []
        self._log = log
        self._trainings = Trainings(trainings)
        self._generators: dict[str, str] = {}
        self._items: dict[str, str] = {}
        self._crowd = False
        """Artifact digest of an item, as events tell."""

    def read(self) -> None:
        """Read every entry that has content; the end of a run leads nowhere."""
        for number, entry in enumerate(self._log.entries()):
            if entry.has_content and entry.kind != EntryKind.END:
                self._read_entry(number, entry)

    def _read_entry(self, number: int, entry: Entry) -> None:
        body = self._log.content(number)
        digest = entry.content.hex()
        if body is None:
            self._erased(number, entry, digest)
            return
        try:
            node = self._readers.get(entry.kind, Builder._other)(self, number, entry, body)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise LineageError(
                f"log entry {number}: not the body of its kind {entry.kind:#x} ({type(error).__name__}: {error}); "
                "run `worldloom audit` to see what else is wrong"
            ) from error
        self.index.contents[digest] = node

    def _erased(self, number: int, entry: Entry, digest: str) -> None:
        node = content_node(digest)
        self._add(node, NodeKind.MISSING, number, time=entry.time, what="erased")
        self.index.contents[digest] = node

    # --- the kinds -----------------------------------------------------------------------------------------------

    def _scenario(self, number: int, entry: Entry, body: Mapping[str, Any]) -> str:
        scenario = body["scenario"]
        self._add(SCENARIO, NodeKind.SCENARIO, number, time=entry.time, what=scenario["name"], source=body["source"])
        self.index.payloads[body["source"]] = SCENARIO
        for kind, identity in body["generators"].items():
            self._generators[kind] = self._model(identity)
        self._file(number, SCENARIO)
        if (parent := parent_of(body)) is not None:
            self._fork_of(parent, number)
        return SCENARIO

    def _fork_of(self, parent: Parent, number: int) -> None:
        """Lead on to the run whose past this one shares, and to the log in which that past can be looked up."""
        node, facts = run_node(parent.run), parent.content()
        del facts["scenario"], facts["run"]
        what = f"to content {parent.content_count}, root {parent.content_root[:12]}…"
        self._add(node, NodeKind.RUN, number, what=what, **facts)
        self._edge(SCENARIO, node, Relation.DERIVED)

    def _genesis(self, number: int, entry: Entry, body: Mapping[str, Any]) -> str:
        self._add(GENESIS, NodeKind.GENESIS, number, time=entry.time, what="the world at its beginning")
        self._parents(GENESIS, body["parents"], Relation.DERIVED)
        self._crowd = "crowd" in body
        for place, persona in enumerate(body["personas"]):
            agent = persona["agent"]
            what = f"{persona['name']}, {persona['job']}"
            self._add(agent, NodeKind.PERSONA, number, row=place, time=entry.time, what=what, agent=agent)
            self._edge(agent, GENESIS, Relation.DERIVED)
        return GENESIS

    def _decision(self, number: int, entry: Entry, body: Mapping[str, Any]) -> str:
        node, agent = body["id"], body["agent"]
        action = body["action"]
        purpose = "" if body["purpose"] == action["kind"] else f"{body['purpose']}:"
        what = _join(purpose, action["kind"], action["arguments"].get("craft"), body["reason"])
        self._add(node, NodeKind.DECISION, number, time=entry.time, agent=agent, what=what, status=body["status"])
        request = self._request(body["request"], body["prompt"], number, entry.time, agent)
        self._edge(node, request, Relation.USED)
        self._edge(node, self._generators[body["generator"]], Relation.USED)
        self._edge(node, agent, Relation.ASSOCIATED)
        for memory in body["memories"]:
            self._edge(node, self._memory(memory["id"], memory["source"]), Relation.USED)
        for event in body["observed"]:
            self._edge(node, event, Relation.INFORMED)
        self._parents(node, body["parents"], Relation.USED)
        return str(node)

    def _artifact(self, number: int, entry: Entry, body: Mapping[str, Any]) -> str:
        recipe, node = body["recipe"], digest_json(ARTIFACT, body).hex()
        self._add(
            node,
            NodeKind.ARTIFACT,
            number,
            time=entry.time,
            agent=recipe["agent"],
            what=_join(recipe["parameters"].get("craft", recipe["kind"]), body["title"]),
            media_type=body["media_type"],
        )
        self._parents(node, recipe["parents"], Relation.GENERATED)
        self._making(node, recipe, number)
        self.index.payloads.setdefault(body["payload"], node)
        self._file(number, node)
        return node

    def _export(self, number: int, entry: Entry, body: Mapping[str, Any]) -> str:
        recipe, node = body["recipe"], body["path"]
        self._add(
            node,
            NodeKind.EXPORT,
            number,
            time=entry.time,
            agent=recipe["agent"],
            what=_join(recipe["kind"], "export"),
            media_type=body["media_type"],
        )
        self._parents(node, recipe["parents"], Relation.DERIVED)
        self._making(node, recipe, number)
        self._file(number, node)
        return str(node)

    def _events(self, number: int, entry: Entry, block: EventBlock) -> str:
        del entry
        for place, row in enumerate(block.rows):
            self._event(str(EventId(block.time, block.range, place)), number, place, row)
        return str(EventId(block.time, block.range, 0))

    def _other(self, number: int, entry: Entry, body: Any) -> str:
        node = content_node(entry.content.hex())
        self._add(node, NodeKind.OTHER, number, time=entry.time, what=str(body.get("type", "")))
        self._parents(node, body.get("parents", ()), Relation.DERIVED)
        return node

    _readers: ClassVar[Mapping[int, Callable[[Builder, int, Entry, Any], str]]] = {
        EntryKind.SCENARIO: _scenario,
        EntryKind.GENESIS: _genesis,
        EntryKind.DECISION: _decision,
        EntryKind.ARTIFACT: _artifact,
        EntryKind.EXPORT: _export,
        EntryKind.EVENTS: _events,
    }

    # --- their parts ---------------------------------------------------------------------------------------------

    def _event(self, node: str, number: int, place: int, row: EventRow) -> None:
        actor, detail = row.actor or "world", row.detail if isinstance(row.detail, dict) else {}
        what = _join(row.kind, row.target)
        self._add(node, NodeKind.EVENT, number, row=place, time=row.time, agent=actor, what=what)
        self._edge(node, row.cause or (SCENARIO if actor == SCENARIO else GENESIS), Relation.INFORMED)
        if kind_of_name(actor) == NodeKind.PERSONA and not self._crowd:
            self._edge(node, actor, Relation.ASSOCIATED)
        if source := detail.get("source"):
            self._edge(node, source, Relation.INFORMED)
            self.tellings.append(_telling(node, row, detail, source))
        if artifact := self._shown(row, detail):
            self._edge(node, artifact, Relation.USED)

    def _shown(self, row: EventRow, detail: Mapping[str, Any]) -> str:
        """Return the artifact that an event is about: its detail names it, or an earlier event of the same item did."""
        artifact = detail.get("artifact", "")
        item = next((name for name in (row.target, detail.get("item")) if _is_item(name)), None)
        if item is None:
            return str(artifact)
        if artifact:
            self._items[item] = artifact
        return self._items.get(item, "")

    def _making(self, node: str, recipe: Mapping[str, Any], number: int) -> None:
        self._edge(node, self._model(recipe["generator"]), Relation.DERIVED)
        if recipe["request"]:
            prompt = digest_bytes(PROMPT, recipe["prompt"].encode()).hex()
            request = self._request(recipe["request"], prompt, number, recipe["time"], recipe["agent"])
            self._edge(node, request, Relation.DERIVED)
        agent = recipe["agent"]
        self._edge(node, agent if kind_of_name(agent) == NodeKind.PERSONA else GENESIS, Relation.ATTRIBUTED)
        for payload in recipe["inputs"]:
            self._edge(node, self.index.payloads.get(payload, content_node(payload)), Relation.DERIVED)

    def _model(self, identity: Mapping[str, Any]) -> str:
        node = model_node(identity)
        if node not in self.graph or self.graph.nodes[node]["kind"] != NodeKind.MODEL:
            facts = {name: identity[name] for name in ("backend", "model", "weights", "weights_licence")}
            self._add(node, NodeKind.MODEL, -1, what=_join(identity["backend"], identity["model"]), **facts)
            if identity.get("training"):
                self._training(node, identity["training"], identity["weights"])
        return node

    def _training(self, model: str, reference: Mapping[str, Any], weights: str) -> None:
        """Add what made a model's weights, and from what data as far as the training's log is at hand."""
        node, found = training_node(reference), self._trainings.find(reference, weights)
        self._add(node, NodeKind.TRAINING, -1, what=found.what)
        self._edge(model, node, Relation.GENERATED)
        if found.data:
            self._add(data_node(found.data), NodeKind.DATA, -1, what="what it was shown")
            self._edge(node, data_node(found.data), Relation.USED)

    def _request(self, digest: str, prompt: str, number: int, time: int, agent: str) -> str:
        node = request_node(digest)
        self._add(node, NodeKind.REQUEST, number, time=time, agent=agent, what="prompt", prompt=prompt)
        return node

    def _memory(self, node: str, source: str) -> str:
        agent = f"agent-{node.split('-')[1]}"
        if node not in self.graph:
            self._add(node, NodeKind.MEMORY, -1, agent=agent, what="memory")
        self._edge(node, agent, Relation.ATTRIBUTED)
        if source:
            self._edge(node, source, Relation.DERIVED)
        return node

    def _parents(self, node: str, digests: Iterable[str], relation: Relation) -> None:
        for digest in digests:
            self._edge(node, self.index.contents.get(digest, content_node(digest)), relation)

    def _file(self, number: int, node: str) -> None:
        evidence = self._log.evidence(number)
        if evidence is None:
            return
        self.graph.nodes[node].update(path=evidence["path"], file=evidence["file"])
        self.index.paths[evidence["path"]] = node
        for digest in (evidence["file"], evidence["sidecar"]):
            if digest:
                self.index.files[digest] = node

    def _add(self, node: str, kind: NodeKind, entry: int, **facts: Any) -> None:
        if facts.get("what"):
            facts["what"] = facts["what"][:_SHORT]
        self.graph.add_node(node, kind=str(kind), prov=prov_type(kind), entry=entry, **facts)

    def _edge(self, effect: str, cause: str, relation: Relation) -> None:
        if cause not in self.graph:
            self._add(cause, NodeKind.MISSING, -1, what=f"{kind_of_name(cause)} that the log does not hold")
        if not self.graph.has_edge(effect, cause):
            self.graph.add_edge(effect, cause, relation=str(relation))


def build(log: LogReader, trainings: Iterable[Storage] = ()) -> Builder:
    """Read a whole log; raises LineageError, and what LogReader raises for malformed files.

    `trainings` are logs of trainings that are at hand.
    """
    builder = Builder(log, trainings)
    builder.read()
    return builder


def _telling(node: str, row: EventRow, detail: Mapping[str, Any], source: str) -> Telling:
    # Nobody may have heard it, not even the one spoken to.
    heard = tuple(detail.get("heard", [row.target] if row.target else []))
    return Telling(node, row.time, row.actor or "", row.place or "", heard, source)


def _is_item(name: Any) -> bool:
    return isinstance(name, str) and name.startswith("item-")


def _join(*words: Any) -> str:
    return " ".join(str(word) for word in words if word)
