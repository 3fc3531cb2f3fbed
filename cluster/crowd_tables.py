"""A crowd's simulation as tables and one of its agents as a window. Reading changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from worldloom.provenance.ids import agent_id
from worldloom.worlds.crowds.world import CrowdWorld

from .chronicle import Chronicle
from .crowd_conductor import CrowdConductor
from .errors import SimulationError
from .scenario import Measure
from .scenario_file import take_measures
from .table_rows import event_rows
from .tables import COLUMNS, Column, arrow

if TYPE_CHECKING:
    import pyarrow as pa

TABLES = ("agents", "events", "measures")


class CrowdAgent:
    """A window on one agent of a crowd: it always shows the present moment, and nothing in it can be set."""

    def __init__(self, conductor: CrowdConductor, number: int) -> None:
        self._conductor = conductor
        self._number = number

    @property
    def id(self) -> str:
        """The agent's id, such as `agent-3`."""
        return agent_id(self._number)

    @property
    def columns(self) -> Mapping[str, int]:
        """What it has, by column."""
        return {name: int(values[self._number]) for name, values in sorted(self._conductor.world.columns.items())}

    def __repr__(self) -> str:
        return f"<{self.id}: {', '.join(f'{name} {value}' for name, value in self.columns.items())}>"


def crowd_table(
    name: str, conductor: CrowdConductor, chronicle: Chronicle, measures: Mapping[str, Measure]
) -> pa.Table:
    """Return `agents` (time, agent, and each column), `events` or `measures` as they are now, as an Arrow table.

    Raises SimulationError for another name, ScenarioError for a measure that fails.
    """
    if name not in TABLES:
        raise SimulationError(f"no table is called {name!r}; a crowd has: {', '.join(TABLES)}")
    world = conductor.world
    if name == "agents":
        return _agents(world)
    if name == "events":
        return arrow(COLUMNS[name], event_rows(chronicle))
    taken = take_measures(measures, conductor.stage())
    return arrow(COLUMNS[name], [(world.time, each, value) for each, value in taken.items()])


def _agents(world: CrowdWorld) -> pa.Table:
    names = sorted(world.columns)
    columns = (*COLUMNS["agents"][:2], *(Column(name, "int64", "the rule's own column") for name in names))
    values = [world.columns[name].tolist() for name in names]
    rows = [(world.time, agent_id(number), *each) for number, each in enumerate(zip(*values, strict=True))]
    return arrow(columns, rows)
