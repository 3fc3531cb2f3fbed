"""The operator's own signed log of revoked certificates, handed to an audit from outside like an anchor.

A signed note (docs/formats.md) that only grows, in one byte form:

    worldloom/revocations/1
    <hex SHA-256 of the operator's root certificate>
    authority <base64 DER>                            those between the signing key and the root, if there are any
    revoked <serial> <hex SHA-256 of the certificate> <since, ISO 8601 UTC> <why, one word>
    checkpoint <number of revoked> <hex RFC 6962 root over their lines>

The last line lets anybody who keeps it see whether a later list still begins with the earlier one. `since` is when the
key is feared to have been in wrong hands: a timestamp on the seal from before it saves what was signed until then.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509

from . import certificates
from .digests import from_hex
from .errors import FormatError, KeystoreError
from .merkle import leaf_hashes, root
from .note import NoteVerifier, from_base64, open_note_keys, parse_note, sign_note
from .operator_file import Operator, now, write_new
from .trust import OPERATOR, authority_faults, chain_faults

HEADER = "worldloom/revocations/1"
REVOCATIONS_FILE = "revocations"
KEY_NAME = "worldloom.operator"
REASONS = ("unspecified", "keyCompromise", "affiliationChanged", "superseded", "cessationOfOperation")
"""Reasons of RFC 5280, section 5.3.1, that an operator can have."""

_SERIAL = re.compile(r"[1-9][0-9]{0,48}\Z")
_TIME = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True)
class Revocation:
    """One certificate that counts no longer: serial (decimal), hex SHA-256, since when, why."""

    serial: str
    fingerprint: str
    since: datetime
    reason: str

    @property
    def line(self) -> str:
        """Its line of the list."""
        return f"revoked {self.serial} {self.fingerprint} {self.since.strftime(_TIME)} {self.reason}"

    @classmethod
    def parse(cls, line: str) -> Revocation:
        """Read a line; raises FormatError."""
        words = line.split(" ")
        if len(words) != 5 or words[0] != "revoked" or not _SERIAL.match(words[1]) or words[4] not in REASONS:
            raise FormatError(f"revocations: {line[:120]!r} is no line of one")
        from_hex(words[2])
        try:
            since = datetime.strptime(words[3], _TIME).replace(tzinfo=UTC)
        except ValueError as error:
            raise FormatError(f"revocations: {words[3][:80]!r} is not a time") from error
        return cls(words[1], words[2], since, words[4])


@dataclass(frozen=True)
class RevocationList:
    """All that an operator revoked, in order: hex SHA-256 of the root, authorities down to the signing key (DER)."""

    root: str
    above: tuple[bytes, ...] = ()
    revoked: tuple[Revocation, ...] = ()

    @property
    def tree_root(self) -> str:
        """RFC 6962 root over the lines, hexadecimal."""
        return root(leaf_hashes(each.line.encode() for each in self.revoked)).hex()

    def text(self) -> str:
        """Return the text that is signed."""
        lines = [HEADER, self.root, *(f"authority {base64.b64encode(each).decode()}" for each in self.above)]
        lines += [each.line for each in self.revoked]
        return "\n".join([*lines, f"checkpoint {len(self.revoked)} {self.tree_root}"]) + "\n"

    @classmethod
    def parse(cls, text: str) -> RevocationList:
        """Read the text in its one byte form; raises FormatError."""
        lines = text.split("\n")
        if len(lines) < 4 or lines[0] != HEADER or lines[-1]:
            raise FormatError(f"revocations: does not begin with {HEADER!r} and an operator")
        from_hex(lines[1])
        above = tuple(from_base64(line[10:]) for line in lines[2:-2] if line.startswith("authority "))
        revoked = tuple(Revocation.parse(line) for line in lines[2 + len(above) : -2])
        found = cls(lines[1], above, revoked)
        if found.text() != text:
            raise FormatError("revocations: not in its one byte form, or its checkpoint is another list's")
        return found

    def continues(self, earlier: RevocationList) -> bool:
        """Whether this list begins with all of an earlier one, as an honest operator's does."""
        return self.root == earlier.root and self.revoked[: len(earlier.revoked)] == earlier.revoked


@dataclass(frozen=True)
class Revocations:
    """What an auditor knows: revocations with the root (PEM) whose operator made them, by hex SHA-256."""

    by_fingerprint: dict[str, tuple[Revocation, bytes]]

    def of_chain(self, chain_pem: bytes, at: datetime) -> list[tuple[str, Revocation]]:
        """Return (subject, revocation) of those certificates of a chain that its own operator revoked."""
        try:
            chain = certificates.load_certificates(chain_pem, "chain")
        except KeystoreError:
            return []
        found = []
        for each in chain:
            known = self.by_fingerprint.get(certificates.fingerprint(each))
            if known is not None and not chain_faults(chain_pem, [known[1]], at):
                found.append((each.subject.rfc4514_string(), known[0]))
        return found


