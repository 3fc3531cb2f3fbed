"""Audit: reads files only and judges them level by level. Bad evidence is its result, never an exception."""

from .demands import Demands
from .explained import questions
from .findings import AuditResult, Code, Finding, Level, State
from .judge import audit_unsealed
from .junit import junit
from .paths import audit
from .receipts import check_receipt, write_receipt
from .render import counted, render, shown, verdict_of
from .sarif import sarif

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
    "counted",
    "junit",
    "questions",
    "render",
    "sarif",
    "shown",
    "verdict_of",
    "write_receipt",
]
