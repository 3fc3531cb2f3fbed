"""Appointments that somebody keeps in mind: with whom, where and when. Agreeing and meeting are in `meeting`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from .errors import MindStateError

MOST = 8
"""Appointments that somebody keeps in mind; the oldest goes first."""


class Appointment(NamedTuple):
    """With `other` at a place (ids) at a time in seconds; `memory` and `source` are those of the agreement."""

    other: str
    place: str
    at: int
    memory: str
    source: str


def add(appointments: list[Appointment], new: Appointment) -> None:
    """Keep an appointment in mind; the same one agreed again is kept once."""
    appointments[:] = [each for each in appointments if each[:3] != new[:3]][-(MOST - 1) :]
    appointments.append(new)


def read_appointments(state: Sequence[Sequence[Any]]) -> list[Appointment]:
    """Read appointments from their states; raises MindStateError."""
    try:
        return [Appointment(*each) for each in state]
    except TypeError as error:
        raise MindStateError(f"not an appointment: {error}") from error
