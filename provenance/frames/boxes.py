"""The box of an ISO base media file that holds its credential (C2PA 2.2, A.5), and the boxes that no hash covers."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from worldloom.provenance.errors import FormatError
from worldloom.provenance.sections import length

from .difference import difference

_UUID = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
_PURPOSE = b"\0\0\0\0manifest\0" + bytes(8)
"""Version and flags, what the box is for, and that no box with Merkle trees follows."""
_HASH_LEAVES_OUT = frozenset({b"ftyp", b"mfra", b"free", b"skip"})
"""Types of outer boxes that `c2pa.hash.bmff` does not cover (C2PA 2.2, A.5.4)."""


class Box(NamedTuple):
    """An outer box: its type, and where it starts and ends in the file."""

    kind: bytes
    start: int
    end: int


def box_faults(stream: BinaryIO, store: bytes) -> Iterator[str]:
    """Say where the box of the credential differs from how the SDK writes it, or where a second one lies."""
    boxes = list(_outer(stream))
    own = [box for box in boxes if box.kind == b"uuid" and _read(stream, box.start + 8, 16) == _UUID]
    if len(own) != 1:
        yield f"the file has {len(own)} boxes for a credential"
        return
    if boxes[boxes.index(own[0]) - 1].kind != b"ftyp":
        yield "the credential's box does not follow `ftyp`"
    body = _UUID + _PURPOSE + store
    yield from difference(stream, own[0].start, struct.pack(">I4s", 8 + len(body), b"uuid") + body)


def left_out_of_boxes(stream: BinaryIO) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each box that no hash covers but the credential's; raises FormatError."""
    return ((box.start, box.end) for box in _outer(stream) if box.kind in _HASH_LEAVES_OUT)


def _outer(stream: BinaryIO) -> Iterator[Box]:
    size, at = length(stream), 0
    while at < size:
        head = _read(stream, at, 16)
        held, kind = struct.unpack(">I4s", head[:8]) if len(head) >= 8 else (0, b"")
        if held == 1 and len(head) == 16:
            (held,) = struct.unpack(">Q", head[8:])
        elif held == 0 and kind:
            held = size - at  # the last box may leave its length to the file's
        if held < 8 or held > size - at:
            raise FormatError(f"the box at byte {at:,} claims {held:,} bytes; is this a whole MP4 file?")
        yield Box(kind, at, at + held)
        at += held


def _read(stream: BinaryIO, at: int, count: int) -> bytes:
    stream.seek(at, io.SEEK_SET)
    return stream.read(count)
