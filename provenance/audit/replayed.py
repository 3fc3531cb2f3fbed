"""Judges `<run>.replay`: whose word is it, is it of this run, and what does it say. Replaying is cluster's."""

from __future__ import annotations

from worldloom.provenance import certificates
from worldloom.provenance.errors import ProvenanceError
from worldloom.provenance.receipt import Receipt, read_receipt

from .amendments import anchor_verifiers, operator_keys
from .findings import Code, Finding, Level
from .opened import OpenRun


def receipt_finding(data: bytes, run: OpenRun, name: str) -> tuple[Finding, bool]:
    """Judge a receipt of a replay; returns what to say, and whether the level counts as checked by it.

    A receipt that nobody trusted signed says nothing. One of another run, or of another content root, is a fault.
    """
    try:
        receipt, signed_by = read_receipt(data, anchor_verifiers(data, _anchor_keys(run)))
    except ProvenanceError as error:
        return _reproduced(Code.TAMPERED, name, f"cannot be read: {error}"), True
    if (receipt.origin, receipt.content_root) != (run.origin, run.content_root):
        return _reproduced(Code.TAMPERED, name, "is the receipt of another run"), True
    if not signed_by:
        return _reproduced(Code.NOTE, name, "counts for nothing: no anchor's key signed it"), False
    if not receipt.equal:
        return _reproduced(Code.LOG, name, f"the replay gave content root {receipt.replayed_root}"), True
    return _reproduced(Code.NOTE, name, _told(receipt)), True


def _told(receipt: Receipt) -> str:
    made = ", ".join(
        f"{receipt.agreeing.get(key, 0)} of {count} by {key}" for key, count in sorted(receipt.regenerated.items())
    )
    return f"replayed on {receipt.wall} from {receipt.mode} answers" + (
        f"; made anew and equal: {made}" if made else ""
    )


def _reproduced(code: Code, path: str, message: str) -> Finding:
    return Finding(Level.REPRODUCED, code, path, message, "receipt")


def _anchor_keys(run: OpenRun) -> list[bytes]:
    found = operator_keys(run.signers, run.anchors, run.at)
    for pem in run.anchors:
        for certificate in certificates.load_certificates(pem, "anchor"):
            try:
                found.append(certificates.raw_public(certificate, "anchor"))
            except ProvenanceError:  # an anchor of another kind of key signs no notes
                continue
    return found
