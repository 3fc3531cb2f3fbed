"""Opens one file with its credential, inside or beside it, and runs the checks of `single` over it."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from worldloom.provenance.credential import MISSING, UNREADABLE, Credential
from worldloom.provenance.errors import FormatError
from worldloom.provenance.folder import sidecar
from worldloom.provenance.foreign_media import any_media_type
from worldloom.provenance.reading import read_credential

from .findings import AuditResult, Code, Finding, Level, State, levels_of
from .given import Given
from .judge import checks_of
from .regular_file import open_regular, read_beside
from .single import OpenFile
from .steps import FILE_STEPS

_UNKNOWN_MEDIA = "application/octet-stream"
_CHECKED = (Level.CREDENTIAL, Level.SIGNER, Level.INGREDIENTS)


def judge_file(path: Path, given: Given) -> AuditResult:
    """Judge a file outside a run; raises StorageError where it cannot be opened."""
    try:
        with open_regular(path) as stream:
            return _judge(path, stream, given)
    except FormatError as error:
        return odd_file(str(path), path.name, str(error))


def odd_file(path: str, name: str, why: str) -> AuditResult:
    """Return the verdict on what is no file that could be audited."""
    findings = (Finding(Level.BYTES, Code.TAMPERED, name, why, "regular-file"),)
    return AuditResult(path, State.FILE, levels=levels_of((), findings), findings=findings)


def _judge(path: Path, stream: BinaryIO, given: Given) -> AuditResult:
    media_type = any_media_type(path.name)
    opened = OpenFile(
        name=path.name,
        media_type=media_type,
        credential=_credential(path, stream, media_type, given),
        anchors=given.anchors,
        at=given.at,
        expect_root=given.expect_root,
        demands=given.demands,
    )
    findings = tuple(finding for step in FILE_STEPS for finding in step.findings(opened))
    # A credential that nobody can read has no signer and no ingredients that could pass.
    read = opened.credential.state not in (MISSING, UNREADABLE)
    levels = levels_of(_CHECKED if read else (Level.CREDENTIAL,), findings)
    return AuditResult(str(path), State.FILE, levels=levels, findings=findings, checks=checks_of(FILE_STEPS))


def _credential(path: Path, stream: BinaryIO, media_type: str, given: Given) -> Credential:
    bounds = given.demands.bounds
    store = read_beside(path.with_name(sidecar(path.name)), bounds.store)
    return read_credential(stream, media_type or _UNKNOWN_MEDIA, store, given.anchors, bounds)
