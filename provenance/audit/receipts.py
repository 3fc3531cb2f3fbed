"""An auditor's signed receipt of one verdict: written after an audit, checked without one. Judging is `judge`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import file_digest as digest_of_stream
from pathlib import Path
from typing import Any

from worldloom.provenance import certificates
from worldloom.provenance.digests import file_digest
from worldloom.provenance.dsse import IN_TOTO, Envelope, seal_envelope
from worldloom.provenance.errors import FormatError, ProvenanceError
from worldloom.provenance.folder import CHECKPOINT, SEAL
from worldloom.provenance.operator_file import Operator
from worldloom.provenance.storage import storage_error
from worldloom.provenance.trust import authority_trust_faults
from worldloom.provenance.zip_disk import ZipDisk

from .findings import AuditResult, Code
from .statement import AuditReceipt, receipt_of


@dataclass(frozen=True)
class ReceiptVerdict:
    """What a receipt is worth: `faults` as (exit code, why); what it says, and who says it, where that can be read."""

    faults: tuple[tuple[Code, str], ...]
    receipt: AuditReceipt | None = None
    auditor: str = ""

    @property
    def exit_code(self) -> int:
        """The lowest code of the faults, or else the one that the auditor's verdict had."""
        if self.faults:
            return min(int(code) for code, _ in self.faults)
        return 0 if self.receipt is None else int(self.receipt.said["exit"])

    def to_json(self) -> dict[str, Any]:
        """Return a JSON value."""
        said = {} if self.receipt is None else dict(self.receipt.said)
        subjects = {} if self.receipt is None else dict(self.receipt.subjects)
        faults = [{"code": int(code), "message": why} for code, why in self.faults]
        return {"ok": not self.faults, "auditor": self.auditor, "subjects": subjects, "faults": faults, "said": said}


def write_receipt(
    result: AuditResult, path: Path, anchors: Sequence[bytes], operator: Operator, demands: Mapping[str, Any]
) -> bytes:
    """Return the signed receipt of the verdict on `path`; raises StorageError where that cannot be read again."""
    receipt = receipt_of(result, subjects_of(path), anchors, demands)
    return seal_envelope(IN_TOTO, receipt.encode(), operator).encode()


def check_receipt(
    data: bytes, anchors: Sequence[bytes], of: Path | None = None, at: datetime | None = None
) -> ReceiptVerdict:
    """Judge a receipt: is it whole, did an auditor sign it whom the anchors vouch for, is it about `of`?

    Bad evidence is the result; raises KeystoreError for an anchor that is no certificate, StorageError for an `of` that
    cannot be read.
    """
    for pem in anchors:
        certificates.load_certificates(pem, "anchor")
    try:
        envelope = Envelope.decode(data)
        if envelope.payload_type != IN_TOTO:
            raise FormatError(f"envelope: holds {envelope.payload_type[:80]!r}, not an in-toto statement")
        if not envelope.holds:
            raise FormatError("envelope: the signature is not over these bytes, or not by its certificate's key")
        receipt = AuditReceipt.decode(envelope.payload)
        leaf = certificates.load_certificates(envelope.chain_pem, "envelope")[0]
        auditor = f"{certificates.organisation(leaf)} ({certificates.fingerprint(leaf)[:16]})"
    except (ProvenanceError, *certificates.READ_ERRORS) as error:
        return ReceiptVerdict(((Code.TAMPERED, str(error)),))
    faults = [
        (Code.UNTRUSTED, why) for why in authority_trust_faults(envelope.chain_pem, anchors, at or datetime.now(UTC))
    ]
    if of is not None and not set(subjects_of(of).values()) & set(receipt.subjects.values()):
        faults.append((Code.LOG, f"is not about {of}: it names {', '.join(receipt.subjects)[:200]} by other digests"))
    return ReceiptVerdict(tuple(faults), receipt, auditor)


def subjects_of(path: Path) -> dict[str, str]:
    """Return what stands for a path, by name: of a run SEAL (without one the log's head), of a file its own digest.

    Hex SHA-256; a run's zip is both. A folder that is no run stands under the digest of the list of its files as
    `sha256sum` prints it, sorted by the bytes of their paths. Raises StorageError where the path cannot be read.
    """
    try:
        if path.is_dir():
            return _of_folder(path)
        own = {path.name: _digest(path)}
    except OSError as error:
        raise storage_error(error, str(path)) from error
    return own | (_sealed_inside(path) if path.suffix == ".zip" else {})


def _of_folder(path: Path) -> dict[str, str]:
    name = next((name for name in (SEAL, CHECKPOINT) if (path / name).is_file()), "")
    if name:
        return {name: file_digest((path / name).read_bytes()).hex()}
    found = [each for each in path.rglob("*") if each.is_file() and not each.is_symlink()]
    listed = sorted((each.relative_to(path).as_posix().encode("utf-8", "surrogateescape"), each) for each in found)
    lines = b"".join(b"%b  %b\n" % (_digest(each).encode(), shown) for shown, each in listed)
    return {"files": file_digest(lines).hex()}


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return digest_of_stream(stream, "sha256").hexdigest()


def _sealed_inside(path: Path) -> dict[str, str]:
    with path.open("rb") as stream:
        try:
            return {SEAL: file_digest(ZipDisk(stream).read(SEAL)).hex()}
        except ProvenanceError:  # no zip of a run
            return {}
