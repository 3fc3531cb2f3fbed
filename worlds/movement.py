"""How people walk: many cells a step along the directions to their places, and whom they meet. Arrays, not loops.

Everybody stands in the middle of a cell at the end of a step; the milliseconds towards the next cell are carried on.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .chance import draw_u64, one_below
from .columns import NOWHERE, Activity
from .ground import OPEN_AIR
from .nearby import HEARING_MM
from .noise import Ints
from .scene import Scene
from .space import CELL_MM
from .walking import DIAGONAL_MS, HERE, STRAIGHT_MS

MEET_COOLDOWN = 1800
"""Seconds after a meeting in which nobody else on the way makes one stop."""

_TOGETHER_MS = 3000
"""Two walkers meet when within three seconds they come within hearing of each other …"""

_BLOCK = 6
_SHIFTS = ((0, 0), (3, 0), (0, 3), (3, 3))
"""… which is looked for in blocks of 6 x 6 cells of four grids: any two less than 4 cells apart share one of them."""

_COST: Ints = np.array([STRAIGHT_MS] * 4 + [DIAGONAL_MS] * 4, np.int64)


class Visits(NamedTuple):
    """Who (index among the walkers) entered which cell, at which millisecond of the step; int64[visits] each."""

    who: Ints
    cell: Ints
    ms: Ints


class Walk(NamedTuple):
    """Where walkers (rows) are after a step: cell, clock in ms, whether it is the goal; and all cells on their ways."""

    rows: Ints
    cell: Ints
    ms: Ints
    arrived: Ints
    visits: Visits


class Meeting(NamedTuple):
    """Two rows that cross at a second of simulated time; the first is the one who is first to see the other."""

    time: int
    first: int
    second: int


class Arrival(NamedTuple):
    """A row that reaches its place at a second of simulated time."""

    time: int
    row: int


def walk(scene: Scene) -> tuple[list[Meeting], list[Arrival]]:
    """Let all walkers walk for a step: moves them, stops those who meet, gives those who arrive a cell of their own."""
    agents = scene.agents
    rows = np.flatnonzero(agents.activity == Activity.WALKING)
    if not len(rows):
        return [], []
    agents.place[rows] = NOWHERE
    done = _advance(scene, rows)
    meetings, cells, stopped = _meet(scene, done)
    paused = agents.pause[rows] - scene.time >= scene.step
    scene.ground.put(agents, rows, cells)
    left = scene.step * 1000 - done.ms
    agents.credit[rows] = np.where(stopped, 0, np.where(paused, agents.credit[rows], left))
    arrivals = _arrive(scene, done, np.flatnonzero((done.arrived == 1) & ~stopped))
    return meetings, arrivals


def _advance(scene: Scene, rows: Ints) -> Walk:
    agents, ground = scene.agents, scene.ground
    targets = agents.target[rows]
    table = ground.directions(targets)
    cell = ground.standing(agents)[rows]
    ms = np.maximum(agents.pause[rows] - scene.time, 0) * 1000 - agents.credit[rows]
    budget = scene.step * 1000
    going = np.flatnonzero(ms < budget)
    visits = [Visits(going, cell[going], np.maximum(ms[going], 0))]
    while len(going):
        direction = table[targets[going], cell[going]]
        going, direction = going[direction < HERE], direction[direction < HERE]
        cost = _COST[direction]
        in_time = ms[going] + cost <= budget
        going, direction, cost = going[in_time], direction[in_time], cost[in_time]
        cell[going] += ground.deltas[direction]
        ms[going] += cost
        visits.append(Visits(going, cell[going], ms[going]))
    arrived = (table[targets, cell] == HERE).astype(np.int64)
    return Walk(rows, cell, ms, arrived, Visits(*(np.concatenate(parts) for parts in zip(*visits, strict=True))))


def _meet(scene: Scene, done: Walk) -> tuple[list[Meeting], Ints, NDArray[np.bool_]]:
    """Return the meetings, the cell where each walker is after them, and who was stopped (bool[walkers])."""
    cells, stopped = done.cell.copy(), np.zeros(len(done.rows), np.bool_)
    meetings: list[Meeting] = []
    visits, one, other = _crossings(scene, done)
    for a, b in zip(one.tolist(), other.tolist(), strict=True):
        first, second = int(visits.who[a]), int(visits.who[b])
        if stopped[first] or stopped[second]:
            continue
        stopped[first] = stopped[second] = True
        cells[first], cells[second] = visits.cell[a], visits.cell[b]
        time = scene.time + int(max(visits.ms[a], visits.ms[b])) // 1000
        pair = [int(done.rows[first]), int(done.rows[second])]
        numbers = [int(scene.agents.number[row]) for row in pair]
        if one_below(scene.seed, "meet", 2, time, *numbers):
            pair.reverse()
        scene.agents.met_at[pair] = time
        meetings.append(Meeting(time, *pair))
    return meetings, cells, stopped


def _crossings(scene: Scene, done: Walk) -> tuple[Visits, Ints, Ints]:
    """Return visits and pairs of indices into them at which two may meet, by time; who sets out together never does."""
    agents, ground = scene.agents, scene.ground
    fresh = agents.met_at[done.rows] + MEET_COOLDOWN <= scene.time
    keep = fresh[done.visits.who] & (ground.room[done.visits.cell] == OPEN_AIR)
    visits = Visits(*(values[keep] for values in done.visits))
    one, other = np.concatenate([_neighbours(scene, done, visits, *shift) for shift in _SHIFTS], axis=1)
    columns = visits.cell[one] % ground.columns - visits.cell[other] % ground.columns
    lines = visits.cell[one] // ground.columns - visits.cell[other] // ground.columns
    near = (columns * columns + lines * lines) * CELL_MM**2 <= HEARING_MM**2
    one, other = one[near], other[near]
    by_time = np.lexsort((other, one, np.maximum(visits.ms[one], visits.ms[other])))
    return visits, one[by_time], other[by_time]


def _neighbours(scene: Scene, done: Walk, visits: Visits, right: int, down: int) -> Ints:
    """Return pairs int64[2, n] of visits at about the same time in one block of a grid shifted by some cells."""
    columns = scene.ground.columns
    line, column = visits.cell // columns + down, visits.cell % columns + right
    block = line // _BLOCK * (columns + _BLOCK) + column // _BLOCK
    order = np.lexsort((visits.who, visits.ms, block))
    block, ms, who = block[order], visits.ms[order], visits.who[order]
    origin = scene.agents.origin[done.rows][who]
    pairs = []
    # Those next in this order and the ones after: finds most who are near, and costs no more in a crowd.
    for apart in (1, 2, 3):
        a, b = slice(None, -apart), slice(apart, None)
        met = (block[a] == block[b]) & (ms[b] - ms[a] <= _TOGETHER_MS) & (who[a] != who[b]) & (origin[a] != origin[b])
        at = np.flatnonzero(met)
        pairs.append(np.stack([order[at], order[at + apart]]))
    return np.concatenate(pairs, axis=1)


def _arrive(scene: Scene, done: Walk, indices: Ints) -> list[Arrival]:
    """Give those who reached their place a cell there, in the order in which they came; by chance among equals."""
    agents, ground = scene.agents, scene.ground
    luck = draw_u64(scene.seed, "arrive", scene.time, agents.number[done.rows[indices]])
    indices = indices[np.lexsort((luck[: len(indices)], done.ms[indices]))]
    rows = done.rows[indices]
    places = agents.target[rows]
    seconds = np.zeros(len(rows), np.int64)
    standing = ground.standing(agents)
    for place in np.unique(places).tolist():
        mine = np.flatnonzero(places == place)
        cells, extra = ground.free_cells(place, standing[agents.place == place], len(mine))
        ground.put(agents, rows[mine], cells)
        seconds[mine] = -(-(done.ms[indices[mine]] + extra) // 1000)
    times = scene.time + np.clip(seconds, 1, scene.step)
    agents.place[rows] = places
    agents.target[rows] = agents.origin[rows] = NOWHERE
    agents.activity[rows] = Activity.IDLE
    agents.busy_until[rows] = times
    agents.credit[rows] = agents.pause[rows] = 0
    return [Arrival(time, row) for time, row in zip(times.tolist(), rows.tolist(), strict=True)]
