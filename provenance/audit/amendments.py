"""amendments/: the operator's signed notes on what was erased or redacted after the seal, as an audit reads them.

What one says is `provenance.amendment`. The key is one whose certificate is an anchor that this run's authority
descends from. Where no anchor vouches for the run, nobody can say whose key it is: the note is believed, and the audit
ends with an unknown signer anyway.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from worldloom.provenance import certificates
from worldloom.provenance.amendment import Amendment, is_note
from worldloom.provenance.digests import file_digest
from worldloom.provenance.errors import FormatError, KeystoreError, StorageError
from worldloom.provenance.folder import AMENDMENTS, SEAL
from worldloom.provenance.note import NoteVerifier, open_note_keys, parse_note
from worldloom.provenance.storage import Storage
from worldloom.provenance.trust import RunCertificate, chain_faults

_FEW = 3
"""Files of one folder of which an audit tells one by one."""


@dataclass
class Amendments:
    """All that counts: erased items and files, new digests of redacted files by (old digest, path), files kept for
    what was erased (path, digest); what to report.
    """

    items: set[tuple[str, str]] = field(default_factory=set)
    files: set[tuple[str, str]] = field(default_factory=set)
    redacted: dict[tuple[str, str], str] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)
    notes: list[tuple[str, str]] = field(default_factory=list)
    faults: list[tuple[str, str]] = field(default_factory=list)

    def digest(self, digest: str, path: str) -> str:
        """Return the digest that a file must have now, given the one that it had; it may be redacted more than once."""
        seen = {digest}
        while (new := self.redacted.get((digest, path), digest)) not in seen:
            seen.add(new)
            digest = new
        return digest

    def changed(self, path: str) -> bool:
        """Whether a file was redacted."""
        return any(where == path for _, where in self.redacted)

    def erased(self, digest: str, path: str) -> bool:
        """Whether a file that had that digest, or what became of it, was erased."""
        return not self.files.isdisjoint({(digest, path), (self.digest(digest, path), path)})

    def gone(self, path: str) -> bool:
        """Whether a file was erased, whatever its bytes were."""
        return any(where == path for _, where in self.files)


def read_amendments(
    storage: Storage, origin: str, signers: Sequence[RunCertificate], anchors: Sequence[bytes], at: datetime
) -> Amendments:
    """Read every amendment of the run; one that is malformed or not its operator's counts for nothing."""
    found = Amendments()
    paths = [path for path in storage.files(AMENDMENTS) if is_note(path)]
    operators = operator_names(signers, anchors, at) if paths else {}
    after = _digest(storage, SEAL)
    for path in paths:
        try:
            amendment, who = _open(storage.read(path), operators)
            if amendment.origin != origin:
                raise FormatError(f"is of {amendment.origin[:80]!r}, not of this run")
            if amendment.after and amendment.after != after:
                raise FormatError("does not follow the seal and the amendments before it: one was removed or changed")
        except (FormatError, StorageError) as error:
            found.faults.append((path, str(error)))
        else:
            _apply(found, path, amendment, who)
        after = _digest(storage, path)
    return found


def _digest(storage: Storage, path: str) -> str:
    try:
        return file_digest(storage.read(path)).hex()
    except StorageError:
        return ""


def operator_keys(signers: Iterable[RunCertificate], anchors: Sequence[bytes], at: datetime) -> list[bytes]:
    """Return the raw public keys of those who may sign for the operator: see `operator_names`."""
    return list(operator_names(signers, anchors, at))


def operator_names(signers: Iterable[RunCertificate], anchors: Sequence[bytes], at: datetime) -> dict[bytes, str]:
    """Return raw public key and organisation of those anchors that a signer of this run descends from, and of those
    between.

    Where a root stays offline, the authority between it and the run's signs for the operator.
    """
    chains = list(dict.fromkeys(each.chain_pem for each in signers))
    roots = [root for pem in anchors for root in certificates.load_certificates(pem, "anchor")]
    found: dict[bytes, str] = {}
    for root in roots:
        under = [chain for chain in chains if not chain_faults(chain, [certificates.pem(root)], at)]
        between = [each for chain in under for each in certificates.load_certificates(chain, "chain")[2:]]
        for operator in [*([root] if under else []), *between]:
            try:
                found.setdefault(certificates.note_public(operator, "anchor"), _named(operator))
            except KeystoreError:  # an operator with another kind of key signs no notes
                continue
    return found


def _named(certificate: x509.Certificate) -> str:
    return certificates.organisation(certificate) or certificates.common_name(certificate)


def anchor_verifiers(note: bytes, publics: Iterable[bytes]) -> list[NoteVerifier]:
    """Return the keys under every name that the note's signature lines bear; raises FormatError."""
    _, signatures = parse_note(note)
    return [NoteVerifier(name, public) for name, _ in signatures for public in publics]


def _open(note: bytes, operators: Mapping[bytes, str]) -> tuple[Amendment, str]:
    text, signed_by = open_note_keys(note, anchor_verifiers(note, operators))
    if operators and not signed_by:
        raise FormatError("is not signed by this run's operator")
    who = operators[signed_by[0].public] if signed_by else "somebody for whom no anchor vouches"
    return Amendment.parse(text), who


def _apply(found: Amendments, path: str, amendment: Amendment, who: str) -> None:
    found.items |= set(amendment.items)
    found.files |= set(amendment.files)
    found.redacted |= {(old, where): new for old, new, where in amendment.redacted}
    found.kept |= {where: digest for digest, where in amendment.kept}
    when = f" on {amendment.at}" if amendment.at else ""
    told = f"by {who}{when}: {amendment.why} ({path})"
    gone = [(where, digest) for digest, where in (*amendment.items, *amendment.files)]
    found.notes += [(where, f"{what} erased {told}") for where, what in _grouped(gone)]
    changed = [(where, new) for _, new, where in amendment.redacted]
    found.notes += [(where, f"{what} redacted {told}") for where, what in _grouped(changed)]


def _grouped(things: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield (path, what of it it was) for pairs of path and digest: a line a file, or a folder where it is many."""
    by_path: dict[str, list[str]] = {}
    for where, digest in things:
        by_path.setdefault(where, []).append(digest)
    by_folder: dict[str, list[str]] = {}
    for where in by_path:
        by_folder.setdefault(where[: where.find("/") + 1], []).append(where)
    for folder, paths in by_folder.items():
        if len(paths) > _FEW and folder:
            count = sum(len(by_path[path]) for path in paths)
            yield folder, f"{count} things in {len(paths)} files, each of which it names, were"
            continue
        for path in paths:
            digests = by_path[path]
            yield path, f"{digests[0]} was" if len(digests) == 1 else f"{len(digests)} things were"
