"""Audit: reads files only and judges them level by level. Bad evidence is its result, never an exception."""

from .demands import Demands
from .findings import AuditResult, Code, Finding, Level, State
from .judge import audit_unsealed
from .paths import audit
from .receipts import check_receipt, write_receipt
from .render import render

__all__ = [
    "AuditResult",
    "Code",
    "Demands",
    "Finding",
    "Level",
    "State",
    "audit",
    "audit_unsealed",
    "check_receipt",
    "render",
    "write_receipt",
]
