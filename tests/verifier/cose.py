"""Checks the COSE_Sign1 of a claim: shape, padding, signature. Trust in the certificate is chain.py's job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import cbor2
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from .manifest import decode
from .result import MalformedError

ALG, X5CHAIN, EDDSA, ES256 = 1, 33, -8, -7


@dataclass(frozen=True)
class Sign1:
    """A read COSE_Sign1 without payload: certificates leaf first."""

    protected: bytes
    algorithm: int
    chain: tuple[x509.Certificate, ...]
    unprotected: Mapping[Any, Any]
    signature: bytes
    one_form: bool


def read_sign1(data: bytes, where: str) -> Sign1:
    """The tagged structure; MalformedError when a part is missing or of the wrong kind."""
    value = decode(data, where)
    parts = value.value if isinstance(value, cbor2.CBORTag) and value.tag == 18 else None
    if not isinstance(parts, list | tuple) or len(parts) != 4:
        raise MalformedError(f"{where}: not a COSE_Sign1")
    protected, unprotected, payload, signature = parts
    if not isinstance(protected, bytes) or not isinstance(signature, bytes) or payload is not None:
        raise MalformedError(f"{where}: COSE_Sign1 with a payload of its own or broken parts")
    headers = decode(protected, f"{where} protected headers")
    if not isinstance(headers, dict) or set(headers) != {ALG, X5CHAIN}:
        raise MalformedError(f"{where}: protected headers are not algorithm and certificates")
    ders = headers[X5CHAIN] if isinstance(headers[X5CHAIN], list | tuple) else [headers[X5CHAIN]]
    try:
        chain = tuple(x509.load_der_x509_certificate(der) for der in ders)
    except (ValueError, TypeError) as error:
        raise MalformedError(f"{where}: certificate cannot be read ({error})") from error
    if not chain or not isinstance(unprotected, Mapping):
        raise MalformedError(f"{where}: no certificates, or unprotected headers that are no map")
    return Sign1(protected, headers[ALG], chain, unprotected, signature, cbor2.dumps(value) == data)


def hidden_bytes(sign1: Sign1) -> list[str]:
    """What nobody signed and yet could say something: padding, unknown headers, loose encoding."""
    found = [] if sign1.one_form else ["COSE_Sign1 is not in its one encoding"]
    for name, value in sign1.unprotected.items():
        if name not in ("pad", "pad2"):
            found.append(f"unprotected header {name!r}")
        elif not isinstance(value, bytes) or any(value):
            found.append(f"{name} is not all zeros")
    return found


def signature_holds(sign1: Sign1, claim: bytes) -> bool:
    """Whether the leaf's key signed this claim; MalformedError when key and algorithm do not match."""
    message = cbor2.dumps(["Signature1", sign1.protected, b"", claim])
    key = sign1.chain[0].public_key()
    try:
        if sign1.algorithm == EDDSA and isinstance(key, Ed25519PublicKey):
            key.verify(sign1.signature, message)
            return True
        if sign1.algorithm == ES256 and isinstance(key, EllipticCurvePublicKey):
            return es256_holds(key, sign1.signature, message)
    except InvalidSignature:
        return False
    raise MalformedError(f"algorithm {sign1.algorithm} with a {type(key).__name__}")


def es256_holds(key: EllipticCurvePublicKey, signature: bytes, message: bytes) -> bool:
    """ES256 in the 64-byte r||s form; InvalidSignature when it does not hold."""
    if not isinstance(key.curve, SECP256R1) or len(signature) != 64:
        raise InvalidSignature
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    key.verify(encode_dss_signature(r, s), message, ECDSA(hashes.SHA256()))
    return True
