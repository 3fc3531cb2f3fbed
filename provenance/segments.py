"""Immutable numbered files of many small bodies, below bodies/ and answers/. Not for what the bodies say."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Iterator
from enum import IntEnum
from typing import NamedTuple

from .errors import FormatError
from .merkle import Frontier, leaf_hash

HEADER = b"worldloom/segment/1\n"
ERASED = 2**64 - 1
"""Length of an item whose bytes were erased later."""

_ITEM = struct.Struct(">B32s32sQ")


class ItemType(IntEnum):
    """What an item's bytes are."""

    CONTENT_JSON = 1
    EVIDENCE_JSON = 2
    EVENT_BLOCK = 3
    ANSWER = 4
    BARE_ANSWER = 5
    """An answer whose request's prompt was erased; stands beside an amendment, never in answers/."""


_TYPES = frozenset(map(int, ItemType))


class Item(NamedTuple):
    """One body: its type, its logical digest (content, evidence or request), SHA-256 as stored, bytes
    (None: erased).
    """

    type: int
    digest: bytes
    stored: bytes
    data: bytes | None

    def erased(self) -> Item:
        """Return the item without its bytes; digests stay."""
        return self._replace(data=None)


def make_item(type_: int, digest: bytes, data: bytes) -> Item:
    """Return an item with the SHA-256 of its bytes."""
    return Item(type_, digest, hashlib.sha256(data).digest(), data)


def write_item(segment: bytearray, type_: int, digest: bytes, data: bytes) -> None:
    """Add an item to a segment that is being made; one begins with HEADER."""
    segment += _ITEM.pack(type_, digest, hashlib.sha256(data).digest(), len(data))
    segment += data


def encode_segment(items: Iterable[Item]) -> bytes:
    """Return the segment's bytes."""
    parts = [HEADER]
    for type_, digest, stored, data in items:
        parts.append(_ITEM.pack(type_, digest, stored, ERASED if data is None else len(data)))
        if data is not None:
            parts.append(data)
    return b"".join(parts)


def decode_segment(data: bytes) -> list[Item]:
    """Read a whole segment and check each item's bytes against its stored digest; raises FormatError."""
    return [item for _, item in scan_segment(data)]


def scan_segment(data: bytes) -> Iterator[tuple[int, Item]]:
    """Yield (offset, item), checked as by `decode_segment`; `item_at` reads an item again."""
    if not data.startswith(HEADER):
        raise FormatError(f"segment: does not begin with {HEADER!r}")
    at = len(HEADER)
    while at < len(data):
        item, end = _read(data, at)
        yield at, item
        at = end


def item_at(data: bytes, offset: int) -> Item:
    """Return the item that begins at an offset of a segment; raises FormatError."""
    return _read(data, offset)[0]


def items_root(items: Iterable[Item]) -> bytes:
    """RFC 6962 root over (type, digest, stored digest) of the items, which erasing their bytes does not
    change.
    """
    frontier = Frontier()
    for item in items:
        frontier.append(leaf_hash(bytes((item.type,)) + item.digest + item.stored))
    return frontier.root


def _read(data: bytes, at: int) -> tuple[Item, int]:
    start = at + _ITEM.size
    if start > len(data):
        raise FormatError(f"segment: ends inside the item at byte {at}")
    type_, digest, stored, length = _ITEM.unpack_from(data, at)
    if type_ not in _TYPES:
        raise FormatError(f"segment: item at byte {at} is of unknown type {type_}")
    if length == ERASED:
        return Item(type_, digest, stored, None), start
    end = start + length
    if end > len(data):
        raise FormatError(f"segment: item at byte {at} claims {length} bytes, past the end of the file")
    body = data[start:end]
    if hashlib.sha256(body).digest() != stored:
        raise FormatError(f"segment: bytes of the item at byte {at} do not match their digest")
    return Item(type_, digest, stored, body), end
