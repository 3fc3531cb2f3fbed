"""What a run has come to so far, folded from its log entry by entry. Reads no file; shows nothing.

Texts in it are what agents and scenarios wrote: whoever shows them escapes them.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from worldloom.agents.portraits import SLOT
from worldloom.cluster.closing.day import doing_of
from worldloom.cluster.closing.record import Thing
from worldloom.provenance.digests import ARTIFACT, digest_json
from worldloom.provenance.entry import Entry, EntryKind
from worldloom.provenance.events_block import EventBlock, EventRow
from worldloom.worlds.clock import HOUR

from .whereabouts import Whereabouts

MOST_LINES = 300
"""Utterances and happenings that are kept, the last ones; the log has all."""
SLOT_SECONDS = HOUR // 2
"""Width of a chart's column."""
TOLD = ("make", "give", "read", "sing", "meet", "tell", "take", "produce", "buy", "sell")
"""Events that are told of beside the talk; where nobody has a mind, all are."""


@dataclass
class Story:
    """A run so far. Times are simulated seconds, counts are of the committed log.

    `things` are the artifacts that people made, oldest first; `portraits` those of the beginning, by agent. `said`,
    `told` and `chosen` count utterances by slot of SLOT_SECONDS, events by kind, and decisions by purpose; `happened`
    counts all that ever were among `happenings`.
    """

    scenario: Mapping[str, Any] = field(default_factory=dict)
    generators: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    settlement: str = ""
    people: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    start: int = 0
    time: int = 0
    reached: int = 0
    """The end of the last step of which the log tells, in simulated seconds."""
    born: bool = False
    """Whether the world's beginning is known."""
    ended: bool = False
    talk: deque[EventRow] = field(default_factory=lambda: deque(maxlen=MOST_LINES))
    happenings: deque[EventRow] = field(default_factory=lambda: deque(maxlen=MOST_LINES))
    things: list[Thing] = field(default_factory=list)
    words: dict[str, Thing] = field(default_factory=dict)
    portraits: dict[str, Thing] = field(default_factory=dict)
    exports: list[Thing] = field(default_factory=list)
    doing: dict[str, EventRow] = field(default_factory=dict)
    where: Whereabouts = field(default_factory=Whereabouts)
    said: Counter[int] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)
    chosen: Counter[str] = field(default_factory=Counter)
    made: Counter[str] = field(default_factory=Counter)
    spoke: Counter[str] = field(default_factory=Counter)
    entries: int = 0
    events: int = 0
    happened: int = 0
    invalid: int = 0
    starts: list[Mapping[str, Any]] = field(default_factory=list)
    snapshots: list[int] = field(default_factory=list)
    stirred: Counter[tuple[str, int]] = field(default_factory=Counter)
    """Events of a crowd by kind and the time of their step."""
    state: str = ""
    """Digest of the world's last state, once the run has ended."""
    measures: Mapping[str, int] = field(default_factory=dict)

    @property
    def step_seconds(self) -> int:
        """Simulated seconds of a step."""
        return max(1, int(self.scenario.get("step_seconds", 60)))

    @property
    def steps(self) -> int:
        """How many steps the run will have; 0 before its scenario is known."""
        return int(self.scenario.get("hours", 0)) * HOUR // self.step_seconds

    @property
    def is_crowd(self) -> bool:
        """Whether nobody here has a mind: a rule moves all."""
        return self.scenario.get("crowd") is not None

    @property
    def end(self) -> int:
        """When the last step will have ended."""
        return self.start + self.steps * self.step_seconds

    @property
    def step(self) -> int:
        """Steps of which the log tells something, so at most one behind those that are committed."""
        if self.ended:
            return self.steps
        return min(self.steps, max(0, (self.time - self.start) // self.step_seconds))

    @property
    def share(self) -> float:
        """Part of the steps that are done, 0 to 1."""
        return self.step / self.steps if self.steps else 0.0

    @property
    def title(self) -> str:
        """What the scenario calls itself."""
        return str(self.scenario.get("title") or self.scenario.get("name") or "")

    def name(self, agent: str | None) -> str:
        """Return how somebody is called; an id without a name stands for itself."""
        person = self.people.get(agent or "")
        return str(person.get("name", agent)) if person is not None else str(agent or "nobody")

    def take(self, entry: Entry, content: Any, evidence: Any) -> None:
        """Take in the next entry with its bodies, None where they were erased or it has none."""
        self.entries += 1
        if entry.has_content:
            self.time = max(self.time, entry.time)
        if entry.kind == EntryKind.START:
            self.starts.append(evidence or {})
        elif entry.kind == EntryKind.SNAPSHOT:
            self.time, self.reached = max(self.time, entry.time), max(self.reached, entry.time)
            self.snapshots.append(entry.time)
        elif isinstance(content, EventBlock):
            self._events(content)
        elif isinstance(content, Mapping):
            self._content(entry, content, evidence or {})

    def _content(self, entry: Entry, body: Mapping[str, Any], evidence: Mapping[str, Any]) -> None:
        if entry.kind == EntryKind.SCENARIO:
            self.scenario, self.generators = body.get("scenario", {}), body.get("generators", {})
            self.start = self.time = self.reached = entry.time
        elif entry.kind == EntryKind.GENESIS:
            self.born, self.settlement = True, str(body.get("settlement", ""))
            self.people = {str(each["agent"]): each for each in body.get("personas", ())}
            self.where.begin(self.people.values())
        elif entry.kind == EntryKind.DECISION:
            self.chosen[str(body.get("purpose", "decide"))] += 1
            self.invalid += body.get("status", "ok") != "ok"
        elif entry.kind == EntryKind.ARTIFACT:
            self._thing(Thing(digest_json(ARTIFACT, body).hex(), body, evidence))
        elif entry.kind == EntryKind.EXPORT:
            self.exports.append(Thing(str(body.get("path", "")), body, evidence))
        elif entry.kind == EntryKind.END:
            self.ended, self.measures, self.reached = True, body.get("measures", {}), entry.time
            self.state = str(body.get("state", ""))

    def _thing(self, thing: Thing) -> None:
        recipe = thing.body["recipe"]
        if recipe["parameters"].get("slot") == SLOT:
            self.portraits[str(recipe["agent"])] = thing
        elif recipe["parameters"].get("craft") == "words":
            self.words[str(thing.body["payload"])] = thing
        else:
            self.things.append(thing)
            self.made[str(recipe["agent"])] += 1

    def _events(self, block: EventBlock) -> None:
        self.reached = max(self.reached, block.time + self.step_seconds)
        if self.is_crowd:
            self.stirred.update((row.kind or "", block.time) for row in block.rows)
        for row in block.rows:
            self.events += 1
            self.told[row.kind or ""] += 1
            self.where.take(row)
            if row.kind == "say":
                self.talk.append(row)
                self.said[(row.time - self.start) // SLOT_SECONDS] += 1
                self.spoke[row.actor or ""] += 1
            elif row.kind in TOLD or not self.people:
                self.happenings.append(row)
                self.happened += 1
            if row.actor in self.people and doing_of(row) is not None:
                self.doing[row.actor] = row

    def activity(self, agent: str) -> str:
        """Return what somebody does now in a word, as the log tells it."""
        target = self.where.tracks[agent].walking() if agent in self.where.tracks else ""
        if target:
            return "walking"
        row = self.doing.get(agent)
        if row is None or row.kind == "finish" or row.time + row.duration < self.time:
            return "idle"
        return doing_of(row) or "idle"
