"""Steps about the log: sealed and signed, complete, in order, its roots and tiles those of its entries."""

from __future__ import annotations

from collections.abc import Iterator

from worldloom.provenance import tiles
from worldloom.provenance.entry import EntryKind, kind_has_content
from worldloom.provenance.errors import FormatError
from worldloom.provenance.folder import CHECKPOINT, LOG, RUN_JSON, SEAL
from worldloom.provenance.note import NoteVerifier, open_note_keys

from .findings import Code, State
from .gists import Block
from .opened import Fault, OpenRun


def sealed(run: OpenRun) -> Iterator[Fault]:
    """The run has a seal."""
    if SEAL not in run.present:
        holder = "somebody is writing it" if run.state == State.OPEN else "it was interrupted; `worldloom resume` it"
        yield Fault(SEAL, f"is missing: the run is not finished, {holder}")


def seal(run: OpenRun) -> Iterator[Fault]:
    """The seal is in its one byte form, of this run, with its certificates, and signed by a conductor of trust/."""
    if run.seal is None:
        if run.seal_fault is not None:
            yield run.seal_fault
        return
    if run.seal.origin != run.origin:
        yield Fault(SEAL, f"is of {run.seal.origin[:80]!r}, not of {run.origin[:80]!r}")
    if not run.seal_signers:
        yield Fault(SEAL, "no key that trust/ certifies for a conductor signed it")
    found = {(each.path, each.serial) for each in run.trust.certificates}
    if found != {(each.path, each.serial) for each in run.seal.certificates}:
        yield Fault(SEAL, "its certificates are not those of trust/")


def checkpoint(run: OpenRun) -> Iterator[Fault]:
    """The log's checkpoint is of this run, signed by a conductor of trust/, and the one that was sealed."""
    if run.log is None:
        if run.log_fault is not None:
            missing = CHECKPOINT not in run.present
            yield Fault(*run.log_fault[:2], Code.MISSING if missing else None)
        return
    head = run.log.checkpoint
    if head.origin != run.origin:
        yield Fault(CHECKPOINT, f"is of {head.origin[:80]!r}, not of {run.origin[:80]!r}")
    if not open_note_keys(run.log.raw_checkpoint, run.verifiers)[1]:
        yield Fault(CHECKPOINT, "no key that trust/ certifies for a conductor signed it")
    if run.seal is not None and (run.seal.checkpoint.size, run.seal.checkpoint.root) != (head.size, head.root):
        yield Fault(CHECKPOINT, "is not the one that was sealed")


def entries(run: OpenRun) -> Iterator[Fault]:
    """Every entry of the checkpoint can be read."""
    if run.entries is None and run.entries_fault is not None:
        missing = run.entries_fault.path not in run.present
        yield Fault(*run.entries_fault[:2], Code.MISSING if missing else None)


def log_root(run: OpenRun) -> Iterator[Fault]:
    """The entries give the root that the checkpoint signs."""
    if run.log is not None and run.entries is not None and run.log.root() != run.log.checkpoint.root:
        yield Fault(CHECKPOINT, "its root is not that of the entries")


def hash_tiles(run: OpenRun) -> Iterator[Fault]:
    """Every hash tile is that of the entries, and in a sealed run there is no other tile."""
    if run.log is None or run.entries is None:
        return
    found = []
    for tile, data in run.log.hash_tiles(tiles.TileBuilder()):
        stored = run.read(tile.path)
        if stored is None:
            found.append((tile, Fault(tile.path, "is missing", Code.MISSING)))
        elif stored != data:
            found.append((tile, Fault(tile.path, "its hashes are not those of the entries")))
    yield from (fault for _, fault in sorted(found))
    if run.seal is not None:
        needed = {tile.path for tile in tiles.tiles_of(run.log.size)} | {CHECKPOINT}
        for path in run.files:
            if path.startswith(LOG) and path not in needed:
                yield Fault(path, "is no tile of this log")


