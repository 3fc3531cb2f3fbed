"""Rows of a simulation's tables, in the order of the columns that `tables` lists. Knows no types of columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from worldloom.provenance.canonical import canonical
from worldloom.provenance.ids import EventId

from .chronicle import Chronicle
from .now import Now
from .scenario import Measure
from .scenario_file import take_measures

Row = tuple[Any, ...]


class Source(NamedTuple):
    """What tables are made from."""

    now: Now
    chronicle: Chronicle
    measures: Mapping[str, Measure]


def _agents(source: Source) -> Iterator[Row]:
    now = source.now
    for who in now.village.personas:
        seen = now.seen(who.agent)
        places = [now.place_name(place) for place in (who.home, who.work, seen.place, seen.going)]
        needs = seen.hunger, seen.tiredness, seen.company
        remembered = len(now.minds.memories(who.agent))
        mind = (*needs, len(seen.carried), remembered)
        yield (now.time, who.agent, who.name, who.age, who.job, *places, seen.doing, *now.position(who.agent), *mind)


def event_rows(chronicle: Chronicle) -> Iterator[Row]:
    """Return the rows of all events so far."""
    for step in chronicle.deeds:
        for number, row in enumerate(step.rows):
            yield (str(EventId(step.time, step.range, number)), *row[:7], canonical(row.detail).decode())


def _memories(source: Source) -> Iterator[Row]:
    for who in source.now.village.personas:
        for each in source.now.minds.memories(who.agent):
            origin = each.source, each.via, list(each.about), each.topic
            yield (each.id, who.agent, each.time, each.kind, each.text, each.importance, *origin)


def _decisions(source: Source) -> Iterator[Row]:
    for time, body in source.chronicle.choices:
        action, memories = body["action"], [each["id"] for each in body["memories"]]
        what = body["purpose"], action["kind"], canonical(action["arguments"]).decode()
        how = body["status"], body["reason"], body["generator"], memories, list(body["observed"])
        yield (body["id"], body["agent"], time, body["round"], *what, *how)


def _measures(source: Source) -> Iterator[Row]:
    for name, value in take_measures(source.measures, source.now.stage()).items():
        yield source.now.time, name, value


ROWS: Mapping[str, Callable[[Source], Iterator[Row]]] = {
    "agents": _agents,
    "events": lambda source: event_rows(source.chronicle),
    "memories": _memories,
    "decisions": _decisions,
    "measures": _measures,
}
"""What gives the rows of each table."""
