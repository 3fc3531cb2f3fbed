"""What `<run>.witness` says beside a run: is its head the run's, and who cosigned it. Asks no witness.

A head of more entries than the run has, or of another past, is what a rolled-back or forked log looks like.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from worldloom.provenance.cosignature import Cosigner, cosigned
from worldloom.provenance.errors import ProvenanceError
from worldloom.provenance.folder import SEAL
from worldloom.provenance.note import Checkpoint, open_note_keys, parse_note
from worldloom.provenance.witness import rolled_back
from worldloom.provenance.witnessed import seals_of

from .findings import Code, Finding, Level
from .opened import OpenRun

STEP = "witness"


def witness_findings(note: bytes | None, name: str, run: OpenRun, witnesses: Sequence[Cosigner]) -> list[Finding]:
    """Judge the file of that name (None: there is none); each given witness must have cosigned it."""
    if note is None:
        wanted = ", ".join(sorted({each.name for each in witnesses}))
        why = f"is missing: no word of {wanted}, whom you asked for"
        return [_finding(Code.MISSING, name, why)] if witnesses else []
    try:
        text, signatures = parse_note(note, foreign=True)
        head = Checkpoint.parse(text, extended=True)
        found = cosigned(note, witnesses)
    except ProvenanceError as error:
        return [_finding(Code.TAMPERED, name, f"cannot be read: {error}")]
    faults = [_finding(code, name, why) for code, why in _faults(note, head, run)]
    if faults:
        return faults
    said = [f"cosigned by {each.name} on {_when(each.time)}" for each in found]
    known = {(each.name, each.key_id) for each in witnesses}
    others = sorted({key for key, blob in signatures if (key, blob[:4]) not in known and key != run.origin})
    if others:
        said.append(f"bears cosignatures that nobody checked: give the keys of {', '.join(others)} with --witness")
    missing = sorted({each.name for each in witnesses} - {each.name for each in found})
    return [
        *(_finding(Code.NOTE, name, text) for text in said),
        *(_finding(Code.MISSING, name, f"{each} has not cosigned it") for each in missing),
    ]


def _faults(note: bytes, head: Checkpoint, run: OpenRun) -> Iterator[tuple[Code, str]]:
    if head.origin != run.origin:
        yield Code.TAMPERED, f"is of {head.origin[:200]!r}, not of this run"
        return
    if not open_note_keys(note, run.verifiers, foreign=True)[1]:
        yield Code.TAMPERED, "no key that trust/ certifies for a conductor signed its head"
        return
    if run.log is None:
        return
    here = run.log.checkpoint
    gone = rolled_back(here, head)
    if gone:
        yield Code.LOG, gone
        return
    try:
        began = here.root if head.size == here.size else run.log.tree.root(head.size)
    except ProvenanceError as error:
        yield Code.LOG, f"cannot be compared with the log: {error}"
        return
    if began != head.root:
        yield Code.LOG, f"FORKED: its {head.size} entries are not the first {head.size} of this log"
    sealed = run.digest(SEAL)
    for digest in seals_of(head):
        if digest != sealed:
            yield Code.TAMPERED, "names another SEAL than the one in the run: it was sealed twice, or swapped"


def _when(time: int) -> str:
    try:
        return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (OverflowError, ValueError, OSError):
        return f"second {time}"


def _finding(code: Code, name: str, why: str) -> Finding:
    return Finding(Level.LOG, code, name, why, STEP)
