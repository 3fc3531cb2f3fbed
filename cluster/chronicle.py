"""A ledger that also keeps events and decisions, for tables of a run in memory. It grows with the run."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, NamedTuple

from worldloom.provenance.entry import EntryKind
from worldloom.provenance.events_block import EventBlock, EventRow

from .ledger import Body, Evidence, RootOnly


class Deeds(NamedTuple):
    """The events of one step (its beginning in seconds) and one range of ids, in order."""

    time: int
    range: int
    rows: tuple[EventRow, ...]


class Choice(NamedTuple):
    """A decision's content body and its time in seconds."""

    time: int
    body: Mapping[str, Any]


class Chronicle(RootOnly):
    """Content root of a run in memory, and what happened and was decided in it, oldest first."""

    def __init__(self) -> None:
        super().__init__()
        self.deeds: list[Deeds] = []
        self.choices: list[Choice] = []

    def record(self, kind: int, time: int, body: Body, evidence: Evidence | None = None) -> bytes:
        """Count content in and keep what tables show of it."""
        if isinstance(body, EventBlock):
            self.deeds.append(Deeds(body.time, body.range, body.rows))
        elif kind == EntryKind.DECISION:
            self.choices.append(Choice(time, body))
        return super().record(kind, time, body, evidence)

    def twin(self) -> Chronicle:
        """Return one that holds the same and goes on by itself."""
        twin = Chronicle()
        twin.position = self.position
        twin.first_difference = self.first_difference
        twin._frontier = deepcopy(self._frontier)
        twin.deeds, twin.choices = list(self.deeds), list(self.choices)
        return twin
