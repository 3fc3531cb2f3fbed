"""Finds the manifest store in the ID3v2 tag before an MP3 or FLAC stream (C2PA 2.2, A.3.4). Does not read it."""

from __future__ import annotations

from .carried import Carried, only
from .result import MalformedError

HEADER = 10
SAFE = 0x80
STREAMS = {"audio/mpeg": (b"\xff", b"ID3"), "audio/flac": (b"fLaC",)}
OBJECT = b"\3application/c2pa\0c2pa\0c2pa manifest store\0"


def safe_size(data: bytes) -> int:
    """A number of four bytes with seven bits each; MalformedError when an eighth is set."""
    if len(data) != 4 or any(byte & SAFE for byte in data):
        raise MalformedError("ID3 size with an eighth bit set")
    return sum(byte << shift for byte, shift in zip(data, (21, 14, 7, 0), strict=True))


def from_sound(data: bytes, media_type: str) -> Carried:
    """The GEOB frame of the tag; after the frames only zeros, after the tag a stream of the right kind."""
    if data[:6] != b"ID3\x04\0\0":
        raise MalformedError("no ID3v2.4 tag without flags")
    end = HEADER + safe_size(data[6:10])
    if end > len(data) or not data[end:].startswith(STREAMS[media_type]):
        raise MalformedError(f"no {media_type} after the ID3 tag")
    found, at = [], HEADER
    while at < end and data[at : at + 4] != b"\0\0\0\0":
        size = safe_size(data[at + 4 : at + 8])
        start, stop = at + HEADER, at + HEADER + size
        if stop > end or data[at + 8 : at + 10] != b"\0\0":
            raise MalformedError(f"ID3 frame at {at} runs past the tag or has flags")
        if data[at : at + 4] == b"GEOB" and data[start:stop].startswith(OBJECT):
            body = start + len(OBJECT)
            found.append(Carried(data[body:stop], (body, stop - body)))
        at = stop
    if any(data[at:end]):
        raise MalformedError("bytes hidden after the ID3 frames")
    return only(found, "GEOB frames of type application/c2pa")
