"""One process's work on one run: begin or recover, steps, snapshots, close. Paths, locks and Ray are `running`'s."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from worldloom.generators.ports import Generator
from worldloom.generators.recording import Recording
from worldloom.provenance.canonical import canonical
from worldloom.provenance.digests import CONTENT, digest_json
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.folder import SCENARIO_JSON, SCENARIO_PY, snapshot_commit, snapshot_folder
from worldloom.provenance.keys import Keystore
from worldloom.provenance.log_reader import LogReader
from worldloom.provenance.making import Making
from worldloom.provenance.parent import Parent, SharedPast
from worldloom.provenance.recipe import Identity
from worldloom.provenance.veil import SALT, Veil, read_veil, write_veil

from . import run_writer
from .closing.close import end_run, pack_run, seal_run
from .closing.summary import RunSummary
from .closing.witnessing import ask_witnesses
from .conducting import Conducting
from .errors import LostWorkerError, RunFolderError
from .garbage import uncollected
from .genesis import scenario_body
from .land import LandGenerator
from .ledger import Ledger
from .makers import Gone, in_charge, named
from .opening import Opening
from .options import Progress, Status
from .parts import Parts
from .run_place import RunPlace
from .run_writer import RunWriter, reader
from .runtime import Remote, Runtime
from .scenario import Scenario
from .scenario_file import take_measures
from .shared_past import Shared, shared_past
from .snapshots import (
    KEPT,
    Snapshot,
    clear_unusable,
    evidence_of,
    keep_last,
    newest,
    read_commit,
    write_snapshot,
)

COMMIT_SECONDS = 1.0
"""Wall time after which what was appended is committed."""
HOUR = 3600
FEWEST_STEPS = 24
"""Steps between two snapshots at least: where steps are long, an hour is too often."""
MOST_REWINDS = 5
"""Lost workers without a new snapshot in between after which a run gives up (it can be resumed)."""
AUTHOR = Identity(backend="person", model="scenario", output_licence="Apache-2.0", source_type="digitalCreation")
"""Who wrote a scenario's file."""


