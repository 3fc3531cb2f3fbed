"""A run summed up from its log and answers: what report, seal and command line all tell alike. Prints nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from worldloom.agents.portraits import SLOT
from worldloom.cluster.makers import name_at
from worldloom.cluster.options import Made, RunResult
from worldloom.cluster.parts import Parts
from worldloom.provenance.canonical import parse_canonical
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.folder import ANSWERS, BLOBS
from worldloom.provenance.log_reader import LogReader
from worldloom.provenance.segments import scan_segment
from worldloom.provenance.storage import PART, Storage


class ModelUse(NamedTuple):
    """A generator of the run: its kind, its identity as content, and how many of its answers are recorded.

    In a fork the kind may bear the time from which the generator answers: `text@43200`.
    """

    kind: str
    identity: Mapping[str, Any]
    answers: int

    @property
    def name(self) -> str:
        """`kind:backend`, as calls are counted."""
        return f"{self.kind}:{self.identity['backend']}"


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a run came to. Counts and roots are of the log; `models` of log and answers; `calls` and `time_by_part`
    (seconds) are this process's own and empty where nobody measured.
    """

    scenario: Mapping[str, Any]
    agents: int
    steps: int
    entries: int
    contents: int
    decisions: int
    artifacts: int
    events: int
    content_root: str
    log_root: str
    made: tuple[Made, ...]
    models: tuple[ModelUse, ...]
    measures: Mapping[str, int] = field(default_factory=dict)
    calls: Mapping[str, int] = field(default_factory=dict)
    time_by_part: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        storage: Storage,
        *,
        calls: Mapping[str, int] | None = None,
        time_by_part: Mapping[str, float] | None = None,
    ) -> RunSummary:
        """Sum up the committed log of a run folder; raises FormatError, StorageError or LogError as its readers do."""
        log = LogReader(storage)
        tally = _Tally()
        for index, entry in enumerate(log.entries()):
            if entry.has_content:  # decisions are only counted, so that their bodies need not be read
                tally.take(entry.kind, entry.time, None if entry.kind == EntryKind.DECISION else log.content(index))
        scenario = tally.scenario
        return cls(
            scenario=scenario,
            agents=tally.agents,
            steps=(tally.end - tally.start) // max(1, scenario.get("step_seconds", 60)),
            entries=log.size,
            contents=log.content_count,
            decisions=tally.decisions,
            artifacts=sum(tally.counts.values()),
            events=tally.events,
            content_root=log.content_root().hex(),
            log_root=log.root().hex(),
            made=tally.made(),
            models=tuple(_models(storage, tally.generators)),
            measures=tally.measures,
            calls=dict(calls or {}),
            time_by_part=dict(time_by_part or {}),
        )

    def counts(self) -> dict[str, int]:
        """Return what the seal counts."""
        names = ("agents", "artifacts", "contents", "decisions", "entries", "events", "steps")
        return {name: getattr(self, name) for name in names}

    @property
    def answers(self) -> dict[str, int]:
        """Recorded answers by `kind:backend`: the model calls of all processes that worked on the run."""
        return {use.name: use.answers for use in self.models}

    def result(
        self,
        folder: Path,
        state: str,
        parts: Parts,
        measures: Mapping[str, int] | None = None,
        notes: tuple[str, ...] = (),
    ) -> RunResult:
        """Return what `run` and `resume` answer; calls are this process's, or, where it made none, those recorded."""
        return RunResult(
            run=folder,
            state=state,
            content_root=self.content_root,
            log_root=self.log_root,
            steps=self.steps,
            agents=self.agents,
            artifacts=self.artifacts,
            seconds=parts.total,
            calls=self.calls or self.answers,
            made=self.made,
            time_by_part=parts.seconds,
            provenance_share=parts.provenance_share,
            measures=self.measures if measures is None else measures,
            notes=notes,
        )


def craft_of(recipe: Mapping[str, Any]) -> str:
    """Return what kind of thing a recipe makes, as people say it: `letter`, `sign`, `emblem`, `prop`."""
    return str(recipe["parameters"].get("craft") or recipe["kind"])


def model_name(identity: Mapping[str, Any]) -> str:
    """`embedded/props-1` for a generator's identity."""
    return f"{identity['backend']}/{identity['model']}"


class _Tally:
    """Counts while the log is read."""

    def __init__(self) -> None:
        self.scenario: Mapping[str, Any] = {}
        self.generators: Mapping[str, Mapping[str, Any]] = {}
        self.agents = self.decisions = self.events = 0
        self.start = self.end = 0
        self.measures: Mapping[str, int] = {}
        self.counts: dict[tuple[str, str], int] = {}
        self.makers: dict[tuple[str, str], set[str]] = {}

    def take(self, kind: int, time: int, body: Any) -> None:
        self.end = max(self.end, time)
        if kind == EntryKind.DECISION:
            self.decisions += 1
        elif body is None:
            return  # erased: what it said cannot be counted, that it was is in `contents`
        elif kind == EntryKind.SCENARIO:
            self.scenario, self.generators, self.start = body["scenario"], body["generators"], time
        elif kind == EntryKind.GENESIS:
            self.agents = body.get("agents", len(body["personas"]))
        elif kind == EntryKind.EVENTS:
            self.events += len(body.rows)
        elif kind == EntryKind.ARTIFACT:
            self._artifact(body["recipe"])
        elif kind == EntryKind.END:
            self.measures = body.get("measures", {})

    def _artifact(self, recipe: Mapping[str, Any]) -> None:
        slot = recipe["parameters"].get("slot") == SLOT
        row = (f"{craft_of(recipe)} at the beginning" if slot else craft_of(recipe), model_name(recipe["generator"]))
        self.counts[row] = self.counts.get(row, 0) + 1
        self.makers.setdefault(row, set()).add(recipe["agent"])

    def made(self) -> tuple[Made, ...]:
        return tuple(
            Made(kind, count, len(self.makers[kind, model]), model)
            for (kind, model), count in sorted(self.counts.items())
        )


def _models(storage: Storage, generators: Mapping[str, Mapping[str, Any]]) -> Iterator[ModelUse]:
    asked: dict[str, int] = {}
    for path in storage.files(ANSWERS):
        if path.startswith(BLOBS) or path.endswith(PART):
            continue
        for _, item in scan_segment(storage.read(path)):
            if item.data is not None:
                request = parse_canonical(item.data)["request"]
                name = name_at(generators, request["kind"], request["time"])
                asked[name] = asked.get(name, 0) + 1
    for name, identity in sorted(generators.items()):
        yield ModelUse(name, identity, asked.get(name, 0))
