"""From a scenario to its first two entries and a conductor before its first step, whatever kind of world it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from worldloom.generators.ports import Generator
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.parent import Parent
from worldloom.provenance.recipe import Identity
from worldloom.provenance.veil import Veil
from worldloom.worlds.crowds.world import CrowdWorld

from .conducting import Conducting
from .conductor import Conductor
from .crowd_conductor import CrowdConductor
from .genesis import record_genesis, scenario_body
from .ledger import Ledger, RootOnly
from .parts import Parts
from .publisher import Publisher
from .runtime import Runtime
from .scenario import Scenario
from .scenario_file import call_rule
from .workshop import Workshop


@dataclass(frozen=True)
class Opening:
    """What a run begins from.

    `source` is the scenario's file, `identities` who the first entry names, `land` makes terrain, `parent` is whose
    fork the run is, `evidence` tells of scenario.py's file (None: nothing is written), `veil` is a private run's.
    """

    scenario: Scenario
    source: bytes
    identities: Mapping[str, Identity]
    land: Generator
    ledger: Ledger | RootOnly
    parts: Parts
    evidence: Callable[[], Mapping[str, Any]] | None = None
    parent: Parent | None = None
    veil: Veil | None = None

    def conductor(self, makers: Mapping[str, Generator], runtime: Runtime, publisher: Publisher | None) -> Conducting:
        """Record scenario and genesis, wake the minds, if there are any, and return the conductor.

        `makers` answer by kind; of a crowd nobody is asked anything. Raises ScenarioError.
        """
        if self.scenario.crowd is not None:
            return self._crowd()
        scenario = self.scenario
        with self.parts.part("land"):
            genesis = record_genesis(
                scenario, self.source, self.identities, self.land, self.ledger, self.evidence, self.parent, self.veil
            )
        workshop = Workshop(makers, genesis.village, publisher, scenario.seed, self.parts, self.veil)
        conductor = Conductor(
            scenario, genesis.village, genesis.world, runtime, makers, workshop, self.ledger, self.parts, self.veil
        )
        with self.parts.part("start"):
            runtime.begin(conductor.cohort_spec())
        return conductor

    def _crowd(self) -> CrowdConductor:
        scenario = self.scenario
        told = scenario_body(scenario, self.source, self.identities, self.parent, self.veil)
        parent = self.ledger.record(EntryKind.SCENARIO, scenario.start_time, told, self.evidence)
        world = begun_crowd(scenario)
        body = {
            "type": "genesis",
            "crowd": world.crowd.model_dump(),
            "agents": world.agents,
            "state": world.digest(),
            "personas": [],
            "parents": [parent.hex()],
        }
        genesis = self.ledger.record(EntryKind.GENESIS, scenario.start_time, body).hex()
        return CrowdConductor(scenario, world, genesis, self.ledger, self.parts)


def begun_crowd(scenario: Scenario) -> CrowdWorld:
    """Return a scenario's crowd at its start; raises ScenarioError for one that cannot begin."""
    crowd = scenario.make_crowd()
    return call_rule(
        crowd,
        lambda: CrowdWorld.genesis(
            crowd, seed=scenario.seed, agents=scenario.agents, start=scenario.start_time, step=scenario.step_seconds
        ),
    )
