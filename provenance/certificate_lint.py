"""Says where certificates leave the profile that C2PA asks of signers, naming the extension. Judges no trust.

Rules are those of C2PA 2.2, section 14.5.1 and RFC 5280, section 4.2, as far as readers of credentials were seen to
hold them. A PEM file with a chain is looked at as one: leaf first, each issued by the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.hashes import MD5, SHA1

from . import certificates
from .algorithms import algorithm_of
from .errors import KeystoreError

_LONGEST_SERIAL = 20 * 8
_PURPOSES = {
    "1.3.6.1.5.5.7.3.4": "",
    "1.3.6.1.5.5.7.3.36": "document signing, which readers take only if told so (trust_config)",
    "1.3.6.1.4.1.62558.2.1": "C2PA claim signing, which readers take only if told so (trust_config)",
}
"""Purposes that a signer's certificate may have, with what to know of each."""


class Lint(NamedTuple):
    """One fault: of which certificate, which extension or field (name and number), what is wrong, what to ask for."""

    certificate: str
    part: str
    message: str


BASIC = "basicConstraints (2.5.29.19)"
USAGE = "keyUsage (2.5.29.15)"
PURPOSE = "extendedKeyUsage (2.5.29.37)"
SUBJECT_KEY = "subjectKeyIdentifier (2.5.29.14)"
AUTHORITY_KEY = "authorityKeyIdentifier (2.5.29.35)"


def lint_pem(data: bytes, at: datetime) -> list[Lint]:
    """Look at every certificate of a PEM text and how they hang together; raises KeystoreError where there is none."""
    chain = certificates.load_certificates(data, "certificate")
    found = [fault for each in chain for fault in lint(each, at)]
    for below, above in pairwise(chain):
        try:
            below.verify_directly_issued_by(above)
        except (InvalidSignature, *certificates.READ_ERRORS):
            found.append(
                Lint(_name(below), "issuer", f"is not issued by the next of the file, {_name(above)}; order it")
            )
    return found


def lint(certificate: x509.Certificate, at: datetime) -> list[Lint]:
    """Look at one certificate: an authority's by the rules for authorities, any other by those for signers."""
    name = _name(certificate)
    try:
        checks = [_fields(certificate, at), _key_identifiers(certificate)]
        checks.append(_authority(certificate) if certificates.is_authority(certificate) else _signer(certificate))
        return [Lint(name, *each) for check in checks for each in check]
    except certificates.READ_ERRORS as error:
        return [Lint(name, "extensions", f"cannot be read: {error}")]


def _fields(certificate: x509.Certificate, at: datetime) -> Iterator[tuple[str, str]]:
    if certificate.version is not x509.Version.v3:
        yield "version", "is not X.509 version 3; extensions need it"
    if not 0 < certificate.serial_number.bit_length() <= _LONGEST_SERIAL:
        yield "serialNumber", "is not a positive number of at most 20 octets"
    if not certificates.organisation(certificate):
        yield "subject", "has no organisation (2.5.4.10), which readers show as who signed"
    try:
        algorithm_of(certificate.public_key(), "subjectPublicKeyInfo")
    except KeystoreError as error:
        yield "subjectPublicKeyInfo", str(error).removeprefix("subjectPublicKeyInfo: ")
    if isinstance(certificate.signature_hash_algorithm, MD5 | SHA1):
        yield "signatureAlgorithm", f"is signed over a broken hash, {certificate.signature_hash_algorithm.name}"
    if at > certificate.not_valid_after_utc:
        yield "validity", f"expired on {certificate.not_valid_after_utc:%Y-%m-%d}"
    if at < certificate.not_valid_before_utc:
        yield "validity", f"is not valid before {certificate.not_valid_before_utc:%Y-%m-%d}"


def _key_identifiers(certificate: x509.Certificate) -> Iterator[tuple[str, str]]:
    if _extension(certificate, x509.SubjectKeyIdentifier) is None:
        yield SUBJECT_KEY, "is missing; it names the key for those below"
    own = certificate.subject == certificate.issuer
    if not own and _extension(certificate, x509.AuthorityKeyIdentifier) is None:
        yield AUTHORITY_KEY, "is missing; C2PA asks for it in every certificate that is not self-signed"


def _authority(certificate: x509.Certificate) -> Iterator[tuple[str, str]]:
    basic, usage = _extension(certificate, x509.BasicConstraints), _extension(certificate, x509.KeyUsage)
    if basic is not None and not basic.critical:
        yield BASIC, "is not marked critical, which an authority's must be"
    if usage is None:
        yield USAGE, "is missing; an authority needs keyCertSign"
    elif not usage.value.key_cert_sign:
        yield USAGE, "lacks keyCertSign, so what it issues does not count"
    yield from _unknown(certificate)


def _signer(certificate: x509.Certificate) -> Iterator[tuple[str, str]]:
    if _extension(certificate, x509.BasicConstraints) is None:
        yield BASIC, "is missing; ask for CA:FALSE"
    usage, purposes = _extension(certificate, x509.KeyUsage), _extension(certificate, x509.ExtendedKeyUsage)
    if usage is None:
        yield USAGE, "is missing; ask for digitalSignature, marked critical"
    else:
        if not usage.critical:
            yield USAGE, "is not marked critical"
        if not usage.value.digital_signature:
            yield USAGE, "lacks digitalSignature"
        if usage.value.key_cert_sign:
            yield USAGE, "has keyCertSign, which no signer's certificate may have"
    if purposes is None:
        yield PURPOSE, "is missing; ask for emailProtection (1.3.6.1.5.5.7.3.4)"
    else:
        yield from _purpose_faults([each.dotted_string for each in purposes.value])
    yield from _unknown(certificate)


def _purpose_faults(purposes: Sequence[str]) -> Iterator[tuple[str, str]]:
    if len(purposes) != 1:
        yield PURPOSE, f"has {len(purposes)} purposes ({', '.join(purposes)[:200]}); signers have exactly one"
    for each in purposes:
        if each not in _PURPOSES:
            yield PURPOSE, f"is for {each}; ask for emailProtection (1.3.6.1.5.5.7.3.4)"
        elif _PURPOSES[each]:
            yield PURPOSE, f"is for {each}: {_PURPOSES[each]}"


def _unknown(certificate: x509.Certificate) -> Iterator[tuple[str, str]]:
    known = (x509.BasicConstraints, x509.KeyUsage, x509.ExtendedKeyUsage)
    for each in certificate.extensions:
        if each.critical and not isinstance(each.value, known):
            yield each.oid.dotted_string, "is marked critical and not known here, so every check refuses it"


def _extension(certificate: x509.Certificate, kind: type[x509.ExtensionType]) -> x509.Extension | None:  # type: ignore[type-arg]
    try:
        return certificate.extensions.get_extension_for_class(kind)
    except x509.ExtensionNotFound:
        return None


def _name(certificate: x509.Certificate) -> str:
    return certificate.subject.rfc4514_string()[:200] or f"serial {certificate.serial_number}"
