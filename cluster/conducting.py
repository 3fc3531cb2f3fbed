"""The seam between a run and the kind of world that is run: what session, rehearsal and closing need of a conductor.

`conductor.Conductor` drives a village, whose people have minds; `crowd_conductor.CrowdConductor` a crowd, which follows
a rule. Nothing here computes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from .ledger import Ledger, RootOnly
from .runtime import Runtime
from .scenario import Scenario


@dataclass
class Counts:
    """What a run counts; part of its last content entry."""

    decisions: int = 0
    invalid: int = 0
    waits: int = 0
    asked_steps: int = 0
    agent_steps: int = 0
    events: int = 0

    def content(self) -> dict[str, int]:
        """Return the counts as a JSON value."""
        return dict(vars(self))


class ConductedWorld(Protocol):
    """What is true: its time in simulated seconds, its state between two steps, the state's hex digest."""

    @property
    def time(self) -> int:
        """Simulated seconds at the beginning of the step."""
        ...

    def state(self) -> dict[str, Any]:
        """Return a map of `world` and `agents`, the latter by range of agent numbers, as snapshots keep it."""
        ...

    def digest(self) -> str:
        """Return the state's hex digest."""
        ...


class Conducting(Protocol):
    """A run in the making. `step` does one step; content goes to the ledger in the order of docs/formats.md."""

    scenario: Scenario
    counts: Counts

    @property
    def world(self) -> ConductedWorld:
        """What is true now."""
        ...

    @property
    def genesis(self) -> str:
        """Hex content digest of the world at its beginning."""
        ...

    @property
    def made(self) -> int:
        """How many artifacts were made."""
        ...

    def step(self) -> None:
        """Do the step at `world.time`."""
        ...

    def state(self) -> dict[str, Any]:
        """Return what a snapshot must hold besides world and minds."""
        ...

    def minds_state(self) -> dict[str, Any]:
        """Return each agent's mind by id; empty where nobody has one."""
        ...

    def restore(self, state: Mapping[str, Any], world: Mapping[str, Any], minds: Mapping[str, Any]) -> None:
        """Go on from a snapshot's three states; raises StateError for a world's that is none."""
        ...

    def twin(self, runtime: Runtime, ledger: Ledger | RootOnly) -> Conducting:
        """Return an independent conductor of this moment; its minds live in a runtime that was not begun."""
        ...

    def stage(self) -> Any:
        """Return what measures see."""
        ...

    def end_body(self, measures: Mapping[str, int]) -> dict[str, Any]:
        """Return the content body of the run's last entry: the final state, what was counted, the measures."""
        ...
