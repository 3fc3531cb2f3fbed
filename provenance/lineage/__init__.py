"""Lineage: what led to what in a run, as a view of its log. Proves nothing by itself: that is the audit's business."""

from __future__ import annotations

from .find import Found, find_run
from .kinds import NodeKind, Relation
from .told import Fact, Knower
from .view import Lineage

__all__ = ["Fact", "Found", "Knower", "Lineage", "NodeKind", "Relation", "find_run"]
