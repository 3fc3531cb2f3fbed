"""Judges a folder of media from anywhere: every file with a credential in it or beside it, and every run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from worldloom.provenance.errors import ProvenanceError
from worldloom.provenance.foreign_media import any_media_type

from .findings import FAIL, NOT_CHECKED, PASS, AuditResult, Code, Finding, Level, State, levels_of
from .given import Given
from .judge import Told
from .one_file import judge_file, odd_file
from .pool import FEW, Workers
from .run_on_disk import is_run_folder, judge_run_folder, judge_zip
from .walk import Walk, every, walk
from .walk import told as told_of

_MEDIA = ("image/", "audio/", "video/", "application/pdf")
"""Media types of which a missing credential is a finding; of others it is only counted."""

_BATCH = 8
"""Files that a process is sent at once."""

_STEP = "folder"
_MISSING_ONLY = {int(Code.MISSING)}


@dataclass(frozen=True)
class _Task:
    root: Path
    path: str
    given: Given


def judge_media_folder(path: Path, given: Given, told: Told | None = None) -> AuditResult:
    """Judge all below a folder; raises nothing for what cannot be opened, which is a finding."""
    found = walk(path)
    tasks = [_Task(path, each, given.for_one_file()) for each in every(found)]
    parts: list[AuditResult] = []
    with Workers(given.jobs) as workers:
        judged_in_order = workers.in_order(_judge, tasks, _lost, much=workers.worth(len(tasks), FEW), batch=_BATCH)
        for number, part in enumerate(judged_in_order, 1):
            parts.append(part)
            if told is not None:
                told(part.path, number, len(tasks))
    without = [part for part in parts if _unsigned(part)]
    judged = [part for part in parts if not _unsigned(part)]
    passed_over = [part for part in without if not any_media_type(part.path).startswith(_MEDIA)]
    kept = [part for part in parts if part not in passed_over] if passed_over else parts
    findings = [finding for part in kept for finding in part.findings]
    findings += _of_folder(found, passed_over, judged, given)
    return AuditResult(
        path=str(path),
        state=State.FOLDER,
        artifacts=sum(part.artifacts for part in judged),
        levels=_levels(judged, findings),
        findings=tuple(findings),
        parts=tuple(kept),
        counts={
            "files": len(tasks) + len(found.alone) + sum(found.others.values()),
            "judged": len(judged),
            "clean": sum(part.ok for part in judged),
            "not_clean": sum(not part.ok for part in judged),
            "without_credential": len(without),
            "not_looked_at": sum(found.others.values()),
        },
    )


def _judge(task: _Task) -> AuditResult:
    path = task.root / task.path
    try:
        if is_run_folder(path):
            return _inside(task.path, judge_run_folder(path, task.given))
        packed = judge_zip(path, task.given) if path.suffix == ".zip" else None
        if packed is not None:
            return _inside(task.path, packed)
        return _as_file(task.path, judge_file(path, task.given))
    except ProvenanceError as error:
        finding = Finding(Level.BYTES, Code.MISSING, task.path, f"cannot be opened: {error}", _STEP)
        return AuditResult(task.path, State.FILE, levels=levels_of((), [finding]), findings=(finding,))


def _lost(task: _Task) -> AuditResult:
    return odd_file(task.path, task.path, "cannot be judged: reading it ended the process that did")


def _as_file(path: str, result: AuditResult) -> AuditResult:
    return replace(result, path=path, findings=tuple(replace(each, path=path) for each in result.findings))


def _inside(path: str, result: AuditResult) -> AuditResult:
    """Say of findings in a run where that lies in the folder."""
    moved = (replace(each, path=f"{path}/{each.path}" if each.path else path) for each in result.findings)
    return replace(result, path=path, findings=tuple(moved))


def _unsigned(part: AuditResult) -> bool:
    """Whether all that is wrong with a file is that it has no credential."""
    return (
        part.state == State.FILE
        and [each.step for each in part.faults] == ["file-credential"]
        and ({part.exit_code} == _MISSING_ONLY)
    )


def _of_folder(
    found: Walk, passed_over: Sequence[AuditResult], judged: Sequence[AuditResult], given: Given
) -> Iterator[Finding]:
    """Say what of the folder was not judged, and why."""

    def say(code: Code, path: str, why: str, level: Level = Level.CREDENTIAL) -> Finding:
        return Finding(level, code, path, why, _STEP)

    for path in found.alone:
        yield say(Code.MISSING, path, "is a credential, and the file that it is of is missing", Level.BYTES)
    for path, why in found.closed:
        yield say(Code.MISSING, path, f"cannot be listed: {why}", Level.BYTES)
    for path, kind in found.odd:
        yield say(Code.NOTE, path, f"is {kind}, and was not looked at")
    if found.cut:
        yield say(Code.MISSING, "", "holds more files than are looked at: audit its folders one by one", Level.BYTES)
    if not judged and not found.cut:
        yield say(Code.MISSING, "", "holds no file with a credential")
    others = dict(found.others)
    for part in passed_over:
        extension = Path(part.path).suffix.lower()
        others[extension] = others.get(extension, 0) + 1
    if others:
        yield say(Code.NOTE, "", f"nothing was asked of files that have no credential beside them: {told_of(others)}")
    if given.expect_root is not None:
        yield say(Code.LOG, "", "is a folder of files and has no content root to compare", Level.LOG)


def _levels(judged: Sequence[AuditResult], findings: Sequence[Finding]) -> dict[str, str]:
    levels = levels_of((), findings)
    for level, verdict in levels.items():
        said = {part.levels.get(level, NOT_CHECKED) for part in judged}
        levels[level] = FAIL if FAIL in {verdict, *said} else PASS if PASS in said else NOT_CHECKED
    return levels
