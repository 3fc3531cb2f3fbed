"""C2SP vkeys: one line of text for a public key, as verifiers of logs take it. Not for deciding whose key to trust."""

from __future__ import annotations

import base64

from . import cosignature
from .cosignature import Cosigner
from .digests import SIZE
from .errors import FormatError
from .note import NoteVerifier, from_base64

_ED25519 = 1
_EXAMPLE = "a line such as example.com/log+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"


def vkey(key: NoteVerifier | Cosigner) -> str:
    """Return the key as `<name>+<key id in hex>+<base64 of type and key>`."""
    type_ = cosignature.ALGORITHM if isinstance(key, Cosigner) else _ED25519
    return f"{key.name}+{key.key_id.hex()}+{base64.b64encode(bytes((type_,)) + key.public).decode()}"


def parse_vkey(text: str) -> NoteVerifier | Cosigner:
    """Read a vkey of a log (type 1) or of a witness (type 4); raises FormatError."""
    pieces = text.strip().split("+", 2)
    if len(pieces) != 3:
        raise FormatError(f"{text[:80]!r} is no verifier key; expected {_EXAMPLE}")
    name, key_id, encoded = pieces
    data = from_base64(encoded)
    if len(data) != 1 + SIZE or data[0] not in (_ED25519, cosignature.ALGORITHM):
        raise FormatError(f"verifier key {name[:80]!r}: is of a type other than Ed25519 (1) and cosignature/v1 (4)")
    key = NoteVerifier(name, data[1:]) if data[0] == _ED25519 else Cosigner(name, data[1:])
    if vkey(key) != text.strip():
        raise FormatError(f"verifier key {name[:80]!r}: its key id {key_id[:80]!r} is not {key.key_id.hex()}")
    return key
