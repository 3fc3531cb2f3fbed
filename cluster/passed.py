"""What passed in some steps of a run in memory, in numbers."""

from __future__ import annotations

from dataclasses import dataclass

from .conducting import Conducting


@dataclass(frozen=True, slots=True)
class Passed:
    """From when to when (simulated seconds), and how many steps, events and decisions there were.

    `breakpoint` is the name of the one that stopped the simulation, or "".
    """

    began: int
    ended: int
    steps: int
    events: int
    decisions: int
    breakpoint: str = ""

    @classmethod
    def so_far(cls, conductor: Conducting) -> Passed:
        """Return what passed since the scenario's start."""
        start, now, counts = conductor.scenario.start_time, conductor.world.time, conductor.counts
        return cls(start, now, (now - start) // conductor.scenario.step_seconds, counts.events, counts.decisions)

    def after(self, before: Passed, stopped: str = "") -> Passed:
        """Return what passed after `before`, where both are since the start; `stopped` names a breakpoint."""
        events, decisions = self.events - before.events, self.decisions - before.decisions
        return Passed(before.ended, self.ended, self.steps - before.steps, events, decisions, stopped)
