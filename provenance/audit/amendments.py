"""amendments/: the operator's signed notes on what was erased or redacted after the seal, as an audit reads them.

Text, in one byte form only:

    worldloom/amendment/1
    <origin>
    why <one line>
    erased item <hex digest> <segment>          content, evidence or request digest of the item whose bytes are gone
    erased file <hex SHA-256> <path>
    redacted file <hex SHA-256> <new hex SHA-256> <path>

The key is one whose certificate is an anchor that this run's authority descends from. Where no anchor vouches for the
run, nobody can say whose key it is: the note is believed, and the audit ends with an unknown signer anyway.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from worldloom.provenance import certificates
from worldloom.provenance.digests import from_hex
from worldloom.provenance.errors import FormatError, KeystoreError, StorageError
from worldloom.provenance.folder import AMENDMENTS
from worldloom.provenance.note import NoteVerifier, open_note_keys, parse_note
from worldloom.provenance.storage import Storage
from worldloom.provenance.trust import RunCertificate, chain_faults

HEADER = "worldloom/amendment/1"


@dataclass(frozen=True)
class Amendment:
    """One note: items erased (digest, segment), files erased (digest, path) or redacted (old, new, path)."""

    origin: str
    why: str
    items: tuple[tuple[str, str], ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    redacted: tuple[tuple[str, str, str], ...] = ()

    def text(self) -> str:
        """Return the text that is signed."""
        lines = [HEADER, self.origin, f"why {self.why}"]
        lines += [f"erased item {digest} {path}" for digest, path in self.items]
        lines += [f"erased file {digest} {path}" for digest, path in self.files]
        lines += [f"redacted file {old} {new} {path}" for old, new, path in self.redacted]
        return "\n".join(lines) + "\n"

    @classmethod
    def parse(cls, text: str) -> Amendment:
        """Read the text in its one byte form; raises FormatError."""
        lines = text.split("\n")
        if len(lines) < 4 or lines[0] != HEADER or not lines[2].startswith("why "):
            raise FormatError(f"amendment: does not begin with {HEADER!r}, an origin and why")
        items, files, redacted = [], [], []
        for line in lines[3:-1]:
            words = line.split(" ")
            for digest in words[2:-1]:
                from_hex(digest)
            if words[:2] == ["erased", "item"] and len(words) == 4:
                items.append((words[2], words[3]))
            elif words[:2] == ["erased", "file"] and len(words) == 4:
                files.append((words[2], words[3]))
            elif words[:2] == ["redacted", "file"] and len(words) == 5:
                redacted.append((words[2], words[3], words[4]))
            else:
                raise FormatError(f"amendment: {line[:80]!r} is no line of one")
        amendment = cls(lines[1], lines[2][4:], tuple(items), tuple(files), tuple(redacted))
        if amendment.text() != text:
            raise FormatError("amendment: not in its one byte form")
        return amendment


@dataclass
class Amendments:
    """All that counts: erased items and files, new digests of redacted files by (old digest, path); what to report."""

    items: set[tuple[str, str]] = field(default_factory=set)
    files: set[tuple[str, str]] = field(default_factory=set)
    redacted: dict[tuple[str, str], str] = field(default_factory=dict)
    notes: list[tuple[str, str]] = field(default_factory=list)
    faults: list[tuple[str, str]] = field(default_factory=list)

    def digest(self, digest: str, path: str) -> str:
        """Return the digest that a file must have now, given the one that it had."""
        return self.redacted.get((digest, path), digest)

    def changed(self, path: str) -> bool:
        """Whether a file was redacted."""
        return any(where == path for _, where in self.redacted)

    def erased(self, digest: str, path: str) -> bool:
        """Whether a file that had that digest was erased."""
        return (digest, path) in self.files


def read_amendments(
    storage: Storage, origin: str, signers: Sequence[RunCertificate], anchors: Sequence[bytes], at: datetime
) -> Amendments:
    """Read every amendment of the run; one that is malformed or not its operator's counts for nothing."""
    found = Amendments()
    paths = storage.files(AMENDMENTS)
    operators = operator_keys(signers, anchors, at) if paths else []
    for path in paths:
        try:
            amendment = _open(storage.read(path), operators)
            if amendment.origin != origin:
                raise FormatError(f"is of {amendment.origin[:80]!r}, not of this run")
        except (FormatError, StorageError) as error:
            found.faults.append((path, str(error)))
        else:
            _apply(found, path, amendment)
    return found


def operator_keys(signers: Iterable[RunCertificate], anchors: Sequence[bytes], at: datetime) -> list[bytes]:
    """Return the raw public keys of those anchors that a signer of this run descends from, and of those between.

    Where a root stays offline, the authority between it and the run's signs for the operator.
    """
    chains = list(dict.fromkeys(each.chain_pem for each in signers))
    roots = [root for pem in anchors for root in certificates.load_certificates(pem, "anchor")]
    found = []
    for root in roots:
        under = [chain for chain in chains if not chain_faults(chain, [certificates.pem(root)], at)]
        between = [each for chain in under for each in certificates.load_certificates(chain, "chain")[2:]]
        for operator in [*([root] if under else []), *between]:
            try:
                found.append(certificates.raw_public(operator, "anchor"))
            except KeystoreError:  # an operator with another kind of key signs no notes
                continue
    return list(dict.fromkeys(found))


def anchor_verifiers(note: bytes, publics: Iterable[bytes]) -> list[NoteVerifier]:
    """Return the keys under every name that the note's signature lines bear; raises FormatError."""
    _, signatures = parse_note(note)
    return [NoteVerifier(name, public) for name, _ in signatures for public in publics]


def _open(note: bytes, operators: Sequence[bytes]) -> Amendment:
    text, signed_by = open_note_keys(note, anchor_verifiers(note, operators))
    if operators and not signed_by:
        raise FormatError("is not signed by this run's operator")
    return Amendment.parse(text)


def _apply(found: Amendments, path: str, amendment: Amendment) -> None:
    found.items |= set(amendment.items)
    found.files |= set(amendment.files)
    found.redacted |= {(old, where): new for old, new, where in amendment.redacted}
    for digest, where in (*amendment.items, *amendment.files):
        found.notes.append((where, f"{digest} was erased: {amendment.why} ({path})"))
    for _, new, where in amendment.redacted:
        found.notes.append((where, f"was redacted and is {new} now: {amendment.why} ({path})"))
