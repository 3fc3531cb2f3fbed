"""What happens in a step: rows in their order, their ids, and who is yet to learn of them. Not what an event does."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from worldloom.provenance.errors import CanonicalError
from worldloom.provenance.events_block import EventBlock, EventRow
from worldloom.provenance.ids import WORLD_RANGE, EventId, id_range

from .errors import StateError
from .observation import Happening

INBOX_LIMIT = 64
"""Happenings an agent keeps until it looks at them; beyond it the oldest are forgotten."""


class Journal:
    """The rows of the step that begins at `time`, each with an id as soon as it happens."""

    def __init__(self, time: int) -> None:
        self.time = time
        self.happened: list[Happening] = []
        """Everything so far, in order."""
        self._rows: dict[int, list[EventRow]] = {}

    def __len__(self) -> int:
        return len(self.happened)

    def record(self, row: EventRow, seen_by: Sequence[str] = ()) -> Happening:
        """Add an event after all others of its range; `seen_by` are agent ids by number."""
        range_ = id_range(row.actor or "")
        rows = self._rows.setdefault(range_, [])
        rows.append(row)
        happening = Happening(str(EventId(self.time, range_, len(rows) - 1)), row, tuple(seen_by))
        self.happened.append(happening)
        return happening

    def close(self) -> list[EventBlock]:
        """Return the blocks of the step, agents' ranges ascending, the world's last."""
        order = sorted(self._rows, key=lambda range_: (range_ == WORLD_RANGE, range_))
        return [EventBlock(self.time, range_, self._rows[range_]) for range_ in order]


class Inboxes:
    """What each agent has perceived and not yet looked at, oldest first, at most INBOX_LIMIT each."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[Happening]] = {}

    def deliver(self, happening: Happening) -> None:
        """Let all who perceive it have it."""
        for agent in happening.seen_by:
            self._waiting.setdefault(agent, deque(maxlen=INBOX_LIMIT)).append(happening)

    def of(self, agent: str) -> tuple[Happening, ...]:
        """Return what waits for an agent, oldest first."""
        return tuple(self._waiting.get(agent, ()))

    def clear(self, agent: str) -> None:
        """Forget what waited for an agent: it has looked at it."""
        self._waiting.pop(agent, None)

    def state(self, agents: Iterable[str]) -> dict[str, Any]:
        """Return what waits for some agents as a JSON value."""
        return {
            agent: [[each.id, list(each.row), list(each.seen_by)] for each in waiting]
            for agent in agents
            if (waiting := self._waiting.get(agent))
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Read what `state` gave; raises StateError."""
        try:
            for agent, waiting in state.items():
                found = (Happening(id_, EventRow(*row), tuple(seen_by)) for id_, row, seen_by in waiting)
                self._waiting[agent] = deque(found, maxlen=INBOX_LIMIT)
        except (TypeError, ValueError, CanonicalError) as error:
            raise StateError(f"happenings of a world state: not a list of events ({error})") from error