def content_root(run: OpenRun) -> Iterator[Fault]:
    """Content is numbered from 0 without a gap, and its root is the sealed one."""
    if run.log is None or run.entries is None:
        return
    try:
        root = run.log.content_root().hex()
    except FormatError as error:
        yield Fault(LOG, str(error))
        return
    if run.seal is not None and run.seal.content_root != root:
        yield Fault(SEAL, f"says content root {run.seal.content_root}; the log gives {root}")


def expected_root(run: OpenRun) -> Iterator[Fault]:
    """The content root is the one that the auditor expects, if any."""
    if run.expect_root is None:
        return
    try:
        root = run.log.content_root().hex() if run.log is not None and run.entries is not None else "none"
    except FormatError:
        root = "none"
    if root != run.expect_root:
        yield Fault("", f"its content root is {root}, not {run.expect_root} as expected")


def shapes(run: OpenRun) -> Iterator[Fault]:
    """Every body has the fields of its kind."""
    for gist in run.gists:
        for why in gist.shapes:
            yield Fault(gist.path, why)


def kinds(run: OpenRun) -> Iterator[Fault]:
    """Every kind of entry is Worldloom's own or one that run.json names."""
    if run.run is None:
        return
    named = set(run.run.kinds.values())
    for gist in run.gists:
        if kind_has_content(gist.kind) is None and gist.kind not in named:
            yield Fault(RUN_JSON, f"does not name kind {gist.kind} of entry {gist.index}")


def counts(run: OpenRun) -> Iterator[Fault]:
    """What `end` and the seal count is what the log has."""
    if run.log is None or run.entries is None:
        return
    blocks = [gist.said for gist in run.gists if gist.kind == EntryKind.EVENTS]
    found = {
        "entries": run.entries.total,
        "contents": run.entries.contents,
        "artifacts": run.entries.of_kind(EntryKind.ARTIFACT),
        "decisions": run.entries.of_kind(EntryKind.DECISION),
        "exports": run.entries.of_kind(EntryKind.EXPORT),
    }
    if run.genesis:
        found["agents"] = run.genesis.get("agents", len(run.genesis["personas"]))
    if all(isinstance(block, Block) for block in blocks):
        found["events"] = sum(block.rows for block in blocks if isinstance(block, Block))
    for gist in run.of_kind(EntryKind.END):
        for name, number in gist.whole["counts"].items():
            if number != found.get(name, number):
                yield Fault(gist.path, f"`end` counts {number} {name}; the log has {found[name]}")
    for name, number in (run.seal.counts if run.seal is not None else {}).items():
        if number != found.get(name, number):
            yield Fault(SEAL, f"counts {number} {name}; the log has {found[name]}")


def certificates(run: OpenRun) -> Iterator[Fault]:
    """Certificate entries name the files of trust/, and who signed the log's head and the seal has one."""
    by_path = {each.path: each for each in run.trust.certificates}
    entered = set()
    for said in run.evidence_of(EntryKind.CERTIFICATE):
        path = said["path"]
        entered.add(path)
        if path not in run.present:
            yield Fault(path, "is named by a certificate entry and missing", Code.MISSING)
            continue
        if run.digest(path) != said["sha256"]:
            yield Fault(path, "is not the certificate that its entry names")
        known = by_path.get(path)
        if known is not None and (known.role != said["role"] or said["serial"] not in ("", known.serial)):
            yield Fault(path, f"its entry says role {said['role'][:80]!r}, serial {said['serial'][:80]!r}")
    if run.log is None or run.entries is None or run.erased(EntryKind.CERTIFICATE):
        return
    signed = [*open_note_keys(run.log.raw_checkpoint, run.verifiers)[1], *run.seal_signers]
    for path in sorted(_paths(run, signed) - entered):
        yield Fault(path, "signed the log, and no entry names it")


def _paths(run: OpenRun, verifiers: list[NoteVerifier]) -> set[str]:
    publics = {verifier.public for verifier in verifiers}
    return {each.path for each in run.signers if each.public in publics}


def amendments(run: OpenRun) -> Iterator[Fault]:
    """Amendments are the operator's; what they name is told, and counts as no fault."""
    for path, why in run.amendments.faults:
        yield Fault(path, why)
    for path, note in run.amendments.notes:
        yield Fault(path, note, Code.NOTE)
