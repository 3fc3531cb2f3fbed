"""One agent of a simulation, to be looked at: who it is, where, what it does, needs, plans and remembers now."""

from __future__ import annotations

from collections.abc import Mapping

from worldloom.agents.memory import Memory
from worldloom.agents.persona import Persona
from worldloom.agents.plan import Plan
from worldloom.agents.relationships import Relationships
from worldloom.worlds.clock import clock_text

from .now import Now


class AgentView:
    """A window on one agent: it always shows the present moment of its simulation, and nothing in it can be set."""

    def __init__(self, now: Now, agent: str) -> None:
        self._now = now
        self._agent = agent

    @property
    def id(self) -> str:
        """The agent's id, such as `agent-3`."""
        return self._agent

    @property
    def persona(self) -> Persona:
        """Who it is: name, age, job, character, home and work (ids of places), household (ids of agents)."""
        return self._now.village.by_agent[self._agent]

    @property
    def name(self) -> str:
        """Its full name."""
        return self.persona.name

    @property
    def place(self) -> str:
        """Name of the place where it is, "" on the way."""
        return self._now.place_name(self._now.seen(self._agent).place)

    @property
    def going(self) -> str:
        """Name of the place that it walks to, or ""."""
        return self._now.place_name(self._now.seen(self._agent).going)

    @property
    def doing(self) -> str:
        """What it does in a word: an `Activity` of worlds, such as `working` or `idle`."""
        return self._now.seen(self._agent).doing

    @property
    def until(self) -> int:
        """Simulated seconds when what it does ends; not after the present time when it is free."""
        return self._now.seen(self._agent).until

    @property
    def hunger(self) -> int:
        """How hungry it is: 0 to 1,000 (worst)."""
        return self._now.seen(self._agent).hunger

    @property
    def tiredness(self) -> int:
        """How tired it is: 0 to 1,000 (worst)."""
        return self._now.seen(self._agent).tiredness

    @property
    def company(self) -> int:
        """How much it misses company: 0 to 1,000 (worst)."""
        return self._now.seen(self._agent).company

    @property
    def carried(self) -> tuple[str, ...]:
        """Names of the things that it holds."""
        return tuple(thing.name for thing in self._now.seen(self._agent).carried)

    @property
    def memories(self) -> tuple[Memory, ...]:
        """What it remembers, oldest first."""
        return tuple(self._now.minds.memories(self._agent))

    @property
    def plan(self) -> str:
        """Its plan, a line for each step, the present one marked ` (now)`; empty when it has none or it has run out."""
        state = self._now.mind(self._agent)["plan"]
        plan = None if state is None else Plan.from_state(state)
        present = None if plan is None else plan.step(self._now.time)
        if plan is None or present is None:
            return ""
        lines = [f"{clock_text(step.at)}: {step.do}, {self._now.place_name(step.place)}" for step in plan.steps]
        lines[plan.position] += " (now)"
        return "\n".join(lines)

    @property
    def relationships(self) -> Mapping[str, int]:
        """How close it is to whom: 0 to 1,000 by name, the closest first."""
        ties = Relationships(self._agent)
        ties.restore(self._now.mind(self._agent)["ties"])
        time, cast = self._now.time, self._now.village.cast
        return {cast.name(other): ties.closeness(other, time) for other in ties.closest(time)}

    def __repr__(self) -> str:
        where = self.place or (f"on the way to {self.going}" if self.going else "on the way")
        return f"<{self.name} ({self.id}), {self.persona.job}: {self.doing}, {where}>"
