"""What all agents have, as one integer array a quality: row n of each belongs to the n-th agent. No rule stands here.

Rows are in the order of agent numbers. Everything is int64: seconds, millimetres, thousandths, numbers of places.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Any

import numpy as np
from worldloom.provenance.ids import EVENT_BLOCK_IDS, agent_id

from .errors import StateError, WorldError
from .noise import Ints
from .space import CELL_MM

NOWHERE = -1
"""Number of the place of somebody who is on the way, and of a target that is not set."""

NEVER = -(2**40)
"""A time before all others."""


class Activity(IntEnum):
    """What an agent is doing; the numbers stand in states and never change."""

    IDLE = 0
    WALKING = 1
    TALKING = 2
    WORKING = 3
    RESTING = 4
    SLEEPING = 5
    MAKING = 6
    EATING = 7
    READING = 8
    WAITING = 9
    BUSY = 10

    @property
    def word(self) -> str:
        """How it reads: `walking`."""
        return self.name.lower()


@dataclass(eq=False)
class Columns:
    """Arrays int64[agents].

    `number` is the agent's, `x` and `y` its position in millimetres (always the middle of a cell), `place` where it
    has arrived (NOWHERE on the way), `activity` an Activity that lasts until `busy_until` (seconds; walking lasts until
    it arrives), `woken` 1 when something happened that it must look at. `target` and `origin` are places of a walk,
    `credit` the milliseconds walked towards the next cell, `pause` the second until which a walker stands and talks.
    `worked` counts seconds of work not yet turned into goods. `hunger`, `tiredness` and `company` run from 0 to 1000
    (worst), `met_at` is when it last met somebody on the way. `home` and `work` are places. `deaf` and `mute` are 1
    where a scenario cut an agent off from talk.
    """

    number: Ints
    x: Ints
    y: Ints
    place: Ints
    activity: Ints
    busy_until: Ints
    woken: Ints
    target: Ints
    origin: Ints
    credit: Ints
    pause: Ints
    worked: Ints
    hunger: Ints
    tiredness: Ints
    company: Ints
    met_at: Ints
    home: Ints
    work: Ints
    deaf: Ints
    mute: Ints

    def __post_init__(self) -> None:
        self.ids = tuple(agent_id(int(number)) for number in self.number)
        self.row = {agent: row for row, agent in enumerate(self.ids)}
        if len(self.row) != len(self.ids) or (np.diff(self.number) <= 0).any():
            raise WorldError("agents: two have the same number, or they are not in order of their numbers")

    @classmethod
    def blank(cls, numbers: Sequence[int]) -> Columns:
        """Return columns for agents of those ascending numbers, with nothing in them yet."""
        count = len(numbers)
        columns = {field.name: np.zeros(count, np.int64) for field in fields(cls)}
        columns["number"] = np.array(numbers, np.int64).reshape(count)
        columns["target"][:] = columns["origin"][:] = columns["place"][:] = NOWHERE
        columns["met_at"][:] = NEVER
        return cls(**columns)

    def __len__(self) -> int:
        return len(self.ids)

    def row_of(self, agent: str) -> int:
        """Return the row of an agent; raises WorldError when it is nobody here."""
        row = self.row.get(agent)
        if row is None:
            raise WorldError(f"{agent!r} is no agent of this world; there are {len(self)}, such as {self.ids[:1]}")
        return row

    @property
    def column(self) -> Ints:
        """The column of the cell that each agent stands on."""
        return self.x // CELL_MM

    @property
    def line(self) -> Ints:
        """The row (on the grid) of the cell that each agent stands on."""
        return self.y // CELL_MM

    def state(self) -> dict[str, dict[str, list[int]]]:
        """Return the columns as lists of integers by range of agent numbers (text)."""
        ranges = self.number // EVENT_BLOCK_IDS
        parts: dict[str, dict[str, list[int]]] = {}
        for range_ in np.unique(ranges).tolist():
            mine = ranges == range_
            parts[str(range_)] = {field.name: getattr(self, field.name)[mine].tolist() for field in fields(self)}
        return parts

    @classmethod
    def from_state(cls, parts: Mapping[str, Mapping[str, Any]]) -> Columns:
        """Read what `state` gave; raises StateError."""
        order = sorted(parts, key=int)
        try:
            columns = {
                field.name: np.array([value for part in order for value in parts[part][field.name]], np.int64)
                for field in fields(cls)
            }
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise StateError(f"agents of a world state: a column is missing or is not of integers ({error})") from error
        sizes = {name: len(values) for name, values in columns.items()}
        if len(set(sizes.values())) != 1:
            raise StateError(f"agents of a world state: columns of different lengths: {sizes}")
        return cls(**columns)
