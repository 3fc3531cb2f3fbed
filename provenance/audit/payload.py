"""Takes the credential out of a file again: what stays must be the payload that its entry names. Verifies nothing."""

from __future__ import annotations

import re
import struct

_PNG = b"\x89PNG\r\n\x1a\n"
_NAMESPACE = re.compile(rb' xmlns:c2pa="http://c2pa.org/manifest"')
_MANIFEST = re.compile(rb"<c2pa:manifest>[A-Za-z0-9+/=\s]*</c2pa:manifest>")
_EMPTY_METADATA = re.compile(rb"<metadata>\s*</metadata>")


def payload_candidates(data: bytes, media_type: str) -> list[bytes] | None:
    """Return what the payload may have been before a credential was embedded; None for formats not read here.

    More than one where the format leaves it open, for example an SVG that had an empty metadata element. An empty
    list: the file is not of that format.
    """
    try:
        if media_type == "image/png":
            return [_without_png_chunk(data)]
        if media_type == "image/svg+xml":
            return _without_svg_manifest(data)
        if media_type in ("audio/wav", "image/webp"):
            return [_without_riff_chunk(data)]
        if media_type in ("audio/mpeg", "audio/flac"):
            return [_without_id3_tag(data)]
    except (ValueError, struct.error, IndexError):
        return []
    return None


def _without_png_chunk(data: bytes) -> bytes:
    """Drop `caBX` chunks (C2PA 2.2, A.4.1)."""
    if not data.startswith(_PNG):
        raise ValueError("not a PNG")
    kept, at = [_PNG], len(_PNG)
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data):
            raise ValueError("chunk cut short")
        if kind != b"caBX":
            kept.append(data[at:end])
        at = end
    return b"".join(kept)


def _without_riff_chunk(data: bytes) -> bytes:
    """Drop the `C2PA` chunk of a RIFF file (C2PA 2.2, A.4.2), which stands last, and mend the file's length."""
    if not data.startswith(b"RIFF"):
        raise ValueError("not a RIFF file")
    kept, at = [data[8:12]], 12
    while at < len(data):
        kind, length = struct.unpack_from("<4sI", data, at)
        end = at + 8 + length + (length & 1)
        if kind != b"C2PA":
            kept.append(data[at:end])
        at = end
    body = b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _without_id3_tag(data: bytes) -> bytes:
    """Drop the ID3v2 tag (C2PA 2.2, A.3.4) in front; the sounds that Worldloom makes have none of their own."""
    if not data.startswith(b"ID3") or len(data) < 10:
        raise ValueError("no ID3 tag")
    size = sum((byte & 0x7F) << shift for byte, shift in zip(data[6:10], (21, 14, 7, 0), strict=True))
    return data[10 + size :]


def _without_svg_manifest(data: bytes) -> list[bytes]:
    """Drop the `c2pa:manifest` element, its namespace, and the metadata element made for it (C2PA 2.2, A.4.3)."""
    bare = _MANIFEST.sub(b"", data, count=1)
    plain = _NAMESPACE.sub(b"", bare, count=1)
    return [bare, plain, _EMPTY_METADATA.sub(b"", plain, count=1)]
