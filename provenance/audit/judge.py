"""Runs the steps over an opened run and sums up. Opening one is `run_on_disk`; the checks are `steps`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from worldloom.provenance import certificates
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.storage import Storage

from .findings import AuditResult, Finding, Level, State, levels_of
from .opened import OpenRun
from .steps import BEFORE_SEAL, STEPS, Step

Told = Callable[[str, int, int], None]
"""Told of a check or a file that begins: its name, its number from 1, how many there are."""


def audit_unsealed(storage: Storage, anchors: Sequence[bytes], at: datetime) -> AuditResult:
    """Judge all but the seal of a run that this process writes: what the close asks before the report."""
    check_anchors(anchors)
    run = OpenRun(storage, anchors=anchors, at=at, state=State.OPEN)
    return judge_run(run, "", BEFORE_SEAL)


def judge_run(
    run: OpenRun,
    path: str,
    steps: Iterable[Step[OpenRun]] = STEPS,
    more: Iterable[Finding] = (),
    also: Iterable[Level] = (),
    told: Told | None = None,
) -> AuditResult:
    """Run steps over an opened run and sum up, with findings and levels from beside it."""
    steps = tuple(steps)
    findings: list[Finding] = []
    for number, step in enumerate(steps, 1):
        if told is not None:
            told(step.name, number, len(steps))
        findings += step.findings(run)
    findings += more
    levels = levels_of([*(step.level for step in steps), *also], findings)
    log, entries = run.log, run.entries
    return AuditResult(
        path=path,
        state=run.state,
        content_root=run.content_root,
        log_root=log.root().hex() if log is not None and entries is not None else "",
        entries=0 if entries is None else entries.total,
        artifacts=0 if entries is None else entries.of_kind(EntryKind.ARTIFACT),
        levels=levels,
        findings=tuple(findings),
        checks=checks_of(steps),
    )


def checks_of(steps: Iterable[Step[Any]]) -> tuple[tuple[str, Level], ...]:
    """Return the names of checks with their levels."""
    return tuple((step.name, step.level) for step in steps)


def check_anchors(anchors: Sequence[bytes]) -> None:
    """Raise KeystoreError for an anchor that is no certificate."""
    for pem in anchors:
        certificates.load_certificates(pem, "anchor")
