"""Judges certificate chains at a given time, and reads a run's trust/ folder. Makes no certificate, knows no keystore.

Rules (RFC 5280 section 6 as far as C2PA needs it): every certificate is valid at the time asked for; each is issued by
the next; issuers are authorities with room below them; the leaf has the C2PA profile; the last is issued by an anchor,
or is one. Extensions that are critical and unknown are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.hashes import MD5, SHA1

from . import certificates
from .algorithms import ED25519, algorithm_of
from .errors import FormatError, KeystoreError, StorageError
from .folder import TRUST, RunFile, origin
from .note import NoteVerifier
from .storage import Storage

CONDUCTOR = "conductor"
"""The role whose key signs checkpoints, SEAL and .zip.seal."""

AUTHORITY = "ca"
"""The role of a run's authority in trust/."""

OPERATOR = "operator"
"""The role of the authorities between a run's and the operator's root, where the root stays offline."""

_KNOWN_EXTENSIONS = (x509.BasicConstraints, x509.KeyUsage, x509.ExtendedKeyUsage)
_LONGEST_CHAIN = 8
_PART = re.compile(r"[1-9][0-9]{0,8}\Z")


def chain_faults(chain_pem: bytes, anchors: Sequence[bytes], at: datetime) -> list[str]:
    """Say why a chain (leaf first) is not trusted at the aware time `at`; nothing to say means trusted.

    Raises KeystoreError when an anchor is no certificate: that is the caller's mistake, not the evidence's.
    """
    roots = [each for pem in anchors for each in certificates.load_certificates(pem, "anchor")]
    try:
        chain = certificates.load_certificates(chain_pem, "certificate chain")
    except KeystoreError as error:
        return [str(error)]
    if len(chain) > _LONGEST_CHAIN:
        return [f"certificate chain has {len(chain)} certificates; {_LONGEST_CHAIN} are the most"]
    try:
        path, link_faults = _path(chain, roots, at)
        faults = [*_leaf_faults(chain[0]), *link_faults]
        faults += [fault for each in path for fault in _common_faults(each)]
        return faults + [fault for each in path for fault in _time_faults(each, at)]
    except Exception as error:  # hostile certificates fail anywhere in the parser, with many types
        return [f"certificate chain cannot be read: {type(error).__name__}: {error}"]


def authority_trust_faults(chain_pem: bytes, anchors: Sequence[bytes], at: datetime) -> list[str]:
    """As `chain_faults`, for operators, who sign as authorities; the first certificate may be an anchor itself."""
    roots = [each for pem in anchors for each in certificates.load_certificates(pem, "anchor")]
    try:
        chain = certificates.load_certificates(chain_pem, "certificate chain")
        if len(chain) > _LONGEST_CHAIN:
            return [f"certificate chain has {len(chain)} certificates; {_LONGEST_CHAIN} are the most"]
        path, faults = (chain[:1], []) if chain[0] in roots else _path(chain, roots, at)
        if not certificates.is_authority(chain[0]):
            faults.append(f"{_name(chain[0])}: is none of an operator")
        return faults + [fault for each in path for fault in (*_common_faults(each), *_time_faults(each, at))]
    except KeystoreError as error:
        return [str(error)]
    except Exception as error:  # hostile certificates fail anywhere in the parser, with many types
        return [f"certificate chain cannot be read: {type(error).__name__}: {error}"]


def _path(
    chain: Sequence[x509.Certificate], roots: Sequence[x509.Certificate], at: datetime
) -> tuple[list[x509.Certificate], list[str]]:
    """Return the certificates from the leaf to an anchor, as far as they hold together, and where they do not."""
    path: list[x509.Certificate] = []
    for depth, certificate in enumerate(chain):
        path.append(certificate)
        if depth and certificate in roots:
            return path, []
        above = [root for root in roots if root != certificate and not _issue_faults(certificate, root, depth)]
        if above:
            # Of several anchors with one key the one that is valid now speaks.
            return [*path, min(above, key=lambda root: bool(_time_faults(root, at)))], []
        if depth + 1 < len(chain):
            faults = _issue_faults(certificate, chain[depth + 1], depth)
            if faults:
                return path, faults
    return path, [f"{_name(chain[-1])}: no trust anchor issued it"]


