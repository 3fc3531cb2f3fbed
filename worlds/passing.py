"""What time does in a step, once everybody has acted: walks, needs, goods of work, ends of activities, first sights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from . import needs
from .columns import Activity
from .items import Item
from .movement import walk
from .nearby import VIEW_MM, Pairs, Spots, nearest_of_each, within
from .noise import Ints
from .observe import item_spots
from .scene import WITNESSES, Scene
from .space import CELL_MM
from .vocabulary import CARRY_LIMIT, FOOD, LIGHT, MARKET_TRADES, STOCK_LIMIT, TRADES, name_of

FINISHES = (Activity.WORKING, Activity.RESTING, Activity.SLEEPING, Activity.MAKING)
"""Activities whose end is an event; others just leave one free."""

_BLOCK_MM = 8 * CELL_MM
"""Outdoors, who stands in the same square of this side is company."""


class Note(NamedTuple):
    """An event that the passing of time brings, before it is recorded; `order` tells kinds of one second apart."""

    time: int
    order: int
    row: int
    kind: str
    target: str
    detail: Mapping[str, Any]
    witnesses: tuple[int, ...] = ()
    wakes: tuple[int, ...] = ()


def let_step_pass(scene: Scene) -> None:
    """Let the step go by and record what it brings, in the order of the seconds at which it happens."""
    end = scene.time + scene.step
    meetings, arrivals = walk(scene)
    notes = [
        Note(time, 0, first, "meet", scene.agents.ids[second], {}, (second,), (first, second))
        for time, first, second in meetings
    ]
    witnesses = _witnesses(scene, np.array([row for _, row in arrivals], np.int64))
    notes += [
        Note(time, 1, row, "arrive", scene.place(row), {}, seen)
        for (time, row), seen in zip(arrivals, witnesses, strict=True)
    ]
    needs.let_time_pass(scene.agents, accompanied(scene), scene.time, end)
    notes += _bring_forth(scene, end) + _end_activities(scene, end) + _first_sights(scene, end)
    notes.sort(key=lambda note: (note.time, note.order, note.row))
    for note in notes:
        _record(scene, note)


def accompanied(scene: Scene) -> NDArray[np.bool_]:
    """Return bool[agents]: whether somebody else is in the same room, or in the same square of open ground."""
    x, y, zone = scene.spots()
    outdoors = zone < 0
    width = int(x.max(initial=0)) // _BLOCK_MM + 1
    rooms = len(scene.ground.places)
    keys = np.where(outdoors, rooms + y // _BLOCK_MM * width + x // _BLOCK_MM, zone)
    several: NDArray[np.bool_] = np.bincount(keys)[keys] > 1
    return several


def _record(scene: Scene, note: Note) -> None:
    scene.happen(
        note.row,
        note.kind,
        target=note.target,
        cause=scene.causes[note.row],
        detail=note.detail,
        witnesses=note.witnesses,
        wakes=note.wakes,
        time=note.time,
    )


def _witnesses(scene: Scene, rows: Ints) -> list[tuple[int, ...]]:
    """Return for each row who takes note of its arrival: awake, in the same place, the nearest first, a few at most."""
    if not len(rows):
        return []
    spots = scene.spots()
    mine = Spots(*(values[rows] for values in spots))
    pairs = within(mine, spots, _BLOCK_MM, whole_rooms=True)
    agents = scene.agents
    keep = (agents.place[rows][pairs.watcher] == agents.place[pairs.watched]) & (rows[pairs.watcher] != pairs.watched)
    keep &= agents.activity[pairs.watched] != Activity.SLEEPING
    pairs = nearest_of_each(Pairs(*(values[keep] for values in pairs)), WITNESSES)
    found: list[list[int]] = [[] for _ in rows]
    for watcher, watched in zip(pairs.watcher.tolist(), pairs.watched.tolist(), strict=True):
        found[watcher].append(watched)
    return [tuple(each) for each in found]


def _bring_forth(scene: Scene, end: int) -> list[Note]:
    """Turn worked seconds into goods where a trade has any."""
    agents, places = scene.agents, scene.ground.places
    trades = TRADES if scene.market is None else MARKET_TRADES
    working = np.flatnonzero((agents.activity == Activity.WORKING) & (agents.place >= 0))
    seconds = np.array([trades[place.kind].seconds if place.kind in trades else 0 for place in places], np.int64)
    due = seconds[agents.place[working]]
    working, due = working[due > 0], due[due > 0]
    agents.worked[working] += np.clip(agents.busy_until[working] - scene.time, 0, scene.step)
    ready = agents.worked[working] >= due
    agents.worked[working[ready]] -= due[ready]
    notes = []
    for row in working[ready].tolist():
        items = _goods(scene, int(agents.place[row])) if scene.market is None else _own_goods(scene, row)
        if items:
            detail = {"thing": items[0].thing, "items": [item.id for item in items]}
            notes.append(Note(end, 2, row, "produce", items[0].id, detail))
    return notes


def _goods(scene: Scene, number: int) -> list[Item]:
    place = scene.ground.places[number]
    trade = TRADES[place.kind]
    stock = sum(item.thing in FOOD for item in scene.items.lying_at(place.id))
    count = max(0, min(trade.number, STOCK_LIMIT - stock))
    return [
        scene.items.add(trade.thing, name_of(trade.thing), place=place.id, cell=cell)
        for cell in scene.spots_for_items(number, count)
    ]


def _own_goods(scene: Scene, row: int) -> list[Item]:
    """Put what somebody brought forth into its hands, as much as these hold."""
    agent = scene.agents.ids[row]
    trade = MARKET_TRADES[scene.ground.places[int(scene.agents.place[row])].kind]
    hands = CARRY_LIMIT - sum(item.thing not in LIGHT for item in scene.items.held_by(agent))
    count = max(0, min(trade.number, hands))
    return [scene.items.add(trade.thing, name_of(trade.thing), holder=agent) for _ in range(count)]


def _end_activities(scene: Scene, end: int) -> list[Note]:
    """Free all whose activity ends within the step; walks end in arrivals."""
    agents = scene.agents
    lasting = (agents.activity != Activity.IDLE) & (agents.activity != Activity.WALKING)
    rows = np.flatnonzero(lasting & (agents.busy_until <= end))
    codes, times = agents.activity[rows].tolist(), agents.busy_until[rows].tolist()
    agents.activity[rows] = Activity.IDLE
    return [
        Note(max(time, scene.time), 3, row, "finish", "", {"activity": Activity(code).word})
        for row, code, time in zip(rows.tolist(), codes, times, strict=True)
        if code in FINISHES
    ]


def _first_sights(scene: Scene, end: int) -> list[Note]:
    """Note who has a made thing in view for the first time, be it put up or lying there."""
    made = [item for item in scene.items.values() if item.artifact and not item.holder]
    if not made:
        return []
    agents = scene.agents
    cells = np.array([item.cell for item in made], np.int64)
    spots = scene.spots()
    unseen = np.array([scene.seen.get(item.id, np.zeros(len(agents), np.uint8)) for item in made], np.uint8) == 0
    awake = np.flatnonzero(unseen.any(axis=0) & (agents.activity != Activity.SLEEPING))
    pairs = within(Spots(*(values[awake] for values in spots)), item_spots(scene, cells), VIEW_MM, whole_rooms=True)
    notes = []
    for watcher, index in zip(awake[pairs.watcher].tolist(), pairs.watched.tolist(), strict=True):
        item = made[index]
        if not unseen[index, watcher]:
            continue
        scene.seen.setdefault(item.id, np.zeros(len(agents), np.uint8))[watcher] = 1
        if item.maker != agents.ids[watcher]:
            detail = {"thing": item.thing, "name": item.name, "artifact": item.artifact, "maker": item.maker}
            notes.append(Note(end, 4, watcher, "see", item.id, detail))
    return notes
