"""What hooks and measures of a scenario see of a crowd: its columns, to be read; hooks may set some."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from worldloom.worlds.crowds.world import CrowdWorld
from worldloom.worlds.noise import Ints

from .errors import ScenarioError


class CrowdStage:
    """A crowd at one moment; what a hook sets is logged as an event of actor `scenario`."""

    def __init__(self, world: CrowdWorld, parameters: Mapping[str, int], *, writable: bool = False) -> None:
        self._world = world
        self._writable = writable
        self.parameters = parameters
        """The scenario's own parameters."""

    @property
    def time(self) -> int:
        """Simulated seconds."""
        return self._world.time

    @property
    def crowd(self) -> Any:
        """The scenario's own `Crowd` with its parameters, and what else it can compute of columns."""
        return self._world.crowd

    @property
    def columns(self) -> Mapping[str, Ints]:
        """Everybody's columns: int64[agents] by name, not to be written to."""
        return self._world.columns

    def put(self, column: str, agents: Sequence[int], value: int) -> None:
        """Set a column of the agents of some numbers; raises WorldError for an unknown column or number.

        Raises ScenarioError in a measure: what is measured is not changed.
        """
        if not self._writable:
            raise ScenarioError("columns can be set in a hook, not in a measure")
        self._world.put(column, agents, value)
