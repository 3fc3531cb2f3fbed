"""Who learned of something from whom: chains of talk, followed from event to event. Reads no log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from worldloom.provenance.ids import EventId


class Telling(NamedTuple):
    """A `say` event that passes on what came from the event `source`; `heard` are agent ids."""

    event: str
    time: int
    speaker: str
    place: str
    heard: tuple[str, ...]
    source: str


class Knower(NamedTuple):
    """Who knows, since when (seconds), by which event; `teller` told it ("" for who knew first), `via` is its source.

    `depth` counts the tellings between the fact and this agent; `place` is where it was told, "" if unknown.
    """

    agent: str
    time: int
    event: str
    teller: str
    via: str
    depth: int
    place: str


class Fact(NamedTuple):
    """An event that people talked about, and how many know of it along talk."""

    event: str
    knowers: int


class Talk:
    """All tellings of a run by the event that they go back to."""

    def __init__(self, tellings: Iterable[Telling]) -> None:
        self._from: dict[str, list[Telling]] = {}
        self._sources: dict[str, str] = {}
        for telling in tellings:
            self._from.setdefault(telling.source, []).append(telling)
            self._sources[telling.event] = telling.source

    def spread(self, fact: str, first: Sequence[Knower]) -> tuple[Knower, ...]:
        """Return everybody who knows of `fact`, each once, in the order in which they learned; `first` knew at once.

        Whoever tells of it from the event itself, and not from what somebody said, was there.
        """
        found = {knower.agent: knower for knower in first}
        direct = self._from.get(fact, ())
        time = EventId.parse(fact).time
        for telling in direct:
            found.setdefault(telling.speaker, Knower(telling.speaker, time, fact, "", "", 0, ""))
        waiting = [(telling, 1) for telling in direct]
        done = set()
        while waiting:
            telling, depth = waiting.pop(0)
            if telling.event in done:
                continue
            done.add(telling.event)
            for agent in telling.heard:
                told = Knower(agent, telling.time, telling.event, telling.speaker, telling.source, depth, telling.place)
                if agent not in found or _order(told) < _order(found[agent]):
                    found[agent] = told
            waiting += [(further, depth + 1) for further in self._from.get(telling.event, ())]
        return tuple(sorted(found.values(), key=_order))

    def roots(self) -> list[str]:
        """Return the events that talk goes back to and that are no talk themselves, in the order of their telling."""
        return [source for source in self._from if source not in self._sources]


def _order(knower: Knower) -> tuple[int, int, EventId, str]:
    return knower.time, knower.depth, EventId.parse(knower.event), knower.agent
