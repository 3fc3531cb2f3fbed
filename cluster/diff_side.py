"""What one run comes to, for `diffing`: its decisions, made things, words and figures. Compares nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from worldloom.provenance.canonical import canonical
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.events_block import EventBlock

from .finished import FinishedRun

NAME = "…"
"""Stands for every name in words that are compared without names."""

_CAPITAL = re.compile(r"(?<=[^.!?…“\"] )(?:[A-Z][\w'’-]*)(?: [A-Z][\w'’-]*)*")
"""Capitalised words within a sentence: names of people and places. A name at its beginning shows by the cast."""


_KINDS: Mapping[int, str] = {
    EntryKind.SCENARIO: "scenarios",
    EntryKind.GENESIS: "worlds",
    EntryKind.DECISION: "decisions",
    EntryKind.ARTIFACT: "artifacts",
    EntryKind.EVENTS: "event blocks",
    EntryKind.EXPORT: "exports",
    EntryKind.END: "ends",
}


class Item(NamedTuple):
    """One decision, made thing or utterance: when (simulated seconds), whose, what makes it equal to another, in words.

    `key` is what is compared; for words a second key leaves out names.
    """

    time: int
    agent: str
    key: str
    words: str
    nameless: str = ""


@dataclass
class Side:
    """One run in figures. `counts` is by what the log holds, `measures` what the scenario and the run itself count."""

    run: FinishedRun
    counts: dict[str, int] = field(default_factory=dict)
    measures: dict[str, int] = field(default_factory=dict)
    decisions: list[Item] = field(default_factory=list)
    things: list[Item] = field(default_factory=list)
    words: list[Item] = field(default_factory=list)
    _names: re.Pattern[str] | None = None

    @classmethod
    def read(cls, run: FinishedRun) -> Side:
        """Read a log once; erased bodies are counted and left out. Raises FormatError or StorageError as it does."""
        side = cls(run)
        for known, index in zip(run.logged, run.indices, strict=True):
            kind = _KINDS.get(known.kind, hex(known.kind))
            side.counts[kind] = side.counts.get(kind, 0) + 1
            body = run.log.content(index)
            if isinstance(body, EventBlock):
                side._events(body)
            elif body is not None:
                side._take(known.kind, known.time, body)
        side.counts["utterances"] = len(side.words)
        return side

    def _take(self, kind: int, time: int, body: Mapping[str, Any]) -> None:
        if kind == EntryKind.GENESIS:
            self._names = _pattern(body["personas"])
        elif kind == EntryKind.DECISION:
            action = body["action"]
            arguments = {name: value for name, value in action["arguments"].items() if name != "artifact"}
            key = canonical([body["id"], body["purpose"], action["kind"], arguments, body["status"]]).decode()
            self.decisions.append(Item(time, body["agent"], key, f"{body['purpose']}: {action['kind']}"))
        elif kind == EntryKind.ARTIFACT:
            recipe = body["recipe"]
            craft = recipe["parameters"].get("craft", recipe["kind"])
            self.things.append(Item(time, recipe["agent"], body["payload"], f"{craft} “{body['title']}”"))
        elif kind == EntryKind.END:
            self.measures = {**body["counts"], **body.get("measures", {})}

    def _events(self, block: EventBlock) -> None:
        for row in block.rows:
            if row.kind == "say" and isinstance(row.detail, dict):
                text = str(row.detail.get("text", ""))
                self.words.append(Item(row.time, row.actor or "", text, text, self._nameless(text)))

    def _nameless(self, text: str) -> str:
        without = text if self._names is None else self._names.sub(NAME, text)
        return _CAPITAL.sub(NAME, without)


def _pattern(personas: list[Mapping[str, Any]]) -> re.Pattern[str] | None:
    """Match every name of the cast, whole or in part."""
    names = {str(persona["name"]) for persona in personas}
    parts = {part for name in names for part in name.split() if len(part) > 1}
    longest_first = sorted(names | parts, key=lambda name: (-len(name), name))
    return re.compile(r"\b(?:" + "|".join(map(re.escape, longest_first)) + r")\b") if longest_first else None
