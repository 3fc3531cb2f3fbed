"""Agents without minds: columns of integers that one rule moves, for the classic models of agent-based simulation."""

from .crowd import Columns, Crowd
from .moment import Moment, event_ids, rows_of
from .torus import Torus
from .world import CrowdWorld

__all__ = ["Columns", "Crowd", "CrowdWorld", "Moment", "Torus", "event_ids", "rows_of"]
