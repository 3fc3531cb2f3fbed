"""Walks JUMBF boxes (ISO 19566-5) strictly into a tree. Does not know what a manifest is."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from .result import MalformedError

MAX_DEPTH = 8
PLAIN, SALTED = 0b00011, 0b10011  # requestable + label, and the same with a private salt box


@dataclass(frozen=True)
class Box:
    """A box: kind, the payload after its 8-byte header; a superbox also has uuid, label, children."""

    kind: bytes
    payload: bytes
    uuid: bytes = b""
    label: str = ""
    children: tuple[Box, ...] = ()

    def child(self, label: str) -> Box:
        """The one superbox child with this label; MalformedError when there is none or more than one."""
        found = [box for box in self.children if box.kind == b"jumb" and box.label == label]
        if len(found) != 1:
            raise MalformedError(f"{self.label}: {len(found)} boxes called {label}, expected one")
        return found[0]

    def content(self, kind: bytes) -> bytes:
        """Payload of the only child, which must be a content box of this kind."""
        if [box.kind for box in self.children] != [kind]:
            raise MalformedError(f"{self.label}: content is {[box.kind for box in self.children]}, not one {kind!r}")
        return self.children[0].payload


def split(data: bytes, where: str) -> list[tuple[bytes, bytes]]:
    """(kind, payload) of consecutive boxes that fill `data`; 64-bit and open lengths are refused."""
    boxes = []
    at = 0
    while at < len(data):
        if at + 8 > len(data):
            raise MalformedError(f"{where}: {len(data) - at} stray bytes after the last box")
        length, kind = struct.unpack_from(">I4s", data, at)
        if length < 8 or at + length > len(data):
            raise MalformedError(f"{where}: box {kind!r} at {at} has length {length}, beyond its parent")
        boxes.append((kind, data[at + 8 : at + length]))
        at += length
    return boxes


def describe(payload: bytes, where: str) -> tuple[bytes, str]:
    """(uuid, label) of a description box; only the two toggle bytes that C2PA writes are allowed."""
    if len(payload) < 18:
        raise MalformedError(f"{where}: description box of {len(payload)} bytes")
    toggles, end = payload[16], payload.find(b"\0", 17)
    if toggles not in (PLAIN, SALTED) or end < 0:
        raise MalformedError(f"{where}: description box with toggles {toggles:#04x}")
    private = split(payload[end + 1 :], f"{where} private")
    if toggles == PLAIN and private:
        raise MalformedError(f"{where}: bytes hidden in a description box")
    if toggles == SALTED and [(kind, len(salt) in (16, 32)) for kind, salt in private] != [(b"c2sh", True)]:
        raise MalformedError(f"{where}: salt box is not 16 or 32 bytes")
    try:
        return payload[:16], payload[17:end].decode("ascii")
    except UnicodeDecodeError as error:
        raise MalformedError(f"{where}: label is not ASCII") from error


def superbox(payload: bytes, where: str, depth: int = 0) -> Box:
    """The tree under one superbox's payload."""
    if depth > MAX_DEPTH:
        raise MalformedError(f"{where}: boxes nested deeper than {MAX_DEPTH}")
    parts = split(payload, where)
    if not parts or parts[0][0] != b"jumd":
        raise MalformedError(f"{where}: superbox without a description")
    uuid, label = describe(parts[0][1], where)
    below = f"{where}/{label}"
    children = tuple(
        superbox(inner, below, depth + 1) if kind == b"jumb" else Box(kind, inner) for kind, inner in parts[1:]
    )
    return Box(b"jumb", payload, uuid, label, children)


def parse(data: bytes) -> Box:
    """The one superbox that fills `data` exactly."""
    top = split(data, "store")
    if [kind for kind, _ in top] != [b"jumb"]:
        raise MalformedError("store: not exactly one superbox")
    return superbox(top[0][1], "store")
