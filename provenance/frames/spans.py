"""The form in which the C2PA SDK writes a manifest store into the formats whose hash leaves out one span of bytes.

Each function returns the bytes of that span. Not for MP4 (`boxes`) and ZIP (`archive`), whose hashes work otherwise.
"""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Callable, Mapping

_APP11 = b"\xff\xeb"
_IDENTIFIER, _INSTANCE = b"JP", 0x0211
_SEGMENT = 64_000
"""Bytes of a store that the SDK puts into one segment of a JPEG file."""
_BOX_HEADER = 8
_BEFORE_BODY = 10
"""Bytes of a segment that its length counts besides the body: itself, identifier, instance and sequence number."""


def _png(store: bytes) -> bytes:
    """The chunk `caBX` (C2PA 2.2, A.3.2), its check sum included."""
    chunk = b"caBX" + store
    return struct.pack(">I", len(store)) + chunk + struct.pack(">I", zlib.crc32(chunk))


def _jpeg(store: bytes) -> bytes:
    """The APP11 segments (C2PA 2.2, A.3.1; ISO 19566-5, D): all but the first repeat the store's box header."""
    written = bytearray()
    for number, at in enumerate(range(0, len(store), _SEGMENT), 1):
        body = (store[:_BOX_HEADER] if at else b"") + store[at : at + _SEGMENT]
        written += _APP11 + struct.pack(">H", _BEFORE_BODY + len(body)) + _IDENTIFIER
        written += struct.pack(">HI", _INSTANCE, number) + body
    return bytes(written)


def _riff(store: bytes) -> bytes:
    """The chunk `C2PA` (C2PA 2.2, A.3.6); the byte that makes its length even is hashed."""
    return b"C2PA" + struct.pack("<I", len(store)) + store


SPANS: Mapping[str, Callable[[bytes], bytes]] = {
    "image/png": _png,
    "image/jpeg": _jpeg,
    "image/webp": _riff,
    "audio/wav": _riff,
    "image/svg+xml": base64.b64encode,
    # In these three the hash covers all that is around the store.
    "audio/flac": bytes,
    "audio/mpeg": bytes,
    "application/pdf": bytes,
}
"""What stands in the one span that the hash leaves out, by media type."""
