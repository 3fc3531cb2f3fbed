"""Makes `FILE.bundle.zip`: one made thing with all that proves it, for auditors without the run. Judges nothing.

What is in it is told by `bundle_layout`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from .amendment import KEPT, STAGED
from .artifact_readme import readme
from .bundle import pack_members
from .bundle_layout import (
    BUNDLE,
    CONTENT,
    ENTRY_PROOF,
    EVIDENCE,
    FACTS,
    KINDS,
    README,
    RECEIPT,
    RUN,
    STAMP,
    WITNESS_NOTE,
    Facts,
)
from .bundle_parts import parts_of
from .entry import EntryKind
from .errors import FormatError, LineageError
from .folder import AMENDMENTS, CHECKPOINT, RUN_JSON, SEAL, origin, read_run, sidecar
from .layout import is_known
from .log_proving import ProvenLog
from .media import media_type_of
from .note import open_note_keys
from .storage import Storage
from .trust import RunCertificate, read_trust, verifiers_of


class Beside(NamedTuple):
    """What stands beside a run folder, if it does: witnesses' note, timestamp, receipt of a replay."""

    witness: bytes | None = None
    stamp: bytes | None = None
    receipt: bytes | None = None


def make_bundle(
    storage: Storage,
    name: str,
    beside: Beside = Beside(),  # noqa: B008  (frozen)
    *,
    parts: bool = False,
) -> tuple[str, bytes]:
    """Return a name for the bundle of a run's file, and its bytes.

    `name` is a path in the run folder, or the hex content digest after which an artifact is named; `parts` takes along
    what its credential names by hash only. Raises LineageError where the log names no such file, FormatError for a run
    that is not sealed.
    """
    if not storage.exists(SEAL):
        raise FormatError(f"{SEAL}: missing; only what a sealed run holds is bundled, so resume the run first")
    proven = ProvenLog(storage)
    index, kind, evidence = _entry(proven, name)
    content = proven.log.content(index)
    path = str(evidence["path"])
    if not storage.exists(path):
        raise LineageError(f"{path}: is not there: it was erased, which `worldloom audit` tells, or went missing")
    media_type = _media_type(kind, content, path)
    facts = Facts(origin(read_run(storage).run_id), index, KINDS[kind], path, media_type)
    stored = proven.log.stored(index)
    members = {FACTS: facts.encode(), facts.member: storage.read(path), ENTRY_PROOF: proven.entry(index).encode()}
    if storage.exists(sidecar(path)):
        members[facts.sidecar] = storage.read(sidecar(path))
    for member, item in ((CONTENT, stored.content), (EVIDENCE, stored.evidence)):
        if item is not None and item.data is not None:
            members[member] = item.data
    if parts:
        members |= parts_of(storage, path)
    certificates = _certificates(storage, proven, evidence)
    members |= _of_run(storage, certificates)
    for member, data in zip((WITNESS_NOTE, STAMP, RECEIPT), beside, strict=True):
        if data is not None:
            members[member] = data
    conductor = next(each for each in certificates if each.public == proven.keys[0].public)
    members[README] = readme(facts, members, RUN + conductor.path, len(proven.log))
    return facts.path.rpartition("/")[2] + BUNDLE, pack_members(
        sorted(members.items(), key=lambda each: each[0].encode())
    )


def _entry(proven: ProvenLog, name: str) -> tuple[int, int, Mapping[str, Any]]:
    """Find the entry whose evidence names the file."""
    for index, kind in _candidates(proven):
        evidence = proven.log.evidence(index)
        path = str(evidence.get("path", "")) if isinstance(evidence, Mapping) else ""
        if is_known(path) and (path == name or path.rpartition("/")[2].partition(".")[0] == name):
            return index, kind, evidence
    raise LineageError(
        f"{name[:200]}: no entry of this run's log names such a file; give a file of artifacts/ or world/, or "
        "scenario.py (the report has no entry: SEAL alone names it); where the evidence was erased nothing is found"
    )


def _candidates(proven: ProvenLog) -> Iterator[tuple[int, int]]:
    for index, entry in enumerate(proven.log.entries()):
        if entry.kind in KINDS and entry.has_evidence:
            yield index, entry.kind


def _media_type(kind: int, content: Any, path: str) -> str:
    if kind != EntryKind.SCENARIO and isinstance(content, Mapping):
        return str(content["media_type"])
    return media_type_of(path)


def _certificates(storage: Storage, proven: ProvenLog, evidence: Mapping[str, Any]) -> list[RunCertificate]:
    """Return those of trust/ that a reader needs: who signed head, SEAL and file, and the authorities over them."""
    every = read_trust(storage).certificates
    keys = verifiers_of(every, proven.log.checkpoint.origin)
    sealed = open_note_keys(storage.read(SEAL), keys)[1]
    publics = {key.public for key in (*proven.keys, *sealed)}
    signers = [each for each in every if each.public in publics or each.serial == evidence.get("serial")]
    chains = b"".join(each.chain_pem for each in signers)
    return [each for each in every if each.pem in chains]


def _of_run(storage: Storage, certificates: list[RunCertificate]) -> dict[str, bytes]:
    notes = [path for path in storage.files(AMENDMENTS) if not path.endswith((KEPT, STAGED))]
    paths = [SEAL, RUN_JSON, CHECKPOINT, *(each.path for each in certificates), *notes]
    return {RUN + path: storage.read(path) for path in paths}
