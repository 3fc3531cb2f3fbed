"""A run in memory: no folder, no log, no signatures. For replays, questions and experiments; it proves nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from worldloom.generators.ports import Generator
from worldloom.generators.registry import resolve
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.parent import Parent
from worldloom.provenance.recipe import Identity

from .closing.exports import EXPORTS, export_body
from .conductor import Conductor
from .embeddings import embedding_identity
from .genesis import Genesis, record_genesis
from .land import LandGenerator
from .ledger import RootOnly
from .parts import Parts
from .runtime import LocalRuntime, Remote, Runtime
from .scenario import Scenario
from .scenario_file import take_measures
from .snapshots import Snapshot
from .stage import Stage
from .workshop import Workshop

Watch = Callable[[Conductor], object]
"""Called after every step."""


@dataclass
class Rehearsal:
    """A run that only memory holds: `to` does steps, `end` what follows the last one, `go_on_from` skips to a state."""

    scenario: Scenario
    genesis: Genesis
    conductor: Conductor
    runtime: Runtime
    ledger: RootOnly
    makers: Mapping[str, Generator]
    measures: dict[str, int] = field(default_factory=dict)

    @classmethod
    def begin(
        cls,
        scenario: Scenario,
        makers: Mapping[str, Generator],
        runtime: Runtime,
        ledger: RootOnly | None = None,
        *,
        source: bytes = b"",
        identities: Mapping[str, Identity] | None = None,
        land: Generator | None = None,
        parent: Parent | None = None,
    ) -> Rehearsal:
        """Record scenario and genesis and wake the minds.

        `makers` answer by kind, `identities` say who the scenario's entry names (None: the makers themselves), `land`
        makes the terrain, `parent` is whose fork the run is; with a run's own `source` the content root is that of the
        run. Raises ScenarioError.
        """
        ledger = RootOnly() if ledger is None else ledger
        known = {kind: maker.identity for kind, maker in makers.items()} if identities is None else identities
        genesis = record_genesis(scenario, source, known, land or LandGenerator(), ledger, None, parent)
        parts = Parts()
        workshop = Workshop(makers, genesis.village, None, scenario.seed, parts)
        conductor = Conductor(scenario, genesis.village, genesis.world, runtime, makers, workshop, ledger, parts)
        runtime.begin(conductor.cohort_spec())
        return cls(scenario, genesis, conductor, runtime, ledger, makers)

    @property
    def end_time(self) -> int:
        """Simulated seconds at which the last step ends."""
        return self.scenario.start_time + self.scenario.steps * self.scenario.step_seconds

    @property
    def root(self) -> str:
        """Content root of what was recorded so far, as hex."""
        return self.ledger.root.hex()

    def to(self, time: int, watch: Watch | None = None) -> None:
        """Do steps until the world is at `time` or later."""
        while self.conductor.world.time < time:
            self.conductor.step()
            if watch is not None:
                watch(self.conductor)

    def go_on_from(self, snapshot: Snapshot) -> None:
        """Take on the state of a snapshot of this very run; the content root means nothing from then on."""
        self.conductor.restore(snapshot.conductor, self.genesis.world_from(snapshot.world))
        self.ledger.position = snapshot.content_count
        self.runtime.restore(snapshot.minds)

    def twin(self, ledger: RootOnly) -> Rehearsal:
        """Return an independent rehearsal that goes on from this moment, between two steps, with the same generators.

        `ledger` must hold what this one's does: the content root goes on from there. Raises StateError within a step.
        """
        before, village, parts = self.conductor, self.genesis.village, Parts()
        world, runtime = self.genesis.world_from(before.world.state()), LocalRuntime({})
        workshop = Workshop(self.makers, village, None, self.scenario.seed, parts)
        conductor = Conductor(self.scenario, village, world, runtime, self.makers, workshop, ledger, parts)
        conductor.restore(before.state(), world)
        runtime.begin(conductor.cohort_spec())
        runtime.restore(self.runtime.state())
        return Rehearsal(self.scenario, self.genesis, conductor, runtime, ledger, self.makers, dict(self.measures))

    def end(self) -> None:
        """Record exports and end, and take the scenario's measures. Raises ScenarioError for a measure that fails."""
        conductor = self.conductor
        for export in EXPORTS:
            self.ledger.record(EntryKind.EXPORT, conductor.world.time, export_body(export, conductor))
        minds = conductor.minds()
        stage = Stage(conductor.world, self.genesis.village.personas, lambda: minds)
        self.measures = take_measures(self.scenario.measures, stage)
        self.ledger.record(EntryKind.END, conductor.world.time, conductor.end_body(self.measures))


def prepare(
    scenario: Scenario,
    generators: Mapping[str, str | Generator] | None = None,
    ledger: RootOnly | None = None,
    source: bytes = b"",
) -> Rehearsal:
    """Return a scenario's rehearsal in this process, before its first step.

    `generators` replaces the scenario's own by kind: a specification, or an object that answers itself; `source` is
    the scenario's file. Raises UnknownGeneratorError, WeightsError or ScenarioError.
    """
    chosen = generators or {}
    scenario = scenario.folded(generators={kind: spec for kind, spec in chosen.items() if isinstance(spec, str)})
    runtime = LocalRuntime(scenario.generators)
    makers: dict[str, Generator] = {}
    for kind, spec in scenario.generators.items():
        maker = chosen.get(kind, spec)
        makers[kind] = Remote(runtime, kind, resolve(kind, spec).identity) if isinstance(maker, str) else maker
    known = {kind: maker.identity for kind, maker in makers.items()} | embedding_identity(scenario.embedding)
    return Rehearsal.begin(scenario, makers, runtime, ledger, source=source, identities=known)


def rehearse(
    scenario: Scenario, generators: Mapping[str, str | Generator] | None = None, watch: Watch | None = None
) -> Rehearsal:
    """Run a scenario in memory to its end, in this process; arguments and errors are those of `prepare`."""
    rehearsal = prepare(scenario, generators)
    rehearsal.to(rehearsal.end_time, watch)
    rehearsal.end()
    return rehearsal
