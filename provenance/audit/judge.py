"""Opens a run folder, a run's zip or a single file, runs the steps over it and sums up. The checks are `steps`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from worldloom.provenance import certificates
from worldloom.provenance.bundle import ZIP_SEAL
from worldloom.provenance.cosignature import Cosigner
from worldloom.provenance.credential import read_credential
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.errors import CredentialError, FormatError, ProvenanceError
from worldloom.provenance.folder import CHECKPOINT, RUN_JSON, SEAL, sidecar
from worldloom.provenance.lock import is_locked
from worldloom.provenance.media import media_type_of
from worldloom.provenance.receipt import REPLAY
from worldloom.provenance.storage import LocalDisk, Storage, storage_error
from worldloom.provenance.timestamp import TIMESTAMP
from worldloom.provenance.witnessed import WITNESS
from worldloom.provenance.zip_disk import ZipDisk

from .beside import OpenZip
from .bundle_steps import audit_bundle, is_bundle
from .demands import NOTHING_MORE, Demands
from .findings import AuditResult, Finding, Level, State, levels_of
from .opened import OpenRun
from .replayed import receipt_finding
from .single import OpenFile
from .steps import BEFORE_SEAL, FILE_STEPS, STEPS, ZIP_STEPS, Step
from .trainings import training_findings
from .witnesses import witness_findings

_TRIES = 3
"""How often an open run is read anew because its writer committed meanwhile."""

_UNKNOWN_MEDIA = "application/octet-stream"

Told = Callable[[str, int, int], None]
"""Told of a check that begins: its name, its number from 1, how many there are."""


def audit(
    path: Path,
    *,
    anchors: Sequence[bytes],
    at: datetime | None = None,
    expect_root: str | None = None,
    trainings: Sequence[Storage] = (),
    witnesses: Sequence[Cosigner] = (),
    demands: Demands = NOTHING_MORE,
    told: Told | None = None,
) -> AuditResult:
    """Judge a run folder, a run's zip, the bundle of one file, or a file with its credential inside or beside it.

    `anchors` are PEM certificates that are trusted, `at` the aware time at which chains are judged (now, unless
    given), `expect_root` the hex content root that a run must have, `trainings` logs of trainings that its models
    should lead into, `witnesses` those that must have cosigned a run's head, `demands` the rest that an auditor brings:
    strictness, revocations, anchors for timestamps; `told` is called as each check of a run
    folder begins. Bad evidence is the result; raises KeystoreError for an anchor that is no certificate and
    StorageError for a path that cannot be opened at all.
    """
    _check_anchors((*anchors, *demands.stamp_anchors))
    when = datetime.now(UTC) if at is None else at
    path = Path(path)
    if path.is_dir():
        return _folder(path, anchors, when, expect_root, trainings, witnesses, demands, told)
    data = _read(path)
    if path.suffix == ".zip":
        try:
            disk = ZipDisk(data)
        except FormatError:
            disk = None
        if disk is not None and is_bundle(disk):
            return audit_bundle(disk, str(path), anchors, when, expect_root, witnesses, demands)
        if disk is not None and (RUN_JSON in disk.files() or CHECKPOINT in disk.files() or SEAL in disk.files()):
            return _zip(path, disk, anchors, when, expect_root, trainings, witnesses, demands)
    return _file(path, data, anchors, when, expect_root, demands)


def audit_unsealed(storage: Storage, anchors: Sequence[bytes], at: datetime) -> AuditResult:
    """Judge all but the seal of a run that this process writes: what the close asks before the report."""
    _check_anchors(anchors)
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
        entries=len(entries or ()),
        artifacts=sum(entry.kind == EntryKind.ARTIFACT for entry in entries or ()),
        levels=levels,
        findings=tuple(findings),
    )


def _folder(
    path: Path,
    anchors: Sequence[bytes],
    at: datetime,
    expect_root: str | None,
    trainings: Sequence[Storage],
    witnesses: Sequence[Cosigner],
    demands: Demands,
    told: Told | None,
) -> AuditResult:
    storage = Storage(LocalDisk(path))
    for _ in range(_TRIES):
        state = _state(path, storage)
        stamp = _beside(path.resolve(), TIMESTAMP)
        run = OpenRun(
            storage, anchors=anchors, at=at, state=state, expect_root=expect_root, demands=demands, stamp=stamp
        )
        findings, levels = _receipt(path.resolve(), run)
        findings += _witnessed(path.resolve(), run, witnesses)
        findings += training_findings(run, trainings)
        result = judge_run(run, str(path), more=findings, also=levels, told=told)
        # While somebody writes, what belongs to one checkpoint may go before it is read: then look again.
        if state != State.OPEN or run.log is None or storage.read(CHECKPOINT) == run.log.raw_checkpoint:
            break
    return result


def _state(path: Path, storage: Storage) -> State:
    try:
        if storage.exists(SEAL):
            return State.SEALED
        return State.OPEN if is_locked(path) else State.INTERRUPTED
    except ProvenanceError:
        return State.INTERRUPTED


def _zip(
    path: Path,
    disk: ZipDisk,
    anchors: Sequence[bytes],
    at: datetime,
    expect_root: str | None,
    trainings: Sequence[Storage],
    witnesses: Sequence[Cosigner],
    demands: Demands,
) -> AuditResult:
    storage = Storage(disk)
    state = State.SEALED if storage.exists(SEAL) else State.INTERRUPTED
    stamp = _beside(path.with_suffix("").resolve(), TIMESTAMP)
    run = OpenRun(storage, anchors=anchors, at=at, state=state, expect_root=expect_root, demands=demands, stamp=stamp)
    beside = path.with_name(path.name + ZIP_SEAL)
    opened = OpenZip.of(disk, _read(beside) if beside.is_file() else None, run)
    found = [finding for step in ZIP_STEPS for finding in step.findings(opened)]
    more = [replace(finding, path=finding.path or path.name) for finding in found]
    findings, levels = _receipt(path.with_suffix("").resolve(), run)
    findings += _witnessed(path.with_suffix("").resolve(), run, witnesses)
    findings += training_findings(run, trainings)
    return judge_run(run, str(path), more=more + findings, also=levels)


def _receipt(run_path: Path, run: OpenRun) -> tuple[list[Finding], list[Level]]:
    beside = run_path.with_name(run_path.name + REPLAY)
    if not beside.is_file():
        return [], []
    finding, checked = receipt_finding(_read(beside), run, beside.name)
    return [finding], [Level.REPRODUCED] if checked else []


def _witnessed(run_path: Path, run: OpenRun, witnesses: Sequence[Cosigner]) -> list[Finding]:
    beside = run_path.with_name(run_path.name + WITNESS)
    return witness_findings(_read(beside) if beside.is_file() else None, beside.name, run, witnesses)


def _beside(run_path: Path, ending: str) -> bytes | None:
    beside = run_path.with_name(run_path.name + ending)
    return _read(beside) if beside.is_file() else None


def _file(
    path: Path, data: bytes, anchors: Sequence[bytes], at: datetime, expect_root: str | None, demands: Demands
) -> AuditResult:
    beside = path.with_name(sidecar(path.name))
    try:
        media_type = media_type_of(path.name)
    except CredentialError:
        media_type = ""
    store = _read(beside) if beside.is_file() else None
    opened = OpenFile(
        name=path.name,
        media_type=media_type,
        credential=read_credential(data, media_type or _UNKNOWN_MEDIA, store, anchors),
        anchors=anchors,
        at=at,
        expect_root=expect_root,
        demands=demands,
    )
    findings = [finding for step in FILE_STEPS for finding in step.findings(opened)]
    checked = [Level.CREDENTIAL, Level.SIGNER, Level.INGREDIENTS]
    return AuditResult(str(path), State.FILE, levels=levels_of(checked, findings), findings=tuple(findings))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise storage_error(error, str(path)) from error


def _check_anchors(anchors: Sequence[bytes]) -> None:
    for pem in anchors:
        certificates.load_certificates(pem, "anchor")
