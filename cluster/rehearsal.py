"""A run in memory: no folder, no log, no signatures. For replays, questions and experiments; it proves nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from worldloom.generators.ports import Generator
from worldloom.generators.registry import resolve
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.parent import Parent
from worldloom.provenance.recipe import Identity
from worldloom.provenance.veil import Veil

from .closing.exports import export_body, exports_of
from .conducting import Conducting
from .conductor import Conductor
from .embeddings import embedding_identity
from .errors import SimulationError
from .land import LandGenerator
from .ledger import RootOnly
from .opening import Opening
from .parts import Parts
from .runtime import LocalRuntime, Remote, Runtime
from .scenario import Scenario
from .scenario_file import take_measures
from .snapshots import Snapshot

Watch = Callable[[Conducting], object]
"""Called after every step."""


@dataclass
class Rehearsal:
    """A run that only memory holds: `to` does steps, `end` what follows the last one, `go_on_from` skips to a state."""

    scenario: Scenario
    conductor: Conducting
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
        veil: Veil | None = None,
    ) -> Rehearsal:
        """Record scenario and genesis and wake the minds.

        `makers` answer by kind, `identities` say who the scenario's entry names (None: the makers themselves), `land`
        makes the terrain, `parent` is whose fork the run is, `veil` a private run's secret; with a run's own `source`
        the content root is that of the run. Raises ScenarioError.
        """
        ledger = RootOnly() if ledger is None else ledger
        known = {kind: maker.identity for kind, maker in makers.items()} if identities is None else identities
        land = land or LandGenerator()
        opening = Opening(scenario, source, known, land, ledger, Parts(), parent=parent, veil=veil)
        return cls(scenario, opening.conductor(makers, runtime, None), runtime, ledger, makers)

    @property
    def minded(self) -> Conductor:
        """The conductor, where agents have minds; raises SimulationError for a crowd."""
        if not isinstance(self.conductor, Conductor):
            raise SimulationError(f"{self.scenario.name}: its agents are a crowd: they have no minds, only columns")
        return self.conductor

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
        self.ledger.position = snapshot.content_count
        self.conductor.restore(snapshot.conductor, snapshot.world, snapshot.minds)

    def twin(self, ledger: RootOnly) -> Rehearsal:
        """Return an independent rehearsal that goes on from this moment, between two steps, with the same generators.

        `ledger` must hold what this one's does: the content root goes on from there. Raises StateError within a step.
        """
        runtime = LocalRuntime({})
        conductor = self.conductor.twin(runtime, ledger)
        return Rehearsal(self.scenario, conductor, runtime, ledger, self.makers, dict(self.measures))

    def end(self) -> None:
        """Record exports and end, and take the scenario's measures. Raises ScenarioError for a measure that fails."""
        conductor = self.conductor
        for export in exports_of(conductor):
            self.ledger.record(EntryKind.EXPORT, conductor.world.time, export_body(export, conductor))
        self.measures = take_measures(self.scenario.measures, conductor.stage())
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
