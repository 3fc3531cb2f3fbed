"""One reading of a run's log for the report: people, things, talk, doings, in the log's order. Shows nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from worldloom.agents.portraits import SLOT
from worldloom.provenance.digests import ARTIFACT, digest_json
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.events_block import EventBlock, EventRow
from worldloom.provenance.ids import EventId
from worldloom.provenance.log_reader import LogReader

NOTICED = ("see", "read", "use", "take", "give", "sing")
"""Events by which somebody meets a made thing."""
PUT_UP = "put up"
"""What `noticed` calls a `use` by which a thing is put up; it maps to places."""
SUNG, HEARD = "sung", "hear"
"""What `noticed` calls the places where a song was sung, and those who heard it."""


class Thing(NamedTuple):
    """An artifact or export as logged: its name (digest, or path), content body and evidence body (empty if erased)."""

    name: str
    body: Mapping[str, Any]
    evidence: Mapping[str, Any]


class Logged(NamedTuple):
    """A block of events and the number of its log entry."""

    entry: int
    block: EventBlock


class Said(NamedTuple):
    """A `say` event and its id."""

    event: str
    row: EventRow


@dataclass
class Record:
    """What the report tells of.

    `artifacts` are the things that people made; `words` those of songs by their payload's digest, which the tunes name;
    `portraits` fill the slots of genesis, by agent. `noticed` maps an artifact's digest and an event's kind to who met
    it so, in order: the actors, for `give` those who were given it, for PUT_UP and SUNG the places. `doings` are all
    rows of agents but talk, in the order of the log; `blocks` are all events as logged; `starts` is the evidence of
    every process; `certificates` is that of the signers by serial number, `measures` what the scenario counted.
    """

    scenario: Mapping[str, Any] = field(default_factory=dict)
    genesis: Mapping[str, Any] = field(default_factory=dict)
    start: int = 0
    end: int = 0
    artifacts: list[Thing] = field(default_factory=list)
    words: dict[str, Thing] = field(default_factory=dict)
    portraits: dict[str, Thing] = field(default_factory=dict)
    exports: list[Thing] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    doings: list[EventRow] = field(default_factory=list)
    noticed: dict[str, dict[str, dict[str, None]]] = field(default_factory=dict)
    blocks: list[Logged] = field(default_factory=list)
    starts: list[Mapping[str, Any]] = field(default_factory=list)
    certificates: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    measures: Mapping[str, int] = field(default_factory=dict)

    @property
    def personas(self) -> list[Mapping[str, Any]]:
        """Everybody's persona, by number."""
        return list(self.genesis.get("personas", ()))

    def mood(self, artifact: str) -> str:
        """Return the mood in which a thing was made, by its digest; "" where there is none."""
        return self._moods.get(artifact, "")

    @cached_property
    def _moods(self) -> Mapping[str, str]:
        return {thing.name: str(thing.body["recipe"]["parameters"].get("mood", "")) for thing in self.artifacts}


def read_record(log: LogReader) -> Record:
    """Read the committed log once, leaving out erased bodies; raises FormatError or StorageError as its reader does."""
    record = Record()
    read_on(record, log)
    return record


def read_on(record: Record, log: LogReader, start: int = 0) -> None:
    """Take in what the committed log has from an entry on; raises as `read_record` does, and leaves half of it then."""
    for index, entry in enumerate(log.entries(start), start):
        if entry.has_content:
            record.end = max(record.end, entry.time)
        if entry.kind == EntryKind.START:
            record.starts.append(log.evidence(index) or {})
        elif entry.kind == EntryKind.CERTIFICATE and (told := log.evidence(index)):
            record.certificates[str(told.get("serial", ""))] = told
        elif entry.kind in _TAKEN and (body := log.content(index)) is not None:
            _take(record, entry.kind, entry.time, body, log.evidence(index) or {}, index)


_TAKEN = (EntryKind.SCENARIO, EntryKind.GENESIS, EntryKind.ARTIFACT, EntryKind.EXPORT, EntryKind.EVENTS, EntryKind.END)


def _take(record: Record, kind: int, time: int, body: Any, evidence: Mapping[str, Any], index: int) -> None:
    if kind == EntryKind.END:
        record.measures = body.get("measures", {})
    elif kind == EntryKind.SCENARIO:
        record.scenario, record.start = body, time
    elif kind == EntryKind.GENESIS:
        record.genesis = body
    elif kind == EntryKind.ARTIFACT:
        _take_artifact(record, Thing(digest_json(ARTIFACT, body).hex(), body, evidence))
    elif kind == EntryKind.EXPORT:
        record.exports.append(Thing(body["path"], body, evidence))
    else:
        record.blocks.append(Logged(index, body))
        _take_events(record, body)


def _take_artifact(record: Record, thing: Thing) -> None:
    recipe = thing.body["recipe"]
    if recipe["parameters"].get("slot") == SLOT:
        record.portraits[recipe["agent"]] = thing
    elif recipe["parameters"].get("craft") == "words":
        record.words[thing.body["payload"]] = thing
    else:
        record.artifacts.append(thing)


def _take_events(record: Record, block: EventBlock) -> None:
    for place, row in enumerate(block.rows):
        detail = row.detail if isinstance(row.detail, dict) else {}
        if row.kind == "say":
            record.said.append(Said(str(EventId(block.time, block.range, place)), row))
            continue
        if row.actor and row.actor.startswith("agent-"):
            record.doings.append(row)
        if row.kind in NOTICED and detail.get("artifact"):
            met = record.noticed.setdefault(detail["artifact"], {})
            for kind, who in _meetings(row, detail):
                met.setdefault(kind, {})[who] = None


def heard_by(row: EventRow) -> list[str]:
    """Return who heard what was said or sung, as its details say."""
    heard = row.detail.get("heard") if isinstance(row.detail, dict) else None
    return [each for each in heard if isinstance(each, str)] if isinstance(heard, list) else []


def _meetings(row: EventRow, detail: Mapping[str, Any]) -> list[tuple[str, str]]:
    if row.kind == "use" and detail.get("how") == PUT_UP:
        return [(PUT_UP, row.place or "")]
    if row.kind == "sing":
        return [(SUNG, row.place or ""), *((HEARD, each) for each in heard_by(row))]
    return [(row.kind or "", (row.target if row.kind == "give" else row.actor) or "")]
