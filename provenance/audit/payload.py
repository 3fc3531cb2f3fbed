"""Takes the credential out of a file again: what stays must be the payload that its entry names. Verifies nothing."""

from __future__ import annotations

import hashlib
import io
import re
import struct
from collections.abc import Iterable, Sequence
from typing import BinaryIO

from worldloom.provenance.sections import length, pieces

_PNG = b"\x89PNG\r\n\x1a\n"
_NAMESPACE = re.compile(rb' xmlns:c2pa="http://c2pa.org/manifest"')
_MANIFEST = re.compile(rb"<c2pa:manifest>[A-Za-z0-9+/=\s]*</c2pa:manifest>")
_EMPTY_METADATA = re.compile(rb"<metadata>\s*</metadata>")
_LARGEST_SVG = 64 << 20
_MOST_CHUNKS = 1_000_000

Span = bytes | tuple[int, int]
"""Bytes, or where bytes of a file begin and end."""


def payload_candidates(data: bytes, media_type: str) -> list[bytes] | None:
    """Return what the payload may have been before a credential was embedded; None for formats not read here.

    More than one where the format leaves it open, for example an SVG that had an empty metadata element. An empty
    list: the file is not of that format.
    """
    found = _spans(io.BytesIO(data), media_type)
    if found is None:
        return None
    return [b"".join(span if isinstance(span, bytes) else data[slice(*span)] for span in spans) for spans in found]


def payload_digests(stream: BinaryIO, media_type: str) -> list[str] | None:
    """Return the hex SHA-256 of each, of a file that need not fit into memory."""
    found = _spans(stream, media_type)
    return None if found is None else [_digest(stream, spans) for spans in found]


def _digest(stream: BinaryIO, spans: Iterable[Span]) -> str:
    digest = hashlib.sha256()
    for span in spans:
        if isinstance(span, bytes):
            digest.update(span)
            continue
        stream.seek(span[0])
        for piece in pieces(stream, span[1] - span[0]):
            digest.update(piece)
    return digest.hexdigest()


def _spans(stream: BinaryIO, media_type: str) -> Sequence[Sequence[Span]] | None:
    size = length(stream)
    try:
        if media_type == "image/png":
            return [_without_png_chunk(stream, size)]
        if media_type == "image/svg+xml":
            return _without_svg_manifest(stream, size)
        if media_type in ("audio/wav", "image/webp"):
            return [_without_riff_chunk(stream, size)]
        if media_type in ("audio/mpeg", "audio/flac"):
            return [_without_id3_tag(stream, size)]
    except (ValueError, struct.error, IndexError):
        return []
    return None


def _without_png_chunk(stream: BinaryIO, size: int) -> list[Span]:
    """Drop `caBX` chunks (C2PA 2.2, A.4.1)."""
    if stream.read(len(_PNG)) != _PNG:
        raise ValueError("not a PNG")
    kept: list[Span] = [(0, len(_PNG))]
    at = len(_PNG)
    while at < size:
        stream.seek(at)
        held, kind = struct.unpack(">I4s", stream.read(8))
        end = at + 12 + held
        if end > size:
            raise ValueError("chunk cut short")
        if kind != b"caBX":
            _keep(kept, at, end)
        at = end
    return kept


def _without_riff_chunk(stream: BinaryIO, size: int) -> list[Span]:
    """Drop the `C2PA` chunk of a RIFF file (C2PA 2.2, A.4.2), which stands last, and mend the file's length."""
    if stream.read(4) != b"RIFF":
        raise ValueError("not a RIFF file")
    kept: list[Span] = [(8, 12)]
    at = 12
    while at < size:
        stream.seek(at)
        kind, held = struct.unpack("<4sI", stream.read(8))
        end = at + 8 + held + (held & 1)
        if kind != b"C2PA":
            _keep(kept, at, min(end, size))
        at = end
    body = sum(span[1] - span[0] for span in kept if isinstance(span, tuple))
    return [b"RIFF" + struct.pack("<I", body), *kept]


def _keep(kept: list[Span], start: int, end: int) -> None:
    """Keep another part of the file, joined to the last where it follows it."""
    last = kept[-1]
    if isinstance(last, tuple) and last[1] == start:
        kept[-1] = (last[0], end)
    elif len(kept) < _MOST_CHUNKS:
        kept.append((start, end))
    else:
        raise ValueError("more chunks than are followed")


def _without_id3_tag(stream: BinaryIO, size: int) -> list[Span]:
    """Drop the ID3v2 tag (C2PA 2.2, A.3.4) in front; the sounds that Worldloom makes have none of their own."""
    head = stream.read(10)
    if not head.startswith(b"ID3") or len(head) < 10:
        raise ValueError("no ID3 tag")
    tag = sum((byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))
    return [(min(10 + tag, size), size)]


def _without_svg_manifest(stream: BinaryIO, size: int) -> list[list[Span]]:
    """Drop the `c2pa:manifest` element, its namespace, and the metadata element made for it (C2PA 2.2, A.4.3)."""
    if size > _LARGEST_SVG:
        raise ValueError("larger than any SVG that is read")
    bare = _MANIFEST.sub(b"", stream.read(), count=1)
    plain = _NAMESPACE.sub(b"", bare, count=1)
    return [[bare], [plain], [_EMPTY_METADATA.sub(b"", plain, count=1)]]
