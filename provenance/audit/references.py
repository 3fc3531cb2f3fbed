"""What events and decisions refer to by id, as far as it is not known yet to be there. The check is `descent_steps`.

A village refers to its past a dozen times a decision. What is settled while the log is read is let go, in the process
that reads a segment and again where the segments come together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from worldloom.provenance.entry import EntryKind
from worldloom.provenance.errors import IdError
from worldloom.provenance.events_block import EventBlock
from worldloom.provenance.ids import EventId, id_range

from .bodies import Body
from .gists import Block, Decided, Gist, Made

ACTOR, CAUSE, ARTIFACT, SOURCE = range(4)
"""As what something is named: who acts (of another range than the block), why, what is shown, what a decision rests on.
"""


class Named(NamedTuple):
    """What entries of a time name, and as what; None is no name that anything could have."""

    time: int
    role: int
    name: str | None


Place = tuple[int, int, int]
"""Where something is named: entry index, the how many-th name in that entry, row of the block (-1: in a decision)."""


class References:
    """Places by what is named there."""

    def __init__(self) -> None:
        self.places: dict[Named, list[Place]] = {}

    def add(self, body: Body) -> None:
        """Add what a body names."""
        for order, (row, role, name) in enumerate(_named(body)):
            named = Named(body.entry.time, role, name)
            self.places.setdefault(named, []).append((body.index, order, row))

    def add_unsettled(self, known: Known, places: dict[Named, list[Place]]) -> None:
        """Add those of others that are not known."""
        for named, where in places.items():
            if not known.settles(named):
                self.places.setdefault(named, []).extend(where)

    def unsettled(self, known: Known) -> References:
        """Return those that are not known."""
        found = References()
        found.add_unsettled(known, self.places)
        return found

    def in_order(self) -> list[tuple[Place, Named]]:
        """Return every place with what is named there, as they stand in the log."""
        return sorted(((place, named) for named, places in self.places.items() for place in places), key=_place)


def _place(each: tuple[Place, Named]) -> Place:
    return each[0]


class Known:
    """Ids that a log defines, with the time of each."""

    def __init__(self, gists: Iterable[Gist] = ()) -> None:
        self._decisions: dict[str, int] = {}
        self._rows: dict[tuple[int, int], int] = {}
        self._artifacts: set[str] = set()
        for gist in gists:
            self.learn(gist)

    def learn(self, gist: Gist) -> None:
        """Take what an entry defines."""
        said = gist.said
        if isinstance(said, Decided):
            self._decisions[said.id] = gist.time
        elif isinstance(said, Block):
            self._rows[gist.time, said.range] = said.rows
        elif isinstance(said, Made) and said.digest:
            self._artifacts.add(said.digest)

    def settles(self, named: Named) -> bool:
        """Whether what is named is defined, no later than where it is named."""
        time, role, name = named
        if role == ACTOR or name is None:
            return False
        if role == ARTIFACT:
            return name in self._artifacts
        if self._decisions.get(name, time + 1) <= time:
            return True
        try:
            event = EventId.parse(name)
        except IdError:
            return False
        return event.time <= time and event.row < self._rows.get((event.time, event.range), 0)


def _named(body: Body) -> Iterator[tuple[int, int, str | None]]:
    """Yield row, role and name of all that a body refers to."""
    if body.block is not None:
        yield from _in_rows(body.block)
    elif body.entry.kind == EntryKind.DECISION and body.content is not None:
        for source in [basis["source"] for basis in body.json["memories"]] + body.json["observed"]:
            if source.startswith(("event-", "decision-")):
                yield -1, SOURCE, source


def _in_rows(block: EventBlock) -> Iterator[tuple[int, int, str | None]]:
    for row, event in enumerate(block.rows):
        if id_range(event.actor or "") != block.range:
            yield row, ACTOR, event.actor
        if event.cause not in (None, "", "scenario"):
            yield row, CAUSE, event.cause
        shown = event.detail.get("artifact") if isinstance(event.detail, dict) else None
        if shown:
            yield row, ARTIFACT, shown if isinstance(shown, str) else None
