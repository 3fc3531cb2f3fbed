"""Judges `<run>.replay`: whose word is it, is it of this run, and what does it say. Replaying is cluster's."""

from __future__ import annotations

from worldloom.provenance import certificates
from worldloom.provenance.errors import FormatError, ProvenanceError
from worldloom.provenance.receipt import RECORDED, SAMPLED, Receipt, read_receipt
from worldloom.provenance.sample import SampleSize, draw, sample_of

from .amendments import anchor_verifiers, operator_keys
from .findings import Code, Finding, Level
from .opened import OpenRun


def receipt_finding(data: bytes, run: OpenRun, name: str) -> tuple[Finding, bool]:
    """Judge a receipt of a replay; returns what to say, and whether the level counts as checked by it.

    A receipt that nobody trusted signed says nothing. One of another run, of another content root, or of a sample that
    somebody chose, is a fault. Where models answer otherwise on another numeric class, that is told and no fault.
    """
    try:
        receipt, signed_by = read_receipt(data, anchor_verifiers(data, _anchor_keys(run)))
    except ProvenanceError as error:
        return _reproduced(Code.TAMPERED, name, f"cannot be read: {error}"), True
    if (receipt.origin, receipt.content_root) != (run.origin, run.content_root):
        return _reproduced(Code.TAMPERED, name, "is the receipt of another run"), True
    if not signed_by:
        return _reproduced(Code.NOTE, name, "counts for nothing: no anchor's key signed it"), False
    if why := _sample_fault(receipt, run):
        return _reproduced(Code.TAMPERED, name, why), True
    code, why, counts = _weighed(receipt)
    return _reproduced(code, name, why), counts


def _weighed(receipt: Receipt) -> tuple[Code, str, bool]:
    """Return what a good receipt is worth: code, words, whether the level counts as checked."""
    told, sampled = _told(receipt), receipt.mode == SAMPLED
    if receipt.equal:
        return Code.NOTE, told, not (sampled and receipt.left)  # part of a sample shows less than was drawn
    if sampled and not receipt.made:
        return Code.NOTE, f"{told}: nothing could be made anew", False
    if receipt.mode != RECORDED and receipt.other_class:
        return Code.NOTE, f"{told}; on another numeric class than the run's, where models may answer otherwise", False
    return (
        Code.LOG,
        f"{told}; " + ("the others differ" if sampled else f"it gave content root {receipt.replayed_root}"),
        True,
    )


def _sample_fault(receipt: Receipt, run: OpenRun) -> str:
    """Say why the sample is not the one that the content root decides; `""` if it is, or nobody can tell."""
    sample = receipt.sample
    if sample is None or run.answers.erased or not run.answers.by_request:
        return ""
    kinds: dict[str, list[str]] = {}
    for request, known in run.answers.by_request.items():
        kinds.setdefault(known.kind, []).append(request)
    try:
        size = SampleSize.parse(sample.size)
        wanted = sample_of(draw(receipt.content_root, kinds, size), size, len(run.answers.by_request))
    except FormatError as error:
        return f"cannot be read: {error}"
    return "" if sample == wanted else "is of other answers than the content root draws"


def _told(receipt: Receipt) -> str:
    made = ", ".join(
        f"{receipt.agreeing.get(key, 0):,} of {count:,} by {key}" for key, count in sorted(receipt.regenerated.items())
    )
    left = ", ".join(f"{each.count:,} by {key} ({each.why})" for key, each in sorted(receipt.left.items()))
    sample = receipt.sample
    how = f"from {receipt.mode} answers"
    if sample is not None:
        how = f"by a sample of {sample.drawn:,} of {sample.of:,} answers ({sample.size} of each kind)"
    parts = [f"replayed on {receipt.wall} {how}", f"made anew and equal: {made}" if made else ""]
    return "; ".join(filter(None, [*parts, f"not made anew: {left}" if left else ""]))


def _reproduced(code: Code, path: str, message: str) -> Finding:
    return Finding(Level.REPRODUCED, code, path, message, "receipt")


def _anchor_keys(run: OpenRun) -> list[bytes]:
    found = operator_keys(run.signers, run.anchors, run.at)
    for pem in run.anchors:
        for certificate in certificates.load_certificates(pem, "anchor"):
            try:
                found.append(certificates.note_public(certificate, "anchor"))
            except ProvenanceError:  # an anchor of another kind of key signs no notes
                continue
    return found
