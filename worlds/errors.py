"""Every error that worlds raises on wrong input. What an agent tries in vain is no error: it becomes a `wait` event.

WorldError
├── ClockError        a time of day that is none
├── ActionKindError   a kind of action that cannot be registered
├── StateError        a state that is none, or that belongs to another land
└── LandError         in land_errors: terrain, settlement, routes, exports
"""

from __future__ import annotations


class WorldError(Exception):
    """Root of the package's errors; `str()` says what was wrong, where, and what to do."""


class ClockError(WorldError, ValueError):
    """A time of day that is none; a ValueError too, so that pydantic's validators pass it on."""


class ActionKindError(WorldError):
    """A kind of action that cannot be registered."""


class StateError(WorldError):
    """A state that is none, is taken in the middle of a step, or belongs to another land."""
