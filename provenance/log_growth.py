"""Judges whether a run's log goes on from a head that somebody holds: neither cut nor forked since. Writes nothing."""

from __future__ import annotations

from .errors import FormatError, ProvenanceError
from .log_proving import ProvenLog
from .log_verifying import INCONSISTENT, TAMPERED, Policy, Verdict, judge_signers, older_head
from .note import Checkpoint, parse_note
from .witness import rolled_back


def head_of(note: bytes) -> Checkpoint:
    """Read a signed head, with witnesses' signatures or without; raises FormatError. Whose it is, is not asked."""
    if b"\r" in note:
        raise FormatError("checkpoint: has carriage returns; something rewrote its line ends on the way")
    return Checkpoint.parse(parse_note(note, foreign=True)[0], extended=True)


def verify_growth(proven: ProvenLog, older: bytes, policy: Policy) -> Verdict:
    """Judge a run's log against an older head, which one of the keys given, if any, must have signed."""
    now = proven.log.checkpoint
    verdict = Verdict(kind="growth", checkpoint=now)
    before = older_head(older, policy, verdict)
    if before is None:
        return verdict
    verdict.old = before.size
    if before.origin != now.origin:
        verdict.fault(TAMPERED, f"the head handed in is of {before.origin[:200]!r}, not of {now.origin[:200]!r}")
        return verdict
    gone = rolled_back(now, before)
    try:
        if gone:
            verdict.fault(INCONSISTENT, gone)
        elif proven.tree.root(before.size) != before.root:
            verdict.fault(INCONSISTENT, f"FORKED: the first {before.size} entries are not those of the head handed in")
    except ProvenanceError as error:
        verdict.fault(INCONSISTENT, str(error))
    chains = tuple(signer.chain_pem for signer in proven.signers)
    judge_signers(proven.log.raw_checkpoint, chains, policy, verdict, demand=older)
    return verdict
