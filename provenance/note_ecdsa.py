"""ECDSA signatures of notes: C2SP signed-note's type 0x02, over P-256, in one form each. For operators' keys only.

The key id is the start of the SHA-256 of the key's SPKI in DER, the signature is DER as well. Of the two signatures
that ECDSA makes of one, only the one with the smaller number counts, so that nobody but the signer can change a byte.
"""

from __future__ import annotations

import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

SPKI_BYTES = 91
"""Bytes of a P-256 key as SubjectPublicKeyInfo in DER."""

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def spki(public: EllipticCurvePublicKey) -> bytes:
    """Return the key as notes name it."""
    return public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def key_id(public: bytes) -> bytes:
    """Four bytes that a signature line names its key by; no name goes into them."""
    return hashlib.sha256(public).digest()[:4]


def sign(key: EllipticCurvePrivateKey, data: bytes) -> bytes:
    """Return the signature in its one form."""
    r, s = decode_dss_signature(key.sign(data, ECDSA(hashes.SHA256())))
    return encode_dss_signature(r, min(s, _ORDER - s))


def is_signature(data: bytes) -> bool:
    """Whether bytes have the one form of a signature, whoever made it."""
    try:
        r, s = decode_dss_signature(data)
    except ValueError:
        return False
    return 0 < r < _ORDER and 0 < s <= _ORDER // 2 and encode_dss_signature(r, s) == data


def verify(public: bytes, data: bytes, signature: bytes) -> bool:
    """Whether the signature is that of the key in SPKI form, over P-256, in its one form."""
    try:
        key = serialization.load_der_public_key(public)
        if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
            return False
        key.verify(signature, data, ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return is_signature(signature)
