"""Drives a crowd step by step: hooks, the rule, events to the ledger. Asks no model and makes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from worldloom.provenance.entry import EntryKind
from worldloom.worlds.crowds.world import CrowdWorld

from .conducting import Counts
from .crowd_stage import CrowdStage
from .ledger import Ledger, RootOnly
from .parts import Parts
from .runtime import Runtime
from .scenario import Scenario
from .scenario_file import call_hook, call_rule


class CrowdConductor:
    """One run of a crowd in the making; `genesis` is the hex content digest of its beginning."""

    made = 0

    def __init__(
        self, scenario: Scenario, world: CrowdWorld, genesis: str, ledger: Ledger | RootOnly, parts: Parts
    ) -> None:
        self.scenario = scenario
        self.world = world
        self.genesis = genesis
        self.ledger = ledger
        self.counts = Counts()
        self._parts = parts

    def step(self) -> None:
        """Do the step at `world.time`; raises ScenarioError for a hook or rule that fails."""
        stage = CrowdStage(self.world, self.scenario.parameters, writable=True)
        for hook in self.scenario.hooks_at(self.world.time):
            call_hook(hook, stage)
        with self._parts.part("world"):
            blocks = call_rule(self.world.crowd, self.world.pass_step)
        with self._parts.part("log"):
            for block in blocks:
                self.ledger.record(EntryKind.EVENTS, block.time, block)
                self.counts.events += len(block.rows)
        self.counts.agent_steps += self.world.agents

    def state(self) -> dict[str, Any]:
        """Return what a snapshot must hold besides the world."""
        return {"counts": self.counts.content()}

    def minds_state(self) -> dict[str, Any]:
        """Return nothing: nobody here has a mind."""
        return {}

    def restore(self, state: Mapping[str, Any], world: Mapping[str, Any], minds: Mapping[str, Any]) -> None:
        """Go on from a snapshot; raises StateError for a world's state that is none."""
        del minds
        self.world = CrowdWorld.from_state(world, self.world.crowd)
        self.counts = Counts(**state["counts"])

    def twin(self, runtime: Runtime, ledger: Ledger | RootOnly) -> CrowdConductor:
        """Return an independent conductor of this moment; raises StateError within a step."""
        del runtime
        twin = CrowdConductor(self.scenario, self.world, self.genesis, ledger, Parts())
        twin.restore(self.state(), self.world.state(), {})
        return twin

    def stage(self) -> CrowdStage:
        """Return what measures see."""
        return CrowdStage(self.world, self.scenario.parameters)

    def end_body(self, measures: Mapping[str, int]) -> dict[str, Any]:
        """Return the content body of the run's last entry: the final state, what was counted, the measures."""
        counts = self.counts.content() | {"artifacts": self.made}
        return {"type": "end", "state": self.world.digest(), "counts": counts, "measures": dict(measures)}
