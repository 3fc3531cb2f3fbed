"""Judges a proof file without the run: does it hold, who signed its head, who witnessed it. Reads no folder.

A key is trusted because the verifier handed it in as a vkey of that origin, or because the certificate beside it in the
proof is a conductor's of that run and chains to an anchor that the verifier handed in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from . import certificates
from .cosignature import Cosigned, Cosigner, cosigned
from .entry import Entry
from .errors import FormatError, ProvenanceError
from .folder import origin
from .merkle import leaf_hash, verify_consistency, verify_inclusion
from .note import Checkpoint, NoteVerifier, open_note_keys, parse_note
from .proof_extra import EventProof, Extra
from .tlog_proof import ConsistencyProof, InclusionProof, parse_proof
from .trust import CONDUCTOR, chain_faults

TAMPERED, INCONSISTENT, UNTRUSTED = 10, 12, 13
"""Exit codes of faults, as an audit has them."""


@dataclass(frozen=True)
class Policy:
    """Whom a verifier trusts: logs' keys, anchors (PEM) at a time, witnesses; `origin` if only one log will do."""

    keys: tuple[NoteVerifier, ...] = ()
    anchors: tuple[bytes, ...] = ()
    witnesses: tuple[Cosigner, ...] = ()
    origin: str = ""
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass
class Verdict:
    """What a proof shows: faults as (code, why), and what is proved of which log. Nothing counts beside a fault."""

    kind: str = ""
    checkpoint: Checkpoint | None = None
    index: int | None = None
    entry: Entry | None = None
    event: EventProof | None = None
    old: int | None = None
    signers: list[str] = field(default_factory=list)
    witnessed: list[Cosigned] = field(default_factory=list)
    faults: list[tuple[int, str]] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 if it holds, else the lowest code of all faults."""
        return min((code for code, _ in self.faults), default=0)

    def fault(self, code: int, why: str) -> None:
        """Note a fault."""
        self.faults.append((code, why))

    def to_json(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        head = self.checkpoint
        told: dict[str, Any] = {
            "ok": not self.faults,
            "kind": self.kind,
            "origin": head.origin if head else "",
            "size": head.size if head else 0,
            "root": head.root.hex() if head else "",
            "signers": self.signers,
            "witnessed": [{"name": name, "time": time} for name, time in self.witnessed],
            "faults": [{"code": code, "message": why} for code, why in self.faults],
        }
        if self.entry is not None:
            told |= {"index": self.index, "entry_kind": self.entry.kind, "time": self.entry.time}
            told |= {"content": self.entry.content.hex(), "evidence": self.entry.evidence.hex()}
        if self.event is not None:
            told |= {"event": list(self.event.event), "row": self.event.row, "range": self.event.block.range}
        return told if self.old is None else told | {"old": self.old}


def verify_proof(data: bytes, policy: Policy, older: bytes | None = None, entry: bytes | None = None) -> Verdict:
    """Judge a proof file. `older` is a signed head that the verifier holds: needed for a consistency proof.

    `entry` are the 84 bytes that the verifier has of the entry, if the proof does not bring them. Whatever is wrong
    with the evidence is in the verdict; raises KeystoreError for an anchor that is no certificate.
    """
    verdict = Verdict()
    try:
        proof = parse_proof(data)
        verdict.checkpoint = proof.checkpoint
    except ProvenanceError as error:
        verdict.fault(TAMPERED, str(error))
        return verdict
    if policy.origin and verdict.checkpoint.origin != policy.origin:
        verdict.fault(TAMPERED, f"is of the log {verdict.checkpoint.origin[:200]!r}, not of {policy.origin!r}")
    if isinstance(proof, InclusionProof):
        chains = _judge_inclusion(proof, entry, verdict)
        if older is not None:
            _judge_same(older, policy, verdict)
    else:
        chains = ()
        _judge_consistency(proof, older, policy, verdict)
    judge_signers(proof.note, chains, policy, verdict)
    return verdict


def _judge_inclusion(proof: InclusionProof, entry: bytes | None, verdict: Verdict) -> tuple[bytes, ...]:
    verdict.kind, verdict.index, head = "entry", proof.index, proof.checkpoint
    chains: tuple[bytes, ...] = ()
    try:
        if proof.extra is not None:
            extra = Extra.parse(proof.extra)
            chains, verdict.event = extra.chains, extra.event
            if entry is not None and entry != extra.entry:
                raise FormatError("its entry is not the one that was handed in")
            entry = extra.entry
        if entry is None:
            raise FormatError("says nothing of the entry itself; hand in its 84 bytes")
        verdict.entry = Entry.decode(entry)
    except ProvenanceError as error:
        verdict.fault(TAMPERED, str(error))
        return chains
    if not verify_inclusion(leaf_hash(entry), proof.index, head.size, proof.path, head.root):
        verdict.fault(TAMPERED, f"entry {proof.index} is not in the log with that root")
    if verdict.event is not None:
        verdict.kind = "event"
        if not verdict.event.holds(verdict.entry):
            verdict.fault(TAMPERED, f"event {verdict.event.row} is not in the block that entry {proof.index} names")
    return chains


def _judge_consistency(proof: ConsistencyProof, older: bytes | None, policy: Policy, verdict: Verdict) -> None:
    verdict.kind, verdict.old, head = "consistency", proof.old, proof.checkpoint
    if older is None:
        verdict.fault(TAMPERED, "shows consistency with an older checkpoint; hand that in with --checkpoint")
        return
    before = older_head(older, policy, verdict)
    if before is None:
        return
    if (before.origin, before.size) != (head.origin, proof.old):
        verdict.fault(TAMPERED, f"is from {proof.old} entries on; the checkpoint handed in is of {_of(before)}")
    elif not verify_consistency(before.size, head.size, proof.path, before.root, head.root):
        verdict.fault(INCONSISTENT, f"the log of {head.size} entries does not begin as that of {before.size} did")


def _judge_same(older: bytes, policy: Policy, verdict: Verdict) -> None:
    """An inclusion proof says nothing of other heads: the one handed in must be its own."""
    before, head = older_head(older, policy, verdict), verdict.checkpoint
    if before is None or head is None:
        return
    if (before.origin, before.size) != (head.origin, head.size):
        verdict.fault(INCONSISTENT, f"is of another head than the one handed in, which is of {_of(before)}")
    elif before.root != head.root:
        verdict.fault(INCONSISTENT, f"two heads of {_of(before)} have different roots: the log was forked")


def older_head(note: bytes, policy: Policy, verdict: Verdict) -> Checkpoint | None:
    """Read a head that the verifier holds; of the keys given, if any, one must have signed it."""
    try:
        text, signed = open_note_keys(note, policy.keys, foreign=True)
        checkpoint = Checkpoint.parse(text, extended=True)
        if policy.keys and not signed and not cosigned(note, policy.witnesses):
            verdict.fault(UNTRUSTED, "none of the keys given signed the checkpoint that was handed in")
    except ProvenanceError as error:
        verdict.fault(TAMPERED, f"the checkpoint handed in: {error}")
        return None
    return checkpoint


def judge_signers(
    note: bytes, chains: Sequence[bytes], policy: Policy, verdict: Verdict, demand: bytes | None = None
) -> None:
    """Say who signed the head and who witnessed it (or `demand`, another note of it); nobody trusted is a fault."""
    text, _ = parse_note(note, foreign=True)
    name = Checkpoint.parse(text, extended=True).origin
    trusted = [key for key in policy.keys if key.name == name]
    verdict.signers += [f"key {key.key_id.hex()}" for key in open_note_keys(note, trusted, foreign=True)[1]]
    faults: list[str] = []
    for chain in chains:
        why = _chain_fault(note, name, chain, policy)
        if why:
            faults.append(why)
        else:
            leaf = certificates.load_certificates(chain, "chain")[0]
            verdict.signers.append(f"{certificates.common_name(leaf)} of {certificates.organisation(leaf)}")
    if not verdict.signers:
        verdict.fault(UNTRUSTED, faults[0] if faults else "nobody whom you trust signed its checkpoint: give --vkey")
    try:
        verdict.witnessed = cosigned(note if demand is None else demand, policy.witnesses)
    except FormatError as error:
        verdict.fault(TAMPERED, str(error))
        return
    missing = {witness.name for witness in policy.witnesses} - {found.name for found in verdict.witnessed}
    if missing:
        verdict.fault(UNTRUSTED, f"no cosignature of {', '.join(sorted(missing))} is on its checkpoint")


def _chain_fault(note: bytes, name: str, chain: bytes, policy: Policy) -> str:
    """Say why a chain in the proof does not stand for the signature of the head; `""` if it does."""
    try:
        leaf = certificates.load_certificates(chain, "chain")[0]
        key = NoteVerifier(name, certificates.raw_public(leaf, "chain"))
        if not open_note_keys(note, [key], foreign=True)[1]:
            return "a certificate in the proof is of a key that did not sign its checkpoint"
        run_id, role = certificates.unit(leaf), certificates.common_name(leaf).rpartition("-")[0]
    except (ProvenanceError, *certificates.READ_ERRORS) as error:
        return f"a certificate in the proof cannot be read: {error}"
    if origin(run_id) != name or role != CONDUCTOR:
        return f"a certificate in the proof is of {role[:40]!r} of run {run_id[:80]!r}, not of a conductor of this log"
    return "; ".join(chain_faults(chain, policy.anchors, policy.at)[:1])


def _of(checkpoint: Checkpoint) -> str:
    return f"{checkpoint.origin[:200]!r} with {checkpoint.size} entries"
