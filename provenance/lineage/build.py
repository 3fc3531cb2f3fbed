"""Reads a log from an entry on and tells a sink of its nodes and edges. Holds no graph and answers no question."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from worldloom.provenance.digests import ARTIFACT, PROMPT, digest_bytes, digest_json
from worldloom.provenance.entry import Entry, EntryKind
from worldloom.provenance.errors import LineageError
from worldloom.provenance.events_block import EventBlock, EventRow
from worldloom.provenance.folder import ARTIFACTS
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
    request_node,
    run_node,
    training_node,
)
from .sink import SHORT, By, Sink, missing
from .told import Telling
from .trained import Trainings

_MOST = 2**63 - 1

Edge = tuple[str, Relation]
"""A cause and how something rests on it."""


@dataclass
class Reading:
    """What a builder must still know when the log has grown: integers and text only, so that it can be kept."""

    generators: dict[str, str] = field(default_factory=dict)
    """Model node by kind of generator, as the scenario names them."""
    items: dict[str, str] = field(default_factory=dict)
    """Artifact digest of an item, as events tell."""
    crowd: bool = False
    """Whether the agents have no minds, hence no personas."""


class Builder:
    """Turns entries into nodes and edges; raises LineageError for a body that is not what its kind says.

    Causes are added before their effects wherever the log allows it, so that a node's place is nearly always behind
    the places of everything that it rests on.
    """

    def __init__(
        self, log: LogReader, sink: Sink, trainings: Iterable[Storage] = (), reading: Reading | None = None
    ) -> None:
        self.reading = reading or Reading()
        self._sink = sink
        self._log = log
        self._trainings = Trainings(trainings)
        self._models: set[str] = set()

    def read(self, start: int = 0) -> None:
        """Read every entry from `start` on that has content; the end of a run leads nowhere."""
        for number, entry in enumerate(self._log.entries(start), start):
            if entry.has_content and entry.kind != EntryKind.END:
                self._read_entry(number, entry)

    def _read_entry(self, number: int, entry: Entry) -> None:
        body = self._log.content(number)
        digest = entry.content.hex()
        reader = Builder._erased if body is None else self._readers.get(entry.kind, Builder._other)
        try:
            node = reader(self, number, entry, body)
        except (LookupError, TypeError, AttributeError, ValueError) as error:
            raise LineageError(
                f"log entry {number}: not the body of its kind {entry.kind:#x} ({type(error).__name__}: {error}); "
                "run `worldloom audit` to see what else is wrong"
            ) from error
        self._sink.call(By.CONTENT, digest, node)

    def _erased(self, number: int, entry: Entry, body: None) -> str:
        """Keep the place of what was erased; its file, if its evidence is there, is still known by path and digest."""
        del body
        node = content_node(entry.content.hex())
        evidence = self._log.evidence(number) or {}
        path = str(evidence.get("path", ""))
        if entry.kind == EntryKind.ARTIFACT and path.startswith(ARTIFACTS):
            node = path.rpartition("/")[2].partition(".")[0]
        self._add(node, NodeKind.MISSING, number, time=entry.time, what="erased")
        if path:
            self._file(number, node)
        return node

    # --- the kinds -----------------------------------------------------------------------------------------------

    def _scenario(self, number: int, entry: Entry, body: Mapping[str, Any]) -> str:
        scenario = body["scenario"]
        self._add(SCENARIO, NodeKind.SCENARIO, number, time=entry.time, what=scenario["name"], source=body["source"])
        self._call(By.PAYLOAD, body["source"], SCENARIO)
        for kind, identity in body["generators"].items():
            self.reading.generators[kind] = self._model(identity)
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
        self.reading.crowd = "crowd" in body
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
        request = self._request(body["request"], body["prompt"], number, entry.time, agent)
        memories = [self._memory(memory["id"], memory["source"]) for memory in body["memories"]]
        self._add(node, NodeKind.DECISION, number, time=entry.time, agent=agent, what=what, status=body["status"])
        self._edge(node, request, Relation.USED)
        self._edge(node, self.reading.generators[body["generator"]], Relation.USED)
        self._edge(node, agent, Relation.ASSOCIATED)
        for memory in memories:
            self._edge(node, memory, Relation.USED)
        for event in body["observed"]:
            self._edge(node, event, Relation.INFORMED)
        self._parents(node, body["parents"], Relation.USED)
        return str(node)

    def _artifact(self, number: int, entry: Entry, body: Mapping[str, Any]) -> str:
        recipe, node = body["recipe"], digest_json(ARTIFACT, body).hex()
        making = self._making(recipe, number)
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
        self._edges(node, making)
        if self._sink.called(By.PAYLOAD, body["payload"]) is None:
            self._call(By.PAYLOAD, body["payload"], node)
        self._file(number, node)
        return node

    def _export(self, number: int, entry: Entry, body: Mapping[str, Any]) -> str:
        recipe, node = body["recipe"], body["path"]
        making = self._making(recipe, number)
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
        self._edges(node, making)
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
        if kind_of_name(actor) == NodeKind.PERSONA and not self.reading.crowd:
            self._edge(node, actor, Relation.ASSOCIATED)
        if source := detail.get("source"):
            self._edge(node, source, Relation.INFORMED)
            self._sink.tell(_telling(node, row, detail, source))
        if artifact := self._shown(row, detail):
            self._edge(node, artifact, Relation.USED)

    def _shown(self, row: EventRow, detail: Mapping[str, Any]) -> str:
        """Return the artifact that an event is about: its detail names it, or an earlier event of the same item did."""
        artifact = detail.get("artifact", "")
        item = next((name for name in (row.target, detail.get("item")) if _is_item(name)), None)
        if item is None:
            return str(artifact)
        if artifact:
            self.reading.items[item] = artifact
        return self.reading.items.get(item, "")

    def _making(self, recipe: Mapping[str, Any], number: int) -> list[Edge]:
        """Return what a recipe says that something was made with."""
        found: list[Edge] = [(self._model(recipe["generator"]), Relation.DERIVED)]
        if recipe["request"]:
            prompt = recipe.get("veil") or digest_bytes(PROMPT, recipe["prompt"].encode()).hex()
            request = self._request(recipe["request"], prompt, number, recipe["time"], recipe["agent"])
            found.append((request, Relation.DERIVED))
        agent = recipe["agent"]
        found.append((agent if kind_of_name(agent) == NodeKind.PERSONA else GENESIS, Relation.ATTRIBUTED))
        inputs = (self._sink.called(By.PAYLOAD, payload) or content_node(payload) for payload in recipe["inputs"])
        return [*found, *((node, Relation.DERIVED) for node in inputs)]

    def _model(self, identity: Mapping[str, Any]) -> str:
        node = model_node(identity)
        if node not in self._models:
            self._models.add(node)
            training = self._training(identity["training"], identity["weights"]) if identity.get("training") else ""
            facts = {name: identity[name] for name in ("backend", "model", "weights", "weights_licence")}
            self._add(node, NodeKind.MODEL, -1, what=_join(identity["backend"], identity["model"]), **facts)
            if training:
                self._edge(node, training, Relation.GENERATED)
        return node

    def _training(self, reference: Mapping[str, Any], weights: str) -> str:
        """Add what made a model's weights, and from what data as far as the training's log is at hand."""
        node, found = training_node(reference), self._trainings.find(reference, weights)
        if found.data:
            self._add(data_node(found.data), NodeKind.DATA, -1, what="what it was shown")
        self._add(node, NodeKind.TRAINING, -1, what=found.what)
        if found.data:
            self._edge(node, data_node(found.data), Relation.USED)
        return node

    def _request(self, digest: str, prompt: str, number: int, time: int, agent: str) -> str:
        node = request_node(digest)
        self._add(node, NodeKind.REQUEST, number, time=time, agent=agent, what="prompt", prompt=prompt)
        return node

    def _memory(self, node: str, source: str) -> str:
        agent = f"agent-{node.split('-')[1]}"
        if not self._sink.knows(node):
            self._add(node, NodeKind.MEMORY, -1, agent=agent, what="memory")
        self._edge(node, agent, Relation.ATTRIBUTED)
        if source:
            self._edge(node, source, Relation.DERIVED)
        return node

    def _parents(self, node: str, digests: Iterable[str], relation: Relation) -> None:
        for digest in digests:
            self._edge(node, self._sink.called(By.CONTENT, digest) or content_node(digest), relation)

    def _file(self, number: int, node: str) -> None:
        evidence = self._log.evidence(number)
        if evidence is None:
            return
        self._sink.note(node, path=_plain(evidence["path"]), file=_plain(evidence["file"]))
        self._call(By.PATH, evidence["path"], node)
        for digest in (evidence["file"], evidence["sidecar"]):
            if digest:
                self._call(By.FILE, digest, node)

    def _add(self, node: str, kind: NodeKind, entry: int, what: str = "", **facts: Any) -> None:
        if not isinstance(node, str):
            raise TypeError(f"{type(node).__name__} where a name belongs")
        for value in (what, *facts.values()):
            _plain(value)
        self._sink.add(node, kind, entry, what=what[:SHORT], **facts)

    def _call(self, by: By, name: str, node: str) -> None:
        self._sink.call(by, _plain(name), node)

    def _edges(self, effect: str, causes: Iterable[Edge]) -> None:
        for cause, relation in causes:
            self._edge(effect, cause, relation)

    def _edge(self, effect: str, cause: str, relation: Relation) -> None:
        if not self._sink.knows(cause):
            missing(self._sink, cause)
        self._sink.link(effect, cause, relation)


def refuse_circle(node: str) -> None:
    """Raise LineageError for a node that rests on itself; does nothing for `""`."""
    if node:
        raise LineageError(
            f"{node[:200]}: rests on itself by way of what the log says, which nothing can; run `worldloom audit` to "
            "see what else is wrong with this log"
        )


def _telling(node: str, row: EventRow, detail: Mapping[str, Any], source: str) -> Telling:
    # Nobody may have heard it, not even the one spoken to.
    heard = tuple(detail.get("heard", [row.target] if row.target else []))
    return Telling(node, row.time, row.actor or "", row.place or "", heard, source)


def _plain(value: Any) -> Any:
    """Return text or an integer that a column can hold; raises TypeError or ValueError for anything else."""
    if type(value) is int:
        if not -_MOST <= value <= _MOST:
            raise ValueError(f"{value} is no number of seconds or of entries")
    elif not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} where text or an integer belongs")
    return value


def _is_item(name: Any) -> bool:
    return isinstance(name, str) and name.startswith("item-")


def _join(*words: Any) -> str:
    return " ".join(str(word) for word in words if word)
