"""The one place where tests issue certificates of their own: good ones, and ones with exactly the faults asked for.

pyproject.toml puts this folder on pytest's path. Worldloom's own certificates are `provenance/certificates.py`'s.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

Key = ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey
EMAIL = ExtendedKeyUsageOID.EMAIL_PROTECTION
Extensions = Iterable[tuple[x509.ExtensionType, bool]]
"""Each with whether it is critical."""


@dataclass(frozen=True)
class Holder:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: Key

    @property
    def pem(self) -> bytes:
        return pem(self.certificate)


def pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def name_of(common: str, organisation: str = "") -> x509.Name:
    found = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation)] if organisation else []
    return x509.Name([*found, x509.NameAttribute(NameOID.COMMON_NAME, common)])


def key_usage(*, sign: bool = False, certify: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(sign, False, False, False, False, certify, certify, False, False)


def issue(
    name: str,
    issuer: Holder | None,
    key: Key,
    *,
    authority: bool,
    organisation: str = "Verifier tests",
    purpose: ObjectIdentifier = EMAIL,
    critical_purpose: bool = False,
    days: int = 3650,
    room: int | None = None,
) -> Holder:
    """A certificate for `key` as C2PA wants it, signed by `issuer` or by itself; valid from yesterday."""
    subject, signing = name_of(name, organisation), issuer.key if issuer else key
    extensions: list[tuple[x509.ExtensionType, bool]] = [
        (x509.BasicConstraints(authority, room), True),
        (key_usage(sign=not authority, certify=authority), True),
        (x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), False),
    ]
    if not authority:
        extensions.append((x509.ExtendedKeyUsage([purpose]), critical_purpose))
    start = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    above = issuer.certificate.subject if issuer else subject
    made = exactly(subject, key.public_key(), above, signing, extensions, start, start + dt.timedelta(days=days))
    return Holder(made, key)


def exactly(
    subject: x509.Name,
    public: ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey,
    issuer: x509.Name,
    signing: Key,
    extensions: Extensions,
    start: dt.datetime,
    end: dt.datetime,
) -> x509.Certificate:
    """A certificate with these extensions and no others, whatever they say."""
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(public)
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(start).not_valid_after(end)
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(signing, None if isinstance(signing, ed25519.Ed25519PrivateKey) else hashes.SHA256())