def _issue_faults(child: x509.Certificate, parent: x509.Certificate, below: int) -> list[str]:
    """Say why `parent` did not issue `child`, or may not, with `below` authorities under it."""
    try:
        child.verify_directly_issued_by(parent)
        basic = parent.extensions.get_extension_for_class(x509.BasicConstraints).value
        usage = parent.extensions.get_extension_for_class(x509.KeyUsage).value
    except (InvalidSignature, x509.ExtensionNotFound, *certificates.READ_ERRORS) as error:
        return [f"{_name(child)}: not issued by {_name(parent)} ({type(error).__name__} {error})".replace(" )", ")")]
    if not basic.ca or not usage.key_cert_sign:
        return [f"{_name(parent)}: is no authority and issued {_name(child)}"]
    if basic.path_length is not None and basic.path_length < below:
        return [f"{_name(parent)}: may have {basic.path_length} authorities below it, and has {below}"]
    return []


def authority_faults(chain: Sequence[x509.Certificate]) -> list[str]:
    """Say where a chain of authorities, lowest first, does not hold together."""
    return [fault for depth, pair in enumerate(pairwise(chain)) for fault in _issue_faults(*pair, depth)]


def _leaf_faults(leaf: x509.Certificate) -> list[str]:
    """Say where the signer's certificate leaves the C2PA profile (C2PA 2.2, section 14.5.1)."""
    try:
        basic = leaf.extensions.get_extension_for_class(x509.BasicConstraints).value
        usage = leaf.extensions.get_extension_for_class(x509.KeyUsage)
        purposes = list(leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value)
    except (x509.ExtensionNotFound, x509.DuplicateExtension) as error:
        return [f"{_name(leaf)}: {error}"]
    faults = []
    if basic.ca:
        faults.append(f"{_name(leaf)}: is an authority's, and no authority signs content")
    if not usage.critical or not usage.value.digital_signature or usage.value.key_cert_sign:
        faults.append(f"{_name(leaf)}: its key usage is not digital signature, marked critical")
    if purposes != [certificates.PURPOSE]:
        faults.append(f"{_name(leaf)}: its purposes are {[each.dotted_string for each in purposes]}")
    return faults


def _common_faults(certificate: x509.Certificate) -> list[str]:
    faults = [
        f"{_name(certificate)}: critical extension {each.oid.dotted_string} is not known here"
        for each in certificate.extensions
        if each.critical and not isinstance(each.value, _KNOWN_EXTENSIONS)
    ]
    if certificate.version is not x509.Version.v3:
        faults.append(f"{_name(certificate)}: is not X.509 version 3")
    if isinstance(certificate.signature_hash_algorithm, MD5 | SHA1):
        faults.append(f"{_name(certificate)}: signed over a broken hash, {certificate.signature_hash_algorithm.name}")
    return faults


def _time_faults(certificate: x509.Certificate, at: datetime) -> list[str]:
    if at < certificate.not_valid_before_utc:
        return [f"{_name(certificate)}: not valid before {certificate.not_valid_before_utc:%Y-%m-%d %H:%M}"]
    if at > certificate.not_valid_after_utc:
        return [f"{_name(certificate)}: expired on {certificate.not_valid_after_utc:%Y-%m-%d %H:%M}"]
    return []


def _name(certificate: x509.Certificate) -> str:
    return f"certificate {certificate.subject.rfc4514_string()!r}"


@dataclass(frozen=True)
class RunCertificate:
    """A certificate of trust/: its role and start of the run as its authority wrote them, serial (decimal), key.

    `public` are 32 bytes, none for a key that is not Ed25519; `chain_pem` is the certificate, the run authority that
    issued it, and the authorities between that and the root, leaf first.
    """

    path: str
    role: str
    part: int
    run_id: str
    serial: str
    pem: bytes = field(repr=False)
    public: bytes = field(repr=False)
    chain_pem: bytes = field(repr=False)


@dataclass(frozen=True)
class TrustFolder:
    """What trust/ holds: certificates sorted by path, and (path, why) of each file that is none of this run's."""

    certificates: tuple[RunCertificate, ...]
    faults: tuple[tuple[str, str], ...]

    @property
    def authorities(self) -> list[bytes]:
        """PEM of the run's authorities, one for each start."""
        return [each.pem for each in self.certificates if each.role == AUTHORITY]


def read_trust(storage: Storage) -> TrustFolder:
    """Read trust/; what cannot be read or has no issuer there is a fault, not an exception."""
    loaded: list[tuple[str, x509.Certificate]] = []
    above: list[RunCertificate] = []
    faults: list[tuple[str, str]] = []
    for path in storage.files(TRUST):
        try:
            if path.startswith(f"{TRUST}{OPERATOR}-"):
                above.append(_above(path, storage.read(path)))
                continue
            loaded.append((path, _load_one(path, storage.read(path))))
        except (KeystoreError, StorageError) as error:
            faults.append((path, str(error).removeprefix(f"{path}: ")))
    authorities = [certificate for _, certificate in loaded if certificates.is_authority(certificate)]
    found = []
    for path, certificate in loaded:
        try:
            found.append(_run_certificate(path, certificate, authorities, above))
        except KeystoreError as error:
            faults.append((path, str(error).removeprefix(f"{path}: ")))
        except certificates.READ_ERRORS as error:
            faults.append((path, f"certificate cannot be read: {type(error).__name__}: {error}"))
    every = sorted([*found, *above], key=lambda each: each.path)
    return TrustFolder(tuple(every), tuple(sorted(faults)))


