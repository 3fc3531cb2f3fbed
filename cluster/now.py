"""The present moment of a rehearsal, to be read between two steps: reading it changes neither world nor minds."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from worldloom.agents.minds import Minds
from worldloom.worlds.observation import Observation

from .rehearsal import Rehearsal
from .stage import Stage
from .village import Village


class Now:
    """What is true, seen and remembered now. What must be computed for it is computed once a step."""

    def __init__(self, rehearsal: Rehearsal) -> None:
        conductor = rehearsal.minded
        self._rehearsal = rehearsal
        # The time is the key: between two steps nothing changes.
        self._minds = lru_cache(maxsize=1)(lambda _time: conductor.minds())
        self._states = lru_cache(maxsize=1)(lambda _time: rehearsal.runtime.state())
        self._seen = lru_cache(maxsize=1)(lambda _time: self._look())

    @property
    def time(self) -> int:
        """Simulated seconds."""
        time: int = self._rehearsal.conductor.world.time
        return time

    @property
    def village(self) -> Village:
        """Everybody, and what the places are called."""
        return self._rehearsal.minded.village

    @property
    def minds(self) -> Minds:
        """A copy of everybody's minds."""
        return self._minds(self.time)

    def mind(self, agent: str) -> Mapping[str, Any]:
        """Return an agent's mind as a JSON value."""
        state: Mapping[str, Any] = self._states(self.time)[agent]
        return state

    def seen(self, agent: str) -> Observation:
        """Return what an agent would perceive now."""
        return self._seen(self.time)[agent]

    def position(self, agent: str) -> tuple[int, int]:
        """Return where an agent is: x and y in millimetres."""
        agents = self._rehearsal.minded.world.agents
        row = agents.row_of(agent)
        return int(agents.x[row]), int(agents.y[row])

    def place_name(self, place: str) -> str:
        """Return the name of a place by its id; "" for ""."""
        return self.village.cast.place(place).name if place else ""

    def stage(self) -> Stage:
        """Return a stage on a copy of the world: what a measure does there, does not happen."""
        conductor = self._rehearsal.minded
        world = conductor.world_from(conductor.world.state())
        return Stage(world, self.village.personas, lambda: self.minds, conductor.scenario.parameters)

    def _look(self) -> dict[str, Observation]:
        observed = self._rehearsal.minded.world.observe([person.agent for person in self.village.personas])
        return {each.agent: each for each in observed}
