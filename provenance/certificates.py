"""X.509 certificates of the C2PA profile: making and reading them. Not for judging a chain, which is `trust`.

Three levels: the operator's self-signed root (thirty years), a run's authority (made at every start), and one leaf
for each signing key (ten years: credentials without a timestamp fall with their certificate). An operator whose root
stays offline has a fourth between the first two: an issuing authority of twenty years. Keys are Ed25519 or P-256.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from . import note_ecdsa
from .algorithms import PrivateKey, PublicKey, issuing_hash
from .errors import KeystoreError

ROOT_LIFE = timedelta(days=30 * 365 + 8)
ISSUING_LIFE = timedelta(days=20 * 365 + 5)
LEAF_LIFE = timedelta(days=10 * 365 + 3)
ISSUING_LEVELS = 2
"""Levels of authorities below a root that stays offline: the issuing one and a run's."""

BACKDATED = timedelta(minutes=10)
"""How far before its making a certificate is valid, for readers whose clock is behind."""

PURPOSE = ExtendedKeyUsageOID.EMAIL_PROTECTION
"""The one extended key usage that C2PA readers take without settings (C2PA 2.2, section 14.5.1)."""

DER = serialization.Encoding.DER

READ_ERRORS = (ValueError, TypeError, x509.InvalidVersion, x509.DuplicateExtension, UnsupportedAlgorithm)
"""What reading a hostile certificate raises, at once or when a part of it is asked for."""

_ORGANISATION = re.compile(r"[^\x00-\x1f\x7f]{1,64}\Z")
_FIRST_TIME = datetime(1970, 1, 1, tzinfo=UTC)


def root_certificate(key: Ed25519PrivateKey, organisation: str, now: datetime, *, levels: int = 1) -> x509.Certificate:
    """Make an operator's self-signed root, which may have so many levels of authorities below it."""
    _check_organisation(organisation)
    subject = _subject(organisation, common="Worldloom operator")
    builder = _builder(subject, subject, key.public_key(), key.public_key(), now - BACKDATED, now + ROOT_LIFE)
    return _authority(builder, path_length=levels).sign(key, None)


def issuing_certificate(
    public: PublicKey, organisation_: str, issuer: x509.Certificate, key: PrivateKey, now: datetime
) -> x509.Certificate:
    """Make the certificate of an operator's issuing authority, under a root that stays offline."""
    _check_organisation(organisation_)
    room = issuer.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length
    if room is not None and room < ISSUING_LEVELS:
        raise KeystoreError(
            f"the root of {organisation(issuer)!r} has room for {room} levels of authorities below it, and this needs "
            f"{ISSUING_LEVELS}; make one with `worldloom keys init --offline`"
        )
    subject = _subject(organisation_, common="Worldloom issuing authority")
    start, end = _span(issuer, now, ISSUING_LIFE)
    builder = _builder(subject, issuer.subject, public, key.public_key(), start, end)
    return _authority(builder, path_length=1).sign(key, issuing_hash(key))


def run_authority_certificate(
    public: PublicKey, run_id: str, part: int, issuer: x509.Certificate, key: PrivateKey, now: datetime
) -> x509.Certificate:
    """Make the certificate of a run's authority, which may issue leaves only; raises KeystoreError as `_span` does."""
    subject = _subject(organisation(issuer), unit=run_id, common=f"ca-{part}")
    builder = _builder(subject, issuer.subject, public, key.public_key(), *_span(issuer, now))
    return _authority(builder, path_length=0).sign(key, issuing_hash(key))


def leaf_certificate(
    public: PublicKey, role: str, part: int, issuer: x509.Certificate, key: PrivateKey, now: datetime
) -> x509.Certificate:
    """Make a signing certificate as C2PA wants it: digital signature (critical), one purpose, key identifiers."""
    subject = _subject(organisation(issuer), unit=unit(issuer), common=f"{role}-{part}")
    builder = _builder(subject, issuer.subject, public, key.public_key(), *_span(issuer, now))
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(authority=False), critical=True)
    return builder.add_extension(x509.ExtendedKeyUsage([PURPOSE]), critical=False).sign(key, issuing_hash(key))


