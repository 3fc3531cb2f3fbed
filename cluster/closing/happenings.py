"""All events of a run with their ids and log entries, in words, and as rows for the page's list. No markup here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from worldloom.provenance.events_block import EventRow
from worldloom.provenance.ids import EventId

from .naming import Names, listed
from .record import Record, heard_by

MOST_EVENTS = 12_000
"""Events that the page lists; of a run with more the plainest are left out."""
_LONGEST = 240

_PLAIN = ("finish", "wait", "rest", "see", "produce", "take", "work", "arrive", "move", "use", "read", "meet", "say")
"""Kinds that are left out first where there are too many events, the plainest first."""


class Happening(NamedTuple):
    """An event: its id, the number of its log entry, the row itself."""

    id: str
    entry: int
    row: EventRow


def happenings(record: Record) -> Iterator[Happening]:
    """Yield all events in the order of the log."""
    for entry, block in record.blocks:
        for place, row in enumerate(block.rows):
            yield Happening(str(EventId(block.time, block.range, place)), entry, row)


class EventList(NamedTuple):
    """Rows (id, seconds, entry, actor, place, kind, words) for the page, how many there are in all, and the kinds."""

    rows: tuple[tuple[str, int, int, str, str, str, str], ...]
    total: int
    kinds: tuple[str, ...]


def event_list(record: Record, names: Names, cited: frozenset[str]) -> EventList:
    """Return the events that the page lists, those that it cites among them."""
    found = list(happenings(record))
    shown = found if len(found) <= MOST_EVENTS else _fewer(found, cited)
    rows = tuple(
        (each.id, each.row.time, each.entry, each.row.actor or "", each.row.place or "", each.row.kind or "", words)
        for each in shown
        if (words := in_words(each.row, names)[:_LONGEST])
    )
    return EventList(rows, len(found), tuple(sorted({row[5] for row in rows})))


def _fewer(found: list[Happening], cited: frozenset[str]) -> list[Happening]:
    left = found
    for kind in _PLAIN:
        if len(left) <= MOST_EVENTS:
            break
        left = [each for each in left if each.row.kind != kind or each.id in cited]
    return left[:MOST_EVENTS]


def in_words(row: EventRow, names: Names) -> str:
    """Return an event as a sentence: `Ida Marsh gave a letter to Bo Fisk.`"""
    detail = row.detail if isinstance(row.detail, dict) else {}
    target = names.person(row.target) if row.target in names.people else names.place(row.target)
    kind = row.kind or ""
    if kind in _TOLD:
        words = _TOLD[kind](row, detail, target, names)
    else:
        pattern = _PATTERNS.get(kind, "{kind} {target}" if row.target else "{kind}")
        facts = {"activity": detail.get("activity", "what it did"), "goods": detail.get("thing", "goods")}
        words = pattern.format(kind=kind, target=target, thing=_thing(row, detail), **facts)
    if row.actor == "scenario":
        return words[:1].upper() + words[1:]
    return f"{names.person(row.actor)} {words}" if row.actor else words


_PATTERNS: Mapping[str, str] = {
    "make": "made {thing}",
    "give": "gave {thing} to {target}",
    "take": "took {thing}",
    "see": "saw {thing}",
    "read": "read {thing}",
    "meet": "met {target}",
    "arrive": "came to {target}",
    "move": "set out for {target}",
    "work": "went to work",
    "finish": "stopped {activity}",
    "produce": "brought forth: {goods}",
}
"""How plain kinds of events read; kinds that are not here stand as they are."""

_HOW = {"eaten": "ate", "handled": "used"}

Told = Callable[[EventRow, Mapping[str, Any], str, Names], str]


def _thing(row: EventRow, detail: Mapping[str, Any]) -> str:
    """Return a thing's name; what somebody made bears a title."""
    name = str(detail.get("name") or row.target or "something")
    return f"“{name}”" if detail.get("artifact") else name


def _say(row: EventRow, detail: Mapping[str, Any], target: str, names: Names) -> str:
    del names
    words = str(detail.get("spoken") or detail.get("text", ""))
    return f"said to {target}: “{words}”" if row.target else f"said to all: “{words}”"


def _rest(row: EventRow, detail: Mapping[str, Any], target: str, names: Names) -> str:
    del row, target, names
    return "lay down to sleep" if detail.get("asleep") else "sat down to rest"


def _use(row: EventRow, detail: Mapping[str, Any], target: str, names: Names) -> str:
    del target, names
    how = str(detail.get("how", "used"))
    return f"{_HOW.get(how, how)} {_thing(row, detail)}"


def _sing(row: EventRow, detail: Mapping[str, Any], target: str, names: Names) -> str:
    del target
    heard = [names.person(each) for each in heard_by(row)]
    return f"sang {_thing(row, detail)}" + (f", heard by {listed(heard)}" if heard else "")


def _wait(row: EventRow, detail: Mapping[str, Any], target: str, names: Names) -> str:
    del row, target, names
    reason = str(detail.get("reason", ""))
    return f"waited ({reason})" if reason else "waited"


def _tell(row: EventRow, detail: Mapping[str, Any], target: str, names: Names) -> str:
    del names
    words = str(detail.get("text", ""))
    return f"{target if row.target else 'everybody'} came to know: “{words}”"


_TOLD: Mapping[str, Told] = {
    "say": _say,
    "rest": _rest,
    "use": _use,
    "sing": _sing,
    "wait": _wait,
    "tell": _tell,
}
"""How events read that hang on their details."""
