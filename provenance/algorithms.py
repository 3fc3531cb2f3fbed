"""Signature algorithms of signing keys: Ed25519, and ES256 on demand; keys that live elsewhere. No certificates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from .errors import KeystoreError

ED25519, ES256 = "ed25519", "es256"
ALGORITHMS = (ED25519, ES256)
"""What signs credentials here; notes (log, SEAL) are signed with Ed25519 always (C2SP signed-note)."""

PrivateKey = Ed25519PrivateKey | EllipticCurvePrivateKey
PublicKey = Ed25519PublicKey | EllipticCurvePublicKey

_HALF = 32


@dataclass(frozen=True)
class OutsideKey:
    """A key that never enters this process: in a hardware module or a key service.

    `sign` gives the signature of bytes as COSE has it: 64 bytes, of Ed25519 or r and s of ES256 (RFC 9053).
    """

    algorithm: str
    public: PublicKey
    sign: Callable[[bytes], bytes] = field(repr=False)


def generate(algorithm: str) -> PrivateKey:
    """Make a key; raises KeystoreError for an algorithm that is not used here."""
    if algorithm == ED25519:
        return Ed25519PrivateKey.generate()
    if algorithm == ES256:
        return generate_private_key(SECP256R1())
    raise KeystoreError(f"algorithm {algorithm[:80]!r}: use one of {', '.join(ALGORITHMS)}")


def algorithm_of(public: object, where: str) -> str:
    """Return the algorithm of a public key; raises KeystoreError for another kind of key."""
    if isinstance(public, Ed25519PublicKey):
        return ED25519
    if isinstance(public, EllipticCurvePublicKey) and isinstance(public.curve, SECP256R1):
        return ES256
    raise KeystoreError(f"{where}: holds a {type(public).__name__}; use an Ed25519 or a P-256 key")


def known(public: object, where: str) -> PublicKey:
    """Return the public key if it is of an algorithm that is used here; raises KeystoreError."""
    algorithm_of(public, where)
    return cast("PublicKey", public)


def issuing_hash(key: PrivateKey) -> hashes.SHA256 | None:
    """Return the hash that a certificate is signed over with this key; None for Ed25519, which has its own."""
    return None if isinstance(key, Ed25519PrivateKey) else hashes.SHA256()


def sign_with(key: PrivateKey | OutsideKey, data: bytes) -> bytes:
    """Return the signature as COSE has it, 64 bytes."""
    if isinstance(key, OutsideKey):
        return key.sign(data)
    if isinstance(key, Ed25519PrivateKey):
        return key.sign(data)
    r, s = decode_dss_signature(key.sign(data, ECDSA(hashes.SHA256())))
    return r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big")


def holds(public: PublicKey, signature: bytes, data: bytes) -> bool:
    """Whether a signature as COSE has it is that key's over the data."""
    try:
        if isinstance(public, Ed25519PublicKey):
            public.verify(signature, data)
        else:
            r, s = (int.from_bytes(half, "big") for half in (signature[:_HALF], signature[_HALF:]))
            public.verify(encode_dss_signature(r, s), data, ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return len(signature) == 2 * _HALF


def public_of(key: PrivateKey | OutsideKey) -> PublicKey:
    """Return the public half."""
    return key.public if isinstance(key, OutsideKey) else key.public_key()


def private_pem(key: PrivateKey, secret: bytes | None = None) -> bytes:
    """Return the key as PEM, locked with a passphrase where one is given."""
    cipher = serialization.BestAvailableEncryption(secret) if secret else serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, cipher)


def load_private(data: bytes, secret: bytes | None, where: str) -> PrivateKey:
    """Read a PEM key; raises KeystoreError for what is none, or none of these algorithms."""
    try:
        key = serialization.load_pem_private_key(data, secret)
    except Exception as error:  # wrong passphrase, garbage and unsupported keys come as several types
        raise KeystoreError(f"{where}: the key cannot be read ({type(error).__name__})") from None
    if not isinstance(key, Ed25519PrivateKey | EllipticCurvePrivateKey):
        raise KeystoreError(f"{where}: holds a {type(key).__name__}; use an Ed25519 or a P-256 key")
    algorithm_of(key.public_key(), where)
    return key
