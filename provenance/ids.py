"""Typed, stable ids such as `agent-17`: one kind, one integer, never reused. Not for digests."""

from __future__ import annotations

import re
from typing import NamedTuple

from .errors import IdError

EVENT_BLOCK_IDS = 4096
"""How many agent ids one event block (and one snapshot part) covers: docs/formats.md, Entries."""

WORLD_RANGE = -1
"""The range of events whose actor is no agent: scenario and world."""

_ID = re.compile(r"([a-z][a-z_]*)-(0|[1-9][0-9]{0,18})\Z")
_EVENT = re.compile(r"event-(0|[1-9][0-9]{0,18})-(w|0|[1-9][0-9]{0,9})-(0|[1-9][0-9]{0,9})\Z")


class Id(NamedTuple):
    """An id in parts; compares by kind, then by number as an integer (`agent-9` before `agent-10`)."""

    kind: str
    number: int

    def __str__(self) -> str:
        return f"{self.kind}-{self.number}"

    @classmethod
    def parse(cls, text: str, kind: str | None = None) -> Id:
        """Read `kind-number`; raises IdError when it is not one, or not of `kind`."""
        match = _ID.match(text)
        if match is None or (kind is not None and match[1] != kind):
            wanted = f"{kind}-<number>" if kind else "<kind>-<number>"
            raise IdError(f"{text!r} is not an id: expected {wanted}, such as {kind or 'agent'}-17")
        return cls(match[1], int(match[2]))


class EventId(NamedTuple):
    """Where an event stands: start of its step (seconds), id range, row. Text: `event-36060-0-3`, world range `w`."""

    time: int
    range: int
    row: int

    def __str__(self) -> str:
        return f"event-{self.time}-{'w' if self.range == WORLD_RANGE else self.range}-{self.row}"

    @classmethod
    def parse(cls, text: str) -> EventId:
        """Read the text form; raises IdError."""
        match = _EVENT.match(text)
        if match is None:
            raise IdError(f"{text!r} is not an event id: expected event-<time>-<range or w>-<row>")
        return cls(int(match[1]), WORLD_RANGE if match[2] == "w" else int(match[2]), int(match[3]))


def agent_id(number: int) -> str:
    """`agent-17` for 17."""
    return f"agent-{number}"


def agent_number(text: str) -> int:
    """17 for `agent-17`; raises IdError."""
    return Id.parse(text, "agent").number


def id_range(actor: str) -> int:
    """Return the range of an event's actor: agent number // 4,096, or WORLD_RANGE for anything else."""
    match = _ID.match(actor)
    return int(match[2]) // EVENT_BLOCK_IDS if match is not None and match[1] == "agent" else WORLD_RANGE


def decision_id(time: int, agent: int, round_: int) -> str:
    """`decision-36060-17-0`: what agent-17 decided in the first round of the step at 36,060 s."""
    return f"decision-{time}-{agent}-{round_}"


def memory_id(agent: int, number: int) -> str:
    """`memory-17-203`: memory 203 of agent-17, counted from 0 in the order in which they came."""
    return f"memory-{agent}-{number}"
