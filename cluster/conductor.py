"""Drives a run step by step: observe, ask minds, make, act, record. Knows no Ray and no file format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from worldloom.agents.minds import Minds
from worldloom.agents.turns import Decision, Turn
from worldloom.generators.ports import Generator
from worldloom.generators.requests import Answer, Status
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.ids import agent_number
from worldloom.provenance.veil import Veil
from worldloom.worlds.action import Action
from worldloom.worlds.world import World

from .cohort import CohortSpec
from .conducting import Counts
from .ledger import Ledger, RootOnly
from .makers import name_at
from .parts import Parts
from .runtime import Runtime
from .scenario import Scenario
from .scenario_file import call_hook
from .stage import Stage
from .village import Village
from .workshop import Commission, Workshop

TALK_ROUNDS = 8
"""Rounds of a step after the first, for those in talk (design.md, section 5)."""


class Conductor:
    """One run in the making. `step` does one step; content goes to the ledger in the order of docs/formats.md."""

    def __init__(
        self,
        scenario: Scenario,
        village: Village,
        world: World,
        runtime: Runtime,
        makers: Mapping[str, Generator],
        workshop: Workshop,
        ledger: Ledger | RootOnly,
        parts: Parts,
        veil: Veil | None = None,
    ) -> None:
        self.scenario = scenario
        self.village = village
        self.world = world
        self.ledger = ledger
        self.counts = Counts()
        self._runtime = runtime
        self._makers = makers
        self._workshop = workshop
        self._parts = parts
        self._veil = veil

    def step(self) -> None:
        """Do the step at `world.time`; the first one begins with everybody's portrait."""
        if self.scenario.portraits and self.world.time == self.scenario.start_time:
            self._workshop.paint_portraits(self.ledger, self.world.time)
        self.world.begin_step()
        self._hooks()
        self._rounds()
        with self._parts.part("world"):
            blocks = self.world.end_step()
        with self._parts.part("log"):
            for block in blocks:
                self.ledger.record(EntryKind.EVENTS, block.time, block)
                self.counts.events += len(block.rows)
        self.counts.agent_steps += len(self.village.personas)

    @property
    def made(self) -> int:
        """How many artifacts were made."""
        return self._workshop.made

    def state(self) -> dict[str, Any]:
        """Return what a snapshot must hold besides world and minds."""
        return {"counts": self.counts.content(), "made": self._workshop.made}

    def end_body(self, measures: Mapping[str, int]) -> dict[str, Any]:
        """Return the content body of the run's last entry: the final state, what was counted, the measures."""
        counts = self.counts.content() | {"artifacts": self.made}
        return {"type": "end", "state": self.world.digest(), "counts": counts, "measures": dict(measures)}

    @property
    def genesis(self) -> str:
        """Hex content digest of the world that everybody was born into."""
        return self.village.genesis

    def world_from(self, state: Mapping[str, Any]) -> World:
        """Return the world of a state on this land; raises StateError."""
        return World.from_state(
            state, terrain=self.world.terrain, settlement=self.world.settlement, actions=self.scenario.actions
        )

    def restore(self, state: Mapping[str, Any], world: Mapping[str, Any], minds: Mapping[str, Any]) -> None:
        """Go on from a snapshot; raises StateError for another land's, LostWorkerError where a worker is gone."""
        self.world = self.world_from(world)
        self.counts = Counts(**state["counts"])
        self._workshop.made = state["made"]
        self._runtime.restore(minds)

    def twin(self, runtime: Runtime, ledger: Ledger | RootOnly) -> Conductor:
        """Return an independent conductor of this moment, with the same generators; raises StateError within a step."""
        parts = Parts()
        workshop = Workshop(self._makers, self.village, None, self.scenario.seed, parts, self._veil)
        twin = Conductor(
            self.scenario, self.village, self.world, runtime, self._makers, workshop, ledger, parts, self._veil
        )
        runtime.begin(twin.cohort_spec())
        twin.restore(self.state(), self.world.state(), self.minds_state())
        return twin

    def minds_state(self) -> dict[str, Any]:
        """Return each agent's mind by id."""
        return self._runtime.state()

    def stage(self) -> Stage:
        """Return what measures see: world, people, and a copy of their minds."""
        minds = self.minds()
        return Stage(self.world, self.village.personas, lambda: minds, self.scenario.parameters)

    def minds(self) -> Minds:
        """Return a copy of everybody's minds, for measures."""
        minds = self.cohort_spec().minds()
        minds.restore(self._runtime.state())
        return minds

    def cohort_spec(self) -> CohortSpec:
        """Return what the runtime's cohorts are made from."""
        scenario, village = self.scenario, self.village
        return CohortSpec(
            village.personas,
            village.cast,
            scenario.seed,
            embedding=scenario.embedding,
            without=scenario.without,
            veil=self._veil,
        )

    @property
    def _text(self) -> str:
        """Name of the generator that answers for text now."""
        return name_at(self._makers, "text", self.world.time)

    def _hooks(self) -> None:
        stage = Stage(self.world, self.village.personas, parameters=self.scenario.parameters)
        for hook in self.scenario.hooks_at(self.world.time):
            call_hook(hook, stage)

    def _rounds(self) -> None:
        awake: Sequence[str] = self.world.due()
        for round_ in range(1 + TALK_ROUNDS):
            if not awake:
                return
            self._round(round_, awake)
            awake = [agent for agent, _ in self.world.addressed()]

    def _round(self, round_: int, awake: Sequence[str]) -> None:
        time = self.world.time
        with self._parts.part("world"):
            observations = self.world.observe(awake)
            self.world.acknowledge(awake)
        with self._parts.part("minds"):
            turns = self._runtime.consider(time, round_, observations)
        decisions = self._decide(round_, turns)
        commissions = self._record(decisions)
        planned = [turn.action for turn in turns if turn.action is not None]
        actions = self._actions(decisions, planned, commissions)
        with self._parts.part("world"):
            self.world.apply(actions, round_)

    def _decide(self, round_: int, turns: Sequence[Turn]) -> list[Decision]:
        asked = [(turn.agent, turn.request) for turn in turns if turn.request is not None]
        if not asked:
            return []
        with self._parts.part("text"):
            answers: list[Answer] = self._makers[self._text].generate([request for _, request in asked])
        with self._parts.part("minds"):
            pairs = [(agent, answer) for (agent, _), answer in zip(asked, answers, strict=True)]
            decisions = self._runtime.conclude(self.world.time, round_, pairs)
        self.counts.asked_steps += len(asked) if round_ == 0 else 0
        return sorted(decisions, key=lambda decision: agent_number(decision.agent))

    def _record(self, decisions: Sequence[Decision]) -> list[Commission]:
        """Log the decisions; return those that make something."""
        commissions, text = [], self._text
        for decision in decisions:
            body = decision.content() | {"generator": text, "parents": [self.village.genesis]}
            with self._parts.part("log"):
                digest = self.ledger.record(EntryKind.DECISION, decision.time, body).hex()
            self.counts.decisions += 1
            self.counts.invalid += decision.status != Status.OK
            self.counts.waits += decision.action.kind == "wait"
            if decision.action.kind == "make" and not self.world.refusal(decision.action):
                commissions.append(Commission(decision, digest))
        return commissions

    def _actions(
        self, decisions: Sequence[Decision], planned: Sequence[Action], commissions: Sequence[Commission]
    ) -> list[Action]:
        made = self._workshop.carry_out(commissions, self.ledger, self.world.time) if commissions else {}
        wanted = [decision.action for decision in decisions] + list(planned)
        actions = [made.get(action.agent, action) for action in wanted]
        return sorted(actions, key=lambda action: agent_number(action.agent))
