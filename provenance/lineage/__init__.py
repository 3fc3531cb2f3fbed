"""Lineage: what led to what in a run, as a view of its log. Proves nothing by itself: that is the audit's business."""

from __future__ import annotations

from .exports import Form, write
from .find import Found, find_run
from .kinds import NodeKind, Relation
from .part import Edge, Part
from .rows import Change, Difference, Orphan, Page, Row, Why
from .stored import StoredLineage
from .told import Fact, Knower
from .view import Lineage

__all__ = [
    "Change",
    "Difference",
    "Edge",
    "Fact",
    "Form",
    "Found",
    "Knower",
    "Lineage",
    "NodeKind",
    "Orphan",
    "Page",
    "Part",
    "Relation",
    "Row",
    "StoredLineage",
    "Why",
    "find_run",
    "write",
]
