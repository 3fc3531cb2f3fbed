"""Finds the manifest store in an ISO base media file (C2PA 2.2, A.5) and hashes its boxes. Knows no fragments."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping
from typing import Any

from .carried import Carried, TopBox, only
from .result import MalformedError

C2PA_UUID = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
LEFT_OUT = (b"ftyp", b"mfra", b"free", b"skip")
EMPTY = b"\0\0\0\0manifest\0" + bytes(8)  # version and flags, purpose, no Merkle boxes
EXCLUSIONS = [("/uuid", [(8, C2PA_UUID)]), *((f"/{kind.decode()}", []) for kind in LEFT_OUT)]


def top_boxes(data: bytes) -> tuple[TopBox, ...]:
    """The boxes that fill the file, of 32-bit sizes."""
    found, at = [], 0
    while at < len(data):
        if at + 8 > len(data):
            raise MalformedError(f"box cut short at {at}")
        size, kind = struct.unpack_from(">I4s", data, at)
        if size < 8 or at + size > len(data):
            raise MalformedError(f"box {kind!r} at {at} does not fit")
        found.append(TopBox(kind, at, at + size))
        at += size
    return tuple(found)


def from_boxes(data: bytes) -> Carried:
    """The uuid box of the manifest, after `ftyp` in front; no box that nobody hashes besides those two."""
    boxes = top_boxes(data)
    if not boxes or boxes[0].kind != b"ftyp":
        raise MalformedError("does not begin with ftyp")
    if any(box.kind in LEFT_OUT for box in boxes[1:]):
        raise MalformedError("a box that no hash covers")
    found = []
    for box in boxes:
        if box.kind == b"uuid" and data[box.start + 8 : box.start + 24] == C2PA_UUID:
            body = box.start + 24
            if data[body : body + len(EMPTY)] != EMPTY:
                raise MalformedError("the manifest's box has another purpose, or Merkle boxes")
            start = body + len(EMPTY)
            found.append(Carried(data[start : box.end], (box.start, box.end - box.start), boxes=boxes))
    return only(found, "boxes with a manifest")


def exclusion_faults(value: Mapping[str, Any]) -> list[str]:
    """Whether the binding leaves out the boxes that the specification names, and nothing else."""
    found = [
        (each.get("xpath"), [(part.get("offset"), part.get("value")) for part in each.get("data") or []])
        for each in value.get("exclusions", [])
    ]
    odd = [
        each for each in value["exclusions"] if any(each.get(name) for name in ("subset", "length", "version", "flags"))
    ]
    return [] if found == EXCLUSIONS and not odd else [f"exclusions {found}"]


def boxes_hash(carried: Carried, data: bytes) -> bytes:
    """SHA-256 over the offset (8 bytes) and the bytes of each box that is not left out."""
    whole = hashlib.sha256()
    for box in carried.boxes:
        mine = carried.span is not None and box.start == carried.span[0]
        if box.kind not in LEFT_OUT and not mine:
            whole.update(struct.pack(">Q", box.start) + data[box.start : box.end])
    return whole.digest()
