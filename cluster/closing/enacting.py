"""A run once more from its events: the world's rules, without minds, give where all were and what they needed.

The log says what people did; where they stood meanwhile follows from the land and the rules of worlds. Here the logged
deeds are done again, step by step, and every event that comes of it is compared with the logged one. Decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from worldloom.provenance.events_block import EventBlock, EventRow
from worldloom.provenance.ids import WORLD_RANGE
from worldloom.worlds.action import Action
from worldloom.worlds.builtin import market_actions
from worldloom.worlds.columns import Activity
from worldloom.worlds.errors import WorldError
from worldloom.worlds.world import Resident, World

from .land import Land
from .record import Record

MOST_AGENT_STEPS = 3_000_000
"""Agents times steps that are done again for a page; a larger run would keep its closing waiting."""

MOST_SAID = 60_000
"""Utterances that are done again; in a run with more nobody stops to talk, and ways come out nearly as logged."""

NEEDS = ("hunger", "tiredness", "company")

Deed = Callable[[EventRow, Mapping[str, Any]], tuple[str, dict[str, Any]]]


@dataclass(frozen=True)
class Track:
    """Where everybody was at the end of every step, and what they needed; row 0 is the beginning.

    `times` int64[moments] in seconds; `x`, `y` int32[moments, agents] in millimetres; `doing` uint8[moments, agents] an
    Activity; `goal` int16[moments, agents] the number of the place where somebody is or walks to; `needs` by name
    int16[moments, agents] in thousandths (1000: worst). `same` of `total` logged events came out again as they stand in
    the log.
    """

    agents: tuple[str, ...]
    times: NDArray[np.int64]
    x: NDArray[np.int32]
    y: NDArray[np.int32]
    doing: NDArray[np.uint8]
    goal: NDArray[np.int16]
    needs: Mapping[str, NDArray[np.int16]]
    same: int
    total: int

    @property
    def exact(self) -> bool:
        """Whether everything came out as it stands in the log."""
        return self.same == self.total


def enact(record: Record, land: Land | None) -> Track | None:
    """Return the track of a run; None without land, people or time, or where there is too much to do again."""
    scenario = record.scenario.get("scenario", {})
    step = scenario.get("step_seconds", 60)
    steps = (record.end - record.start) // step
    if land is None or not record.personas or steps < 1 or steps * len(record.personas) > MOST_AGENT_STEPS:
        return None
    try:
        world = World.genesis(
            seed=scenario["seed"],
            terrain=land.terrain,
            settlement=land.settlement,
            residents=[Resident(each["agent"], each["home"], each["work"]) for each in record.personas],
            start=record.start,
            step=step,
            actions=market_actions(),
            pennies=(scenario.get("market") or {}).get("pennies"),
        )
        return _enacted(world, record, steps)
    except (WorldError, KeyError, TypeError):
        return None  # an older log, or deeds of a plug-in that is not here: the page says that it shows no ways


def _enacted(world: World, record: Record, steps: int) -> Track:
    by_step: dict[int, list[EventBlock]] = {}
    for _, block in record.blocks:
        by_step.setdefault(block.time, []).append(block)
    moments = [_moment(world)]
    same = total = 0
    for _ in range(steps):
        logged = by_step.get(world.time, [])
        made = _step(world, logged, record)
        total += sum(len(block.rows) for block in logged)
        same += _alike(logged, made)
        moments.append(_moment(world))
    x, y, doing, goal, *needs = (np.stack(column) for column in zip(*moments, strict=True))
    times = record.start + np.arange(steps + 1, dtype=np.int64) * world.step
    return Track(world.agents.ids, times, x, y, doing, goal, dict(zip(NEEDS, needs, strict=True)), same, total)


def _moment(world: World) -> tuple[NDArray[Any], ...]:
    agents = world.agents
    goal = np.where(agents.place >= 0, agents.place, agents.target).astype(np.int16)
    needs = (getattr(agents, need).astype(np.int16) for need in NEEDS)
    return agents.x.astype(np.int32), agents.y.astype(np.int32), agents.activity.astype(np.uint8), goal, *needs


def _step(world: World, logged: Iterable[EventBlock], record: Record) -> list[EventBlock]:
    world.begin_step()
    ordered = sorted(logged, key=lambda block: block.range != WORLD_RANGE)  # hooks come before everybody's deeds
    for number, row in enumerate(row for block in ordered for row in block.rows):
        detail = row.detail if isinstance(row.detail, dict) else {}
        if row.actor == "scenario":
            world.intervene(row.kind or "", target=row.target or "", place=row.place or "", detail=detail)
        elif row.kind in _DEEDS and row.actor and (row.kind != "say" or len(record.said) <= MOST_SAID):
            kind, arguments = _DEEDS[row.kind or ""](row, detail)
            if kind == "make":
                arguments["mood"] = record.mood(detail.get("artifact", ""))
            world.apply([Action(row.actor, kind, arguments, row.cause or "")], number)
    return world.end_step()


def _alike(logged: Iterable[EventBlock], made: Iterable[EventBlock]) -> int:
    """Return how many rows are the same in both, each in its place."""
    again = {block.range: block.rows for block in made}
    return sum(one == two for block in logged for one, two in zip(block.rows, again.get(block.range, ()), strict=False))


def _text(row: EventRow, detail: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    words = {name: detail[name] for name in ("text", "source", "spoken") if detail.get(name)}
    return "say", {"to": row.target or "", **words}


def _make(row: EventRow, detail: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    known = {name: detail[name] for name in ("subject", "artifact", "media_type")}
    return "make", {"craft": detail["thing"], "title": detail["name"], "seconds": row.duration, **known}


def _used(row: EventRow, detail: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    del detail
    return "use", {"item": row.target}


_DEEDS: Mapping[str, Deed] = {
    "move": lambda row, _: ("move", {"to": row.target}),
    "say": _text,
    "work": lambda row, _: ("work", {"seconds": row.duration}),
    "rest": lambda row, _: ("rest", {"seconds": row.duration}),
    "wait": lambda row, detail: ("wait", {"seconds": row.duration or 60, "reason": detail.get("reason", "")}),
    "take": lambda row, _: ("take", {"item": row.target}),
    "give": lambda row, detail: ("give", {"item": detail["item"], "to": row.target}),
    "use": _used,
    "read": _used,
    "sing": _used,
    "make": _make,
    "offer": lambda row, detail: ("offer", {"item": row.target, "price": detail["price"]}),
    "buy": lambda _, detail: ("buy", {"item": detail["item"]}),
}
"""What an event says of the deed behind it, by kind; what time brings (arrivals, meetings, ends) comes by itself."""

DOINGS = tuple(activity.word for activity in Activity)
