"""What the land raises on wrong input: bytes that are no terrain, a world too small, a place nobody can reach.

LandError (a WorldError)
├── TerrainError      a size that cannot be made, or bytes that are not a terrain
├── SettlementError   ground on which no settlement can stand
├── RouteError        a way that was asked for and does not exist
└── ExportError       a prop or picture that cannot be made
"""

from __future__ import annotations

from .errors import WorldError


class LandError(WorldError):
    """Root of the land's errors; `str()` says what was wrong, where, and what to do."""


class TerrainError(LandError):
    """A size that cannot be made, or bytes that are not a terrain."""


class SettlementError(LandError):
    """Ground on which no settlement can stand."""


class RouteError(LandError):
    """A way that was asked for and does not exist."""


class ExportError(LandError):
    """A prop or a picture that cannot be made."""
