"""SHA-256 digests, each with the prefix of what it digests, so that no bytes can pass for two things."""

from __future__ import annotations

import hashlib
from typing import Any

from .canonical import canonical
from .errors import FormatError

SIZE = 32
"""Bytes in a digest."""

NONE = bytes(SIZE)
"""Stands where there is no digest (docs/formats.md, Entries)."""

CONTENT = b"worldloom/content/1\n"
EVIDENCE = b"worldloom/evidence/1\n"
ARTIFACT = b"worldloom/artifact/1\n"
REQUEST = b"worldloom/request/1\n"
ANSWER = b"worldloom/answer/1\n"
PROMPT = b"worldloom/prompt/1\n"
STATE = b"worldloom/state/1\n"


def digest_bytes(domain: bytes, data: bytes) -> bytes:
    """SHA-256 of the domain prefix and the data."""
    return hashlib.sha256(domain + data).digest()


def digest_json(domain: bytes, value: Any) -> bytes:
    """SHA-256 of the domain prefix and the value's canonical form; raises CanonicalError."""
    return digest_bytes(domain, canonical(value))


def file_digest(data: bytes) -> bytes:
    """Plain SHA-256, as `sha256sum` prints it: for whole files and payloads."""
    return hashlib.sha256(data).digest()


def from_hex(text: str) -> bytes:
    """Read a digest from 64 lower-case hexadecimal digits; raises FormatError."""
    if len(text) != 2 * SIZE or not set(text) <= set("0123456789abcdef"):
        raise FormatError(f"{text[:80]!r} is not a SHA-256 digest: expected 64 lower-case hexadecimal digits")
    return bytes.fromhex(text)
