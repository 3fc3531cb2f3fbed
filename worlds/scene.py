"""What rules and actions work on: the mutable truth of one world at one time, and the few ways to change it.

Nothing outside worlds sees a Scene but the apply function of an action kind; everybody else goes through World.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from worldloom.provenance.events_block import EventRow

from .columns import NOWHERE, Activity, Columns
from .events import Inboxes, Journal
from .ground import Ground
from .items import Item, Items
from .market import Market
from .nearby import HEARING_MM, Spots, around
from .noise import Ints
from .observation import Happening
from .space import CELL_MM

WITNESSES = 16
"""How many people near by take note of what somebody does; a crowd costs no more than that."""

_ASLEEP = Activity.SLEEPING


@dataclass
class Scene:
    """One world between two instants. `causes` holds for each row the decision that its activity follows from.

    `seen` maps a made item's id to uint8[agents]: 1 where an agent has had it in view.
    """

    seed: int
    step: int
    time: int
    ground: Ground
    agents: Columns
    items: Items
    journal: Journal
    inboxes: Inboxes
    causes: list[str]
    seen: dict[str, Ints] = field(default_factory=dict)
    addressed: dict[str, str] = field(default_factory=dict)
    """Who was spoken to in this round, and by whom."""
    market: Market | None = None
    """Purses, prices and sales, in a world that has a market."""

    # What is where

    def spots(self) -> Spots:
        """Return where all agents are."""
        agents = self.agents
        return Spots(agents.x, agents.y, self.ground.zones(self.ground.standing(agents)))

    def near(self, row: int, *, asleep: bool = True) -> list[int]:
        """Return the rows of those in hearing of an agent, nearest first, without itself."""
        found = around(self.spots(), row, HEARING_MM)
        if not asleep:
            found = found[self.agents.activity[found] != _ASLEEP]
        rows: list[int] = found.tolist()
        return rows

    def hears(self, row: int, other: int) -> bool:
        """Whether two agents are in hearing of each other."""
        agents, room = self.agents, self.ground.room
        mine, theirs = (self.ground.standing_of(agents, each) for each in (row, other))
        dx, dy = int(agents.x[row] - agents.x[other]), int(agents.y[row] - agents.y[other])
        return bool(room[mine] == room[theirs]) and dx * dx + dy * dy <= HEARING_MM**2

    def place(self, row: int) -> str:
        """Return the id of the place that an agent has arrived at, "" on the way."""
        return self.ground.place_id(int(self.agents.place[row]))

    def in_reach(self, row: int, item: Item) -> bool:
        """Whether an agent holds an item, or it lies at the place where the agent is, or near it in the same zone."""
        if item.holder:
            return item.holder == self.agents.ids[row]
        if item.place == self.place(row):
            return True
        standing = self.ground.standing_of(self.agents, row)
        room = self.ground.room
        x, y = self.ground.cell(standing)
        dx, dy = (item.cell[0] - x) * CELL_MM, (item.cell[1] - y) * CELL_MM
        return bool(room[standing] == room[self.ground.index(item.cell)]) and dx * dx + dy * dy <= HEARING_MM**2

    def busy(self, row: int) -> bool:
        """Whether what an agent does lasts beyond now."""
        agents = self.agents
        return bool(agents.activity[row] == Activity.WALKING or agents.busy_until[row] > self.time)

    # What happens

    def happen(
        self,
        row: int,
        kind: str,
        *,
        target: str = "",
        cause: str = "",
        duration: int = 0,
        detail: Mapping[str, Any] | None = None,
        witnesses: Sequence[int] = (),
        wakes: Sequence[int] = (),
        time: int | None = None,
    ) -> Happening:
        """Record what an agent did or met with; it and the witnesses (rows) perceive it, `wakes` look at it at once."""
        seen_by = [self.agents.ids[each] for each in sorted({row, *witnesses})]
        event = EventRow(
            self.time if time is None else time,
            duration,
            self.agents.ids[row],
            kind,
            target or None,
            self.place(row) or None,
            cause,
            dict(detail or {}),
        )
        happening = self.journal.record(event, seen_by)
        self.inboxes.deliver(happening)
        for each in wakes:
            self.agents.woken[each] = 1
        return happening

    def watch(self, row: int) -> list[int]:
        """Return the rows of those who take note of what an agent does here: awake and near, the nearest first."""
        return self.near(row, asleep=False)[:WITNESSES]

    # What agents do

    def occupy(self, row: int, activity: Activity, seconds: int, cause: str) -> None:
        """Let an agent do something for so many seconds from now; what it did before is over."""
        agents = self.agents
        agents.activity[row] = activity
        agents.busy_until[row] = self.time + seconds
        agents.target[row] = agents.origin[row] = NOWHERE
        agents.credit[row] = agents.pause[row] = 0
        self.causes[row] = cause

    def detain(self, row: int, seconds: int) -> None:
        """Let somebody who talks spend the seconds: a walker stands that long, an idle one is taken up by it."""
        agents = self.agents
        if agents.activity[row] == Activity.WALKING:
            agents.pause[row] = max(int(agents.pause[row]), self.time) + seconds
        elif not self.busy(row):
            self.occupy(row, Activity.TALKING, seconds, "")
        elif agents.activity[row] == Activity.TALKING:
            agents.busy_until[row] += seconds

    def spot_for_item(self, place: int) -> tuple[int, int]:
        """Return the cell of a place on which the fewest things lie, the nearest to its middle among equals."""
        return self.spots_for_items(place, 1)[0]

    def spots_for_items(self, place: int, count: int) -> list[tuple[int, int]]:
        """Return cells for several things, chosen one after the other as `spot_for_item` does."""
        lying = [self.ground.index(item.cell) for item in self.items.lying_at(self.ground.place_id(place))]
        cells, _ = self.ground.free_cells(place, np.array(lying, np.int64), count)
        return [self.ground.cell(index) for index in cells.tolist()]