def run_certificates(storage: Storage) -> list[RunCertificate]:
    """Return the certificates of trust/, authorities among them; those that do not belong there are left out."""
    return list(read_trust(storage).certificates)


def log_verifiers(storage: Storage, origin_: str) -> list[NoteVerifier]:
    """Return the keys that may sign this run's checkpoints: its conductors', certified by a run authority of trust/.

    Whether those authorities are to be trusted is asked with `chain_faults` and anchors from outside the run.
    """
    return verifiers_of(run_certificates(storage), origin_)


def verifiers_of(found: Iterable[RunCertificate], origin_: str) -> list[NoteVerifier]:
    """As `log_verifiers`, from certificates that are read already."""
    return [
        NoteVerifier(origin_, each.public)
        for each in found
        if each.role == CONDUCTOR and each.public and origin(each.run_id) == origin_
    ]


def _load_one(path: str, data: bytes) -> x509.Certificate:
    found = certificates.load_certificates(data, path)
    if len(found) != 1 or certificates.pem(found[0]) != data:
        raise KeystoreError(f"{path}: holds more than the one certificate it should; restore it from a copy")
    return found[0]


def _above(path: str, data: bytes) -> RunCertificate:
    """Read the authorities between a run's and the root, each issued by the next."""
    part = path.removeprefix(f"{TRUST}{OPERATOR}-").removesuffix(".pem")
    found = certificates.load_certificates(data, path)
    if not _PART.match(part) or b"".join(map(certificates.pem, found)) != data:
        raise KeystoreError(f"{path}: is not in its one form; restore it from a copy")
    for depth, (below, above) in enumerate(pairwise(found), 1):
        faults = _issue_faults(below, above, depth)
        if faults:
            raise KeystoreError(f"{path}: {faults[0]}")
    if not certificates.is_authority(found[0]):
        raise KeystoreError(f"{path}: bears an authority's name and is none")
    return RunCertificate(path, OPERATOR, int(part), "", str(found[0].serial_number), data, b"", data)


def _run_certificate(
    path: str,
    certificate: x509.Certificate,
    authorities: Sequence[x509.Certificate],
    above: Sequence[RunCertificate],
) -> RunCertificate:
    role, part = _role_and_part(path, certificate)
    pem = certificates.pem(certificate)
    chain = pem
    if role != AUTHORITY:
        issuer = next((each for each in authorities if not _issue_faults(certificate, each, 0)), None)
        if issuer is None or certificates.unit(issuer) != certificates.unit(certificate):
            raise KeystoreError(f"{path}: no authority of this run's trust/ issued it")
        faults = _leaf_faults(certificate) + _common_faults(certificate)
        if faults:
            raise KeystoreError(f"{path}: {faults[0]}")
        chain += certificates.pem(issuer) + b"".join(each.pem for each in above if each.part == int(part_of(issuer)))
    elif not certificates.is_authority(certificate):
        raise KeystoreError(f"{path}: bears an authority's name and is none")
    return RunCertificate(
        path,
        role,
        part,
        certificates.unit(certificate),
        str(certificate.serial_number),
        pem,
        _note_public(certificate, path),
        chain,
    )


def part_of(authority: x509.Certificate) -> str:
    """Return the number of the start whose authority this is."""
    return certificates.common_name(authority).rpartition("-")[2]


def _note_public(certificate: x509.Certificate, path: str) -> bytes:
    """Return the key that may sign notes, `b""` for one that signs credentials only."""
    if algorithm_of(certificate.public_key(), path) != ED25519:
        return b""
    return certificates.raw_public(certificate, path)


def _role_and_part(path: str, certificate: x509.Certificate) -> tuple[str, int]:
    name, run_id = certificates.common_name(certificate), certificates.unit(certificate)
    role, _, part = name.rpartition("-")
    if path != f"{TRUST}{name}.pem" or not role or not _PART.match(part):
        raise KeystoreError(f"{path}: its certificate is of {name[:80]!r}")
    try:
        RunFile(run_id)  # its check of the run id
    except FormatError as error:
        raise KeystoreError(f"{path}: its certificate is of no run: {error}") from error
    return role, int(part)