def pem(certificate: x509.Certificate) -> bytes:
    """Return the certificate as PEM text."""
    return certificate.public_bytes(serialization.Encoding.PEM)


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate, in hexadecimal digits."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def load_certificates(data: bytes, where: str) -> list[x509.Certificate]:
    """Read every certificate of a PEM text; raises KeystoreError naming `where` when one is broken or none is there."""
    try:
        return x509.load_pem_x509_certificates(data)
    except READ_ERRORS as error:
        raise KeystoreError(f"{where}: no certificate in PEM form ({error}); export it anew from its owner") from None


def pem_of_der(chain: Sequence[bytes]) -> bytes:
    """Return certificates given as DER in PEM, in order; raises KeystoreError when one cannot be read."""
    try:
        return b"".join(pem(x509.load_der_x509_certificate(each)) for each in chain)
    except READ_ERRORS as error:
        raise KeystoreError(f"a certificate of the chain cannot be read ({error})") from None


def raw_public(certificate: x509.Certificate, where: str) -> bytes:
    """Return the 32 bytes of a certificate's Ed25519 key; raises KeystoreError for another kind of key."""
    try:
        key = certificate.public_key()
    except READ_ERRORS as error:
        raise KeystoreError(f"{where}: its key cannot be read ({error})") from None
    if not isinstance(key, Ed25519PublicKey):
        raise KeystoreError(f"{where}: holds a {type(key).__name__}; Worldloom's keys are Ed25519")
    return key.public_bytes_raw()


def note_public(certificate: x509.Certificate, where: str) -> bytes:
    """Return an operator's key as `note.NoteVerifier` takes it: Ed25519 or P-256; raises KeystoreError for another."""
    try:
        key = certificate.public_key()
    except READ_ERRORS as error:
        raise KeystoreError(f"{where}: its key cannot be read ({error})") from None
    if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1):
        return note_ecdsa.spki(key)
    return raw_public(certificate, where)


def organisation(certificate: x509.Certificate) -> str:
    """The subject's organisation, `""` where it has none."""
    return _attribute(certificate, NameOID.ORGANIZATION_NAME)


def unit(certificate: x509.Certificate) -> str:
    """The subject's organisational unit: of a run's certificates the run id."""
    return _attribute(certificate, NameOID.ORGANIZATIONAL_UNIT_NAME)


def common_name(certificate: x509.Certificate) -> str:
    """The subject's common name: of a run's certificates role and part, such as `conductor-1`."""
    return _attribute(certificate, NameOID.COMMON_NAME)


def is_authority(certificate: x509.Certificate) -> bool:
    """Whether the certificate says that it may issue others."""
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (x509.ExtensionNotFound, *READ_ERRORS):
        return False


def _attribute(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> str:
    found = certificate.subject.get_attributes_for_oid(oid)
    return str(found[0].value) if found else ""


def _subject(organisation: str, *, common: str, unit: str = "") -> x509.Name:
    attributes = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation)]
    if unit:
        attributes.append(x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit))
    return x509.Name([*attributes, x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _check_organisation(name: str) -> None:
    if not _ORGANISATION.match(name):
        raise KeystoreError(f"organisation {name[:80]!r}: use 1 to 64 characters without control characters")


def _span(issuer: x509.Certificate, now: datetime, life: timedelta = LEAF_LIFE) -> tuple[datetime, datetime]:
    """So long from now, within the issuer's own time; raises KeystoreError when that is not now."""
    if not issuer.not_valid_before_utc <= now < issuer.not_valid_after_utc:
        raise KeystoreError(
            f"certificate of {organisation(issuer)!r} is valid from {issuer.not_valid_before_utc:%Y-%m-%d} to "
            f"{issuer.not_valid_after_utc:%Y-%m-%d}, and now is {now:%Y-%m-%d}; check the clock, or move the "
            "keystore's operator file away to begin with a new operator"
        )
    start = max(now - BACKDATED, issuer.not_valid_before_utc, _FIRST_TIME)
    return start, min(now + life, issuer.not_valid_after_utc)


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    public: PublicKey,
    issuing: PublicKey,
    start: datetime,
    end: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuing), critical=False)
    )


def _authority(builder: x509.CertificateBuilder, path_length: int) -> x509.CertificateBuilder:
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
    return builder.add_extension(_usage(authority=True), critical=True)


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )
