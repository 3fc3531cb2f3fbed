"""DSSE envelopes (Dead Simple Signing Envelope 1.0) with one signature. Whose key to trust is not decided here.

The JSON has one byte form (docs/formats.md). Each signature brings the certificates of its key in a field of its own,
`cert`, which DSSE lets readers pass over.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from . import certificates
from .canonical import canonical, parse_canonical
from .errors import CanonicalError, FormatError, KeystoreError
from .note import from_base64
from .operator_file import Operator

IN_TOTO = "application/vnd.in-toto+json"
"""Payload type of in-toto statements."""

MAX_BYTES = 1_000_000
"""Of an envelope; what is longer is none."""

_FIELDS = {"payloadType", "payload", "signatures"}
_SIGNATURE = {"keyid", "sig", "cert"}


@dataclass(frozen=True)
class Envelope:
    """A payload with its type, the signature over both, and PEM certificates of the key that made it, its own first."""

    payload_type: str
    payload: bytes
    signature: bytes = field(repr=False)
    chain_pem: bytes = field(repr=False)

    @property
    def holds(self) -> bool:
        """Whether the first certificate's key made the signature; raises KeystoreError for an odd certificate."""
        (leaf, *_) = certificates.load_certificates(self.chain_pem, "envelope")
        said = pre_authentication(self.payload_type, self.payload)
        try:
            key = leaf.public_key()
            if isinstance(key, Ed25519PublicKey):
                key.verify(self.signature, said)
            elif isinstance(key, EllipticCurvePublicKey):
                key.verify(self.signature, said, ECDSA(hashes.SHA256()))
            else:
                return False
        except (InvalidSignature, *certificates.READ_ERRORS):
            return False
        return True

    def encode(self) -> bytes:
        """Return the file's bytes, canonical JSON."""
        leaf = certificates.load_certificates(self.chain_pem, "envelope")[0]
        signature = {
            "keyid": certificates.fingerprint(leaf),
            "sig": base64.b64encode(self.signature).decode(),
            "cert": self.chain_pem.decode("ascii"),
        }
        payload = base64.b64encode(self.payload).decode()
        return canonical({"payloadType": self.payload_type, "payload": payload, "signatures": [signature]})

    @classmethod
    def decode(cls, data: bytes) -> Envelope:
        """Read an envelope in its one byte form; raises FormatError."""
        if len(data) > MAX_BYTES:
            raise FormatError(f"envelope: has {len(data)} bytes; {MAX_BYTES} are the most")
        try:
            said = parse_canonical(data)
            envelope = cls(*_fields(said))
            if envelope.encode() != data:
                raise FormatError("envelope: not in its one byte form")
        except (CanonicalError, KeystoreError, UnicodeError) as error:
            raise FormatError(f"envelope: {error}") from error
        return envelope


def seal_envelope(payload_type: str, payload: bytes, operator: Operator) -> Envelope:
    """Return the payload with the operator's signature."""
    signature = operator.sign(pre_authentication(payload_type, payload))
    return Envelope(payload_type, payload, signature, operator.chain_pem)


def pre_authentication(payload_type: str, payload: bytes) -> bytes:
    """Return the bytes that are signed (DSSE protocol, PAE)."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def _fields(said: Any) -> tuple[str, bytes, bytes, bytes]:
    if not isinstance(said, dict) or set(said) != _FIELDS or not isinstance(said["signatures"], list):
        raise FormatError(f"envelope: has the fields {', '.join(sorted(_FIELDS))}")
    if len(said["signatures"]) != 1 or not isinstance(said["signatures"][0], dict):
        raise FormatError("envelope: has one signature")
    signature = said["signatures"][0]
    texts = [said["payloadType"], said["payload"], *signature.values()]
    if set(signature) != _SIGNATURE or not all(isinstance(text, str) for text in texts):
        raise FormatError(f"envelope: a signature has the fields {', '.join(sorted(_SIGNATURE))}, all of them text")
    return said["payloadType"], from_base64(said["payload"]), from_base64(signature["sig"]), signature["cert"].encode()
