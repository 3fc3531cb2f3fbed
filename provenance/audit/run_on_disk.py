"""Opens a run folder, a run's zip or a bundle with all that stands beside it, and has it judged."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from worldloom.provenance.bundle import ZIP_SEAL
from worldloom.provenance.errors import FormatError, ProvenanceError
from worldloom.provenance.folder import CHECKPOINT, RUN_JSON, SEAL
from worldloom.provenance.lock import is_locked
from worldloom.provenance.receipt import REPLAY
from worldloom.provenance.storage import LocalDisk, Storage, storage_error
from worldloom.provenance.timestamp import TIMESTAMP
from worldloom.provenance.witnessed import WITNESS
from worldloom.provenance.zip_disk import ZipDisk

from .ahead import look_ahead
from .beside import OpenZip
from .bundle_steps import BUNDLE_STEPS, audit_bundle, is_bundle
from .findings import AuditResult, Finding, Level, State
from .given import Given
from .judge import Told, checks_of, judge_run
from .opened import OpenRun
from .pool import Workers
from .regular_file import open_regular
from .replayed import receipt_finding
from .steps import ZIP_STEPS
from .trainings import training_findings
from .witnesses import witness_findings

_TRIES = 3
"""How often an open run is read anew because its writer committed meanwhile."""

_MARKS = (RUN_JSON, CHECKPOINT, SEAL)
_PARTS = ("log", "bodies", "answers")
_LARGEST_BESIDE = 16 << 20


def is_run_folder(path: Path) -> bool:
    """Whether a folder is a run, or what somebody left of one."""
    return any((path / name).is_file() for name in _MARKS) or all((path / name).is_dir() for name in _PARTS)


def judge_run_folder(path: Path, given: Given, told: Told | None = None) -> AuditResult:
    """Judge a run folder."""
    storage = Storage(LocalDisk(path))
    with Workers(given.jobs) as workers:
        for _ in range(_TRIES):
            run = _open_run(storage, path.resolve(), _state(path, storage), given, workers)
            findings, levels = _from_beside(path.resolve(), run, given)
            look_ahead(run, path, workers)
            result = judge_run(run, str(path), more=findings, also=levels, told=told)
            # While somebody writes, what belongs to one checkpoint may go before it is read: then look again.
            if run.state != State.OPEN or run.log is None or storage.read(CHECKPOINT) == run.log.raw_checkpoint:
                break
    return result


def judge_zip(path: Path, given: Given, told: Told | None = None) -> AuditResult | None:
    """Judge a run's zip or a bundle; None for any other file. Raises StorageError where it cannot be opened."""
    with ExitStack() as open_files:
        try:
            stream = open_files.enter_context(open_regular(path))
            disk = ZipDisk(stream)
        except FormatError:
            return None
        if disk.length > given.demands.bounds.largest:
            return None  # which the check of a single file says
        if is_bundle(disk):
            demands = given.demands
            judged = audit_bundle(disk, str(path), given.anchors, given.at, given.expect_root, given.witnesses, demands)
            return replace(judged, checks=checks_of(BUNDLE_STEPS))
        names = set(disk.files())
        return _run_in_zip(path, disk, given, told) if names & set(_MARKS) else None


def _run_in_zip(path: Path, disk: ZipDisk, given: Given, told: Told | None) -> AuditResult:
    with Workers(given.jobs) as workers:
        return _judge_in_zip(path, disk, given, told, workers)


def _judge_in_zip(path: Path, disk: ZipDisk, given: Given, told: Told | None, workers: Workers) -> AuditResult:
    storage = Storage(disk)
    beside = path.with_suffix("").resolve()
    run = _open_run(storage, beside, State.SEALED if storage.exists(SEAL) else State.INTERRUPTED, given, workers)
    seal = path.with_name(path.name + ZIP_SEAL)
    opened = OpenZip.of(disk, _read(seal), run)
    found = [finding for step in ZIP_STEPS for finding in step.findings(opened)]
    more = [replace(finding, path=finding.path or path.name) for finding in found]
    findings, levels = _from_beside(beside, run, given)
    look_ahead(run, path, workers)
    result = judge_run(run, str(path), more=more + findings, also=levels, told=told)
    return replace(result, checks=(*checks_of(ZIP_STEPS), *result.checks))


def _open_run(storage: Storage, beside: Path, state: State, given: Given, workers: Workers) -> OpenRun:
    return OpenRun(
        storage,
        anchors=given.anchors,
        at=given.at,
        state=state,
        expect_root=given.expect_root,
        demands=given.demands,
        stamp=_read(beside.with_name(beside.name + TIMESTAMP)),
        workers=workers,
    )


def _from_beside(beside: Path, run: OpenRun, given: Given) -> tuple[list[Finding], list[Level]]:
    """Judge the receipt of a replay, the witnesses' word and the logs of trainings; return levels checked by them."""
    findings: list[Finding] = []
    levels: list[Level] = []
    name = beside.name + REPLAY
    receipt = _read(beside.with_name(name))
    if receipt is not None:
        finding, checked = receipt_finding(receipt, run, name)
        findings.append(finding)
        levels += [Level.REPRODUCED] if checked else []
    name = beside.name + WITNESS
    findings += witness_findings(_read(beside.with_name(name)), name, run, given.witnesses)
    findings += training_findings(run, given.trainings)
    return findings, levels


def _state(path: Path, storage: Storage) -> State:
    try:
        if storage.exists(SEAL):
            return State.SEALED
        return State.OPEN if is_locked(path) else State.INTERRUPTED
    except ProvenanceError:
        return State.INTERRUPTED


def _read(beside: Path) -> bytes | None:
    """Return what stands beside a run, None where no file does, or one that is far too large for it."""
    if not beside.is_file():
        return None
    try:
        with open_regular(beside) as stream:
            return stream.read(_LARGEST_BESIDE)
    except FormatError:
        return None
    except OSError as error:
        raise storage_error(error, str(beside)) from error
