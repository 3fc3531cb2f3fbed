"""A crowd's world: the columns that are true, what time makes of them, and their state. Not for who decides to step.

It is to a crowd what `worlds.world.World` is to a village: the conductor steps it, hooks intervene, snapshots hold its
state. Nothing in it is seen by anybody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from worldloom.provenance.digests import STATE, digest_json
from worldloom.provenance.events_block import EventBlock, EventRow
from worldloom.provenance.ids import EVENT_BLOCK_IDS
from worldloom.worlds.errors import StateError, WorldError
from worldloom.worlds.events import Journal
from worldloom.worlds.noise import Ints

from .crowd import Columns, Crowd
from .moment import Moment

FORMAT = 1
"""Version of the state's form."""

SCENARIO = "scenario"
"""Actor of what no agent did."""


class CrowdWorld:
    """See the module. Made by `genesis` or `from_state`; `columns` are to be read, or set by `put`."""

    def __init__(self, crowd: Crowd, seed: int, step: int, time: int, columns: Columns) -> None:
        self.crowd = crowd
        self.seed = seed
        self.step = step
        self.time = time
        self._columns = columns
        self._agents = len(next(iter(columns.values())))
        self._journal = Journal(time)

    @classmethod
    def genesis(cls, crowd: Crowd, *, seed: int, agents: int, start: int, step: int) -> CrowdWorld:
        """Begin; `start` and `step` are seconds. Raises WorldError for columns that are none, ValueError as `begin`."""
        columns = crowd.begin(Moment(seed, start, agents, Journal(start)))
        return cls(crowd, seed, step, start, _checked(columns, agents, "begin"))

    @property
    def agents(self) -> int:
        """How many agents there are."""
        return self._agents

    @property
    def columns(self) -> Mapping[str, Ints]:
        """Everybody's columns, which cannot be written to."""
        views = {name: values.view() for name, values in self._columns.items()}
        for view in views.values():
            view.flags.writeable = False
        return views

    @property
    def has_picture(self) -> bool:
        """Whether its rule draws one."""
        return type(self.crowd).picture is not Crowd.picture

    def put(self, name: str, agents: Sequence[int], value: int) -> None:
        """Set a column of some agents, as an event of the scenario; raises WorldError for an unknown one of either."""
        if name not in self._columns:
            raise WorldError(f"no column is called {name!r}; there are {', '.join(sorted(self._columns))}")
        wrong = next((each for each in agents if not 0 <= each < self._agents), None)
        if wrong is not None:
            raise WorldError(f"{wrong} is no agent's number; they go from 0 to {self._agents - 1}")
        self._columns[name][list(agents)] = value
        detail = {"column": name, "value": int(value), "agents": sorted(map(int, agents))}
        self._journal.record(EventRow(self.time, 0, SCENARIO, "put", None, None, SCENARIO, detail))

    def pass_step(self) -> list[EventBlock]:
        """Let the rule act once; returns the step's events as blocks by range and begins the next step's time."""
        self.crowd.step(self._columns, Moment(self.seed, self.time, self._agents, self._journal))
        _checked(self._columns, self._agents, "step")
        blocks = self._journal.close()
        self.time += self.step
        self._journal = Journal(self.time)
        return blocks

    def state(self) -> dict[str, Any]:
        """Return everything but the crowd's rule as a canonical JSON value; raises StateError within a step."""
        if len(self._journal):
            raise StateError("the world is in the middle of a step; take its state after it")
        parts: dict[str, dict[str, list[int]]] = {}
        for first in range(0, self._agents, EVENT_BLOCK_IDS):
            mine = slice(first, first + EVENT_BLOCK_IDS)
            parts[str(first // EVENT_BLOCK_IDS)] = {
                name: values[mine].tolist() for name, values in sorted(self._columns.items())
            }
        world = {"format": FORMAT, "time": self.time, "step": self.step, "seed": str(self.seed), "agents": self._agents}
        return {"world": world, "agents": parts}

    @classmethod
    def from_state(cls, state: Mapping[str, Any], crowd: Crowd) -> CrowdWorld:
        """Read what `state` gave; raises StateError when it is not one."""
        try:
            world, parts = state["world"], state["agents"]
            if world["format"] != FORMAT:
                raise StateError(f"a crowd's state of format {world['format']}: this Worldloom reads format {FORMAT}")
            order = sorted(parts, key=int)
            columns = {
                name: np.array([value for part in order for value in parts[part][name]], np.int64)
                for name in parts[order[0]]
            }
            checked = _checked(columns, world["agents"], "state")
            return cls(crowd, int(world["seed"]), world["step"], world["time"], checked)
        except (KeyError, IndexError, TypeError, ValueError, OverflowError, WorldError) as error:
            if isinstance(error, StateError):
                raise
            raise StateError(f"not a crowd's state: {type(error).__name__}: {error}") from error

    def digest(self) -> str:
        """Return the hex digest of the state."""
        return digest_json(STATE, self.state()).hex()


def _checked(columns: object, agents: int, where: str) -> Columns:
    """Return columns that are some; raises WorldError naming the first that is none."""
    if not isinstance(columns, dict) or not columns:
        raise WorldError(f"{where}: gives no columns; return a dict of int64 arrays, one element an agent")
    for name, values in columns.items():
        if not isinstance(name, str) or not name.isidentifier():
            raise WorldError(f"{where}: {name!r} is no name of a column; use letters, digits and _")
        if not isinstance(values, np.ndarray) or values.dtype != np.int64 or values.shape != (agents,):
            is_ = f"{values.dtype}{list(values.shape)}" if isinstance(values, np.ndarray) else type(values).__name__
            raise WorldError(f"{where}: column {name} is {is_}; it must be int64[{agents}]")
    return columns