NOTHING_REVOKED = Revocations({})


def read_revocations(notes: Iterable[tuple[str, bytes]], anchors: Sequence[bytes]) -> Revocations:
    """Read lists (name, bytes), each signed under one of the anchors.

    Raises KeystoreError for a list that is malformed or of nobody among the anchors: like a wrong anchor it is the
    caller's mistake, and passing over it would hide revocations.
    """
    roots = [each for pem in anchors for each in certificates.load_certificates(pem, "anchor")]
    found: dict[str, tuple[Revocation, bytes]] = {}
    for name, note in notes:
        try:
            said, anchor = _open(note, roots)
        except FormatError as error:
            raise KeystoreError(f"{name}: {error}; ask the operator for the list again") from None
        for each in said.revoked:
            found.setdefault(each.fingerprint, (each, certificates.pem(anchor)))
    return Revocations(found)


def revoke(
    home: Path, operator: Operator, revoked: Sequence[x509.Certificate], reason: str, since: datetime | None = None
) -> RevocationList:
    """Add certificates to the keystore's list, sign it and keep it; one that is there already is not added again.

    Raises KeystoreError for a reason that is none, a list that is not this operator's, or a disk that refuses.
    """
    if reason not in REASONS:
        raise KeystoreError(f"reason {reason[:80]!r}: use one of {', '.join(REASONS)}")
    when = (since or now()).replace(microsecond=0)
    path = home / REVOCATIONS_FILE
    before = list_revocations(home, operator)
    known = {each.fingerprint for each in before.revoked}
    added = [
        Revocation(str(each.serial_number), certificates.fingerprint(each), when, reason)
        for each in revoked
        if certificates.fingerprint(each) not in known
    ]
    after = replace(before, revoked=(*before.revoked, *added))
    try:
        write_new(path, sign_note(after.text(), [operator.note_key(KEY_NAME)]), 0o644)
    except OSError as error:
        raise KeystoreError(f"{path}: {error.strerror}; make the keystore writable for this user") from error
    return after


def certificates_to_revoke(path: Path) -> list[x509.Certificate]:
    """Return the certificates of a PEM file, or all of a run's trust/ but for the operator's own.

    Raises KeystoreError where there is none.
    """
    files = [path]
    if path.is_dir():
        files = [each for each in sorted((path / "trust").glob("*.pem")) if not each.name.startswith(f"{OPERATOR}-")]
    if not files:
        raise KeystoreError(f"{path}: holds no trust/ with certificates; name a run or a certificate")
    try:
        return [found for each in files for found in certificates.load_certificates(each.read_bytes(), str(each))]
    except OSError as error:
        raise KeystoreError(f"{error.filename}: {error.strerror}; name a run or a certificate in PEM form") from error


def list_revocations(home: Path, operator: Operator) -> RevocationList:
    """Return the keystore's list, an empty one where there is none; raises KeystoreError for a broken one."""
    path = home / REVOCATIONS_FILE
    if not path.is_file():
        return RevocationList(operator.fingerprint, _above(operator))
    try:
        found, _ = _open(path.read_bytes(), [operator.root])
    except (OSError, FormatError) as error:
        raise KeystoreError(f"{path}: {error}; restore it from a copy: a list that shrinks un-revokes keys") from None
    return found


def _above(operator: Operator) -> tuple[bytes, ...]:
    if not operator.above:
        return ()
    return tuple(each.public_bytes(certificates.DER) for each in (operator.certificate, *operator.above[:-1]))


def _open(note: bytes, roots: Sequence[x509.Certificate]) -> tuple[RevocationList, x509.Certificate]:
    text, signatures = parse_note(note)
    said = RevocationList.parse(text)
    anchor = next((each for each in roots if certificates.fingerprint(each) == said.root), None)
    if anchor is None:
        raise FormatError("is the list of an operator who is none of the anchors")
    try:
        chain = [*map(x509.load_der_x509_certificate, said.above), anchor]
        faults = authority_faults(chain)
        public = certificates.note_public(chain[0], "operator")
    except certificates.READ_ERRORS as error:
        raise FormatError(f"an authority cannot be read ({error})") from None
    except KeystoreError as error:
        raise FormatError(str(error)) from None
    if faults:
        raise FormatError(faults[0])
    if not open_note_keys(note, [NoteVerifier(name, public) for name, _ in signatures])[1]:
        raise FormatError("is not signed by its operator")
    return said, anchor