@dataclass
class Session:
    """Holds the parts of a run that is being written. `begin` or `recover` first, then `finish`."""

    place: RunPlace
    keystore: Keystore
    runtime: Runtime
    progress: Progress
    identities: Mapping[str, Identity]
    commit_seconds: float = COMMIT_SECONDS
    run_id: str | None = None
    parts: Parts = field(default_factory=Parts)
    parent: Parent | None = None
    veil: Veil | None = None
    witnesses: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)
    writer: RunWriter = field(init=False)
    scenario: Scenario = field(init=False)
    ledger: Ledger = field(init=False)
    conductor: Conducting = field(init=False)
    calls: dict[str, int] = field(default_factory=dict)
    final_measures: dict[str, int] = field(default_factory=dict)
    _on_disk: set[int] = field(default_factory=set)
    _logged: set[str] = field(default_factory=set)
    _committed_at: float = 0.0
    _rewinds: int = 0
    _errors: int = 0

    def begin(self, scenario: Scenario, source: bytes, shared: Shared | None = None) -> None:
        """Begin a run in an empty folder, to its first commit; a fork with all answers of the past that it shares."""
        self.progress.phase("begin")
        self.scenario = scenario
        storage = self.place.storage
        self.writer = run_writer.begin(storage, self.keystore, self.parts, {}, self.run_id)
        if scenario.private:
            self.veil = Veil.new() if shared is None or shared.veil is None else shared.veil
            write_veil(self.place.beside, self.place.name, self.veil)
        storage.write(SCENARIO_JSON, canonical(scenario.content()))
        self.writer.append_start(scenario.start_time)
        self.ledger = Ledger(self.writer.log)
        if shared is not None:
            self.parent, self.ledger.past = shared.parent, SharedPast(shared.parent, shared.logged)
            shared.copy_answers(self.writer.answers)
        self._prepare(source, lambda: self._sign_source(source))
        self.writer.commit()

    def recover(self, scenario: Scenario) -> None:
        """Take up a run that another process left; what lies past the last checkpoint is removed."""
        self.progress.phase("recover")
        self.scenario = scenario
        storage = self.place.storage
        self.writer = run_writer.recover(storage, self.keystore, self.parts)
        log = reader(self.writer)
        self.ledger = Ledger.recovered(self.writer.log, log)
        evidence = (log.evidence(at) for at, entry in enumerate(log.entries()) if entry.kind == EntryKind.SNAPSHOT)
        self._logged = {body["path"] for body in evidence if body is not None}
        self.parent, self.ledger.past = shared_past(log)
        self.veil = self._own_veil(log) if scenario.private else None
        self.writer.append_start(scenario.start_time)
        self._prepare(storage.read(SCENARIO_PY), None)
        self._on_disk = set(clear_unusable(storage, self.writer.log.committed_size))
        self._restore(self._newest())

    def _own_veil(self, log: LogReader) -> Veil:
        body = next((log.content(at) for at, entry in enumerate(log.entries()) if entry.has_content), None) or {}
        found = read_veil(self.place.beside, self.place.name, str(body.get("veil", "")))
        if found is None:
            raise RunFolderError(
                f"{self.place.name}{SALT}: is not beside the run, which is private and cannot go on without it"
            )
        return found

    def finish(self) -> None:
        """Do all steps that are left, close and seal, pack."""
        try:
            self._steps()
        except BaseException:
            # Whatever stopped us: keep what is whole. A second failure here must not hide the first.
            self._keep()
            raise
        self.progress.phase("exports")
        self.final_measures = self.measures()
        end_run(self.writer, self.conductor, self.ledger, self.final_measures)
        seal_run(self.writer, self.summary, self.progress)
        self.notes += ask_witnesses(self.place, self.writer, self.witnesses)
        with self.parts.part("seal"):
            pack_run(self.place, self.writer.publisher.sign, self.writer.key, self.writer.origin)

    def measures(self) -> dict[str, int]:
        """Take the scenario's measures."""
        if not self.scenario.measures:
            return {}
        return take_measures(self.scenario.measures, self.conductor.stage())

    def summary(self) -> RunSummary:
        """Sum up the run from its log."""
        self.writer.commit()
        return RunSummary.of(self.place.storage, calls=self.calls, time_by_part=self.parts.seconds)

    def _sign_source(self, source: bytes) -> Mapping[str, Any]:
        told = scenario_body(self.scenario, source, named(self.identities, self.parent), self.parent, self.veil)
        content = digest_json(CONTENT, told).hex()
        name, origin = f"{self.scenario.name}.py", self.writer.origin
        making = Making(name, "text/x-python", "scenario", "scenario", AUTHOR, content=content, origin=origin)
        return self.writer.publisher.publish_at(SCENARIO_PY, source, making)

    def _prepare(self, source: bytes, evidence: Callable[[], Mapping[str, Any]] | None) -> None:
        self.progress.phase("terrain" if self.scenario.crowd is None else "crowd")
        names = named(self.identities, self.parent)
        land = Recording(LandGenerator(), self.writer.answers)
        opening = Opening(
            self.scenario,
            source,
            names,
            land,
            self.ledger,
            self.parts,
            evidence=evidence,
            parent=self.parent,
            veil=self.veil,
        )
        self.conductor = opening.conductor(self._makers(names), self.runtime, self.writer.publisher)

    def _makers(self, names: Mapping[str, Identity]) -> dict[str, Generator]:
        makers = in_charge(names, self.parent, Gone, self._live)
        return {name: Recording(maker, self.writer.answers) for name, maker in makers.items()}

    def _live(self, kind: str, identity: Identity) -> Generator:
        return _Counted(Remote(self.runtime, kind, identity), kind, self.calls)

    def _steps(self) -> None:
        self.progress.phase("steps")
        scenario, began = self.scenario, monotonic()
        done_before = (self.conductor.world.time - scenario.start_time) // scenario.step_seconds
        end = scenario.start_time + scenario.steps * scenario.step_seconds
        snapshots_apart = max(HOUR, FEWEST_STEPS * scenario.step_seconds)
        self._committed_at = monotonic()
        while self.conductor.world.time < end:
            try:
                if (self.conductor.world.time - scenario.start_time) % snapshots_apart == 0:
                    self._snapshot()
                self.conductor.step()
            except LostWorkerError as error:
                self._rewind(error)
                continue
            self._commit_if_due()
            self.progress.status(self._status(done_before, monotonic() - began))

    def _snapshot(self) -> None:
        self.writer.commit()
        self._committed_at = monotonic()
        time, log = self.conductor.world.time, self.writer.log
        with self.parts.part("snapshots"), uncollected():
            state, minds = self.conductor.world.state(), self.conductor.minds_state()
            snapshot = Snapshot(time, self.ledger.position, log.committed_size, state, minds, self.conductor.state())
            kept = time in self._on_disk
            written = self._kept(snapshot) if kept else write_snapshot(self.place.storage, snapshot)
            if not kept or snapshot_folder(time) not in self._logged:
                log.append(EntryKind.SNAPSHOT, time, evidence=written)
            keep_last(self.place.storage, KEPT)
        self._on_disk = set(sorted({*self._on_disk, time})[-KEPT:])
        self._logged.add(snapshot_folder(time))
        self._rewinds = 0

    def _kept(self, snapshot: Snapshot) -> dict[str, Any]:
        """Return what an entry says of a snapshot that an earlier start wrote."""
        commit = self.place.storage.read(snapshot_commit(snapshot.time))
        files = read_commit(self.place.storage, snapshot.time)["files"]
        return evidence_of(snapshot.time, snapshot.content_count, files, commit)

    def _newest(self) -> Snapshot | None:
        """Return the newest snapshot that can be read, None when none can; says which ones cannot."""
        found = newest(self.place.storage, self._on_disk)
        for time in sorted(self._on_disk):
            if found is None or time > found.time:
                self.progress.phase(f"{snapshot_folder(time)} is damaged and was removed; its steps are done again")
        return found

    def _restore(self, snapshot: Snapshot | None) -> None:
        """Go on from a snapshot of this folder; with none, from where the conductor is."""
        self._on_disk = {time for time in self._on_disk if snapshot is not None and time <= snapshot.time}
        if snapshot is not None:
            self.ledger.rewind(snapshot.content_count)
            self.conductor.restore(snapshot.conductor, snapshot.world, snapshot.minds)

    def _rewind(self, error: LostWorkerError) -> None:
        """Go back to the last snapshot with fresh workers; gives up after some losses in a row."""
        self._rewinds += 1
        self._errors += 1
        snapshot = self._newest()
        if snapshot is None or self._rewinds > MOST_REWINDS:
            raise LostWorkerError(
                f"{error}; {self._rewinds} times since the last snapshot, so the run stops here"
            ) from error
        self.progress.phase(f"lost a worker ({error}); going back to the last snapshot")
        with self.parts.part("rewind"):
            self._restore(snapshot)

    def _commit_if_due(self) -> None:
        if monotonic() - self._committed_at >= self.commit_seconds:
            self.writer.commit()
            self._committed_at = monotonic()

    def _keep(self) -> None:
        try:
            self.writer.commit()
        except Exception as error:
            self.progress.phase(f"the last second could not be kept: {error}")

    def _status(self, done_before: int, seconds: float) -> Status:
        counts, scenario = self.conductor.counts, self.scenario
        step = (self.conductor.world.time - scenario.start_time) // scenario.step_seconds
        return Status(
            step=step,
            steps=scenario.steps,
            time=self.conductor.world.time,
            agents=scenario.agents,
            agent_steps_per_second=(step - done_before) * scenario.agents / max(seconds, 1e-9),
            asked=counts.asked_steps,
            calls=self.calls,
            artifacts=self.conductor.made,
            errors=self._errors + counts.invalid,
        )


class _Counted:
    """A generator that counts the requests that reach it: those that no recording answered."""

    def __init__(self, generator: Generator, kind: str, calls: dict[str, int]) -> None:
        self._generator = generator
        self._key = f"{kind}:{generator.identity.backend}"
        self._calls = calls

    @property
    def identity(self) -> Identity:
        """Who answers."""
        return self._generator.identity

    def generate(self, requests: Any) -> Any:
        """Count and ask."""
        self._calls[self._key] = self._calls.get(self._key, 0) + len(requests)
        return self._generator.generate(requests)
