"""The 84 bytes of a log entry. Not for the bodies whose digests it carries."""

from __future__ import annotations

import struct
from enum import IntEnum
from typing import NamedTuple

from .digests import NONE
from .errors import FormatError, NewerFormatError

VERSION = 1
SIZE = 84
"""Bytes in an entry."""

NO_CONTENT = 2**64 - 1
"""Content number of entries without content."""

FIRST_PLUGIN_KIND = 0x8000

_ENTRY = struct.Struct(">HHQQ32s32s")
_CONTENT_LEAF = struct.Struct(">HQ32s")


class EntryKind(IntEnum):
    """Kinds of Worldloom's own; numbers from 0x8000 are plug-ins', named in run.json."""

    START = 0x01
    CERTIFICATE = 0x02
    SNAPSHOT = 0x03
    SCENARIO = 0x10
    GENESIS = 0x11
    DECISION = 0x12
    ARTIFACT = 0x13
    EVENTS = 0x14
    EXPORT = 0x15
    END = 0x16


WITHOUT_CONTENT = frozenset({EntryKind.START, EntryKind.CERTIFICATE, EntryKind.SNAPSHOT})
"""Kinds that a resumed run has more of; every other kind of Worldloom's own has content."""

_HAS_CONTENT = {int(kind): kind not in WITHOUT_CONTENT for kind in EntryKind}


class Entry(NamedTuple):
    """One line of the log: when (simulated seconds), what kind, digests of content and evidence (zeros:
    none).
    """

    version: int
    kind: int
    time: int
    content_number: int
    content: bytes
    evidence: bytes

    def encode(self) -> bytes:
        """Return the 84 bytes; raises FormatError for an entry that may not be."""
        try:
            data = _ENTRY.pack(*self)
        except struct.error as error:
            raise FormatError(f"entry {self[:4]}: {error}") from error
        _check(self)
        return data

    @classmethod
    def decode(cls, data: bytes) -> Entry:
        """Read 84 bytes; raises NewerFormatError or FormatError."""
        if len(data) != SIZE:
            raise FormatError(f"an entry has {SIZE} bytes, not {len(data)}")
        entry = cls(*_ENTRY.unpack(data))
        _check(entry)
        return entry

    @property
    def has_content(self) -> bool:
        """Whether the content root covers it."""
        return self.content_number != NO_CONTENT

    @property
    def has_evidence(self) -> bool:
        """Whether it has an evidence body."""
        return self.evidence != NONE

    def content_leaf(self) -> bytes:
        """Return what the content root covers of it: kind, time and content digest, 42 bytes."""
        return content_leaf(self.kind, self.time, self.content)


def content_leaf(kind: int, time: int, digest: bytes) -> bytes:
    """Kind u16, simulated time u64, content digest 32: a leaf of the content tree."""
    return _CONTENT_LEAF.pack(kind, time, digest)


def kind_has_content(kind: int) -> bool | None:
    """Whether entries of that kind have content; None where a plug-in decides. Raises FormatError for
    unknown kinds.
    """
    known = _HAS_CONTENT.get(kind)
    if known is not None:
        return known
    if FIRST_PLUGIN_KIND <= kind <= 0xFFFF:
        return None
    raise FormatError(f"entry kind {kind} is unknown; plug-ins use {FIRST_PLUGIN_KIND} to 65535")


def pack(kind: int, time: int, content_number: int, content: bytes, evidence: bytes) -> bytes:
    """Return the 84 bytes of an entry whose kind and content the writer has checked; raises FormatError."""
    try:
        return _ENTRY.pack(VERSION, kind, time, content_number, content, evidence)
    except struct.error as error:
        raise FormatError(f"entry of kind {kind}, time {time!r}: {error}") from error


def _check(entry: Entry) -> None:
    if entry.version > VERSION:
        raise NewerFormatError(
            f"entry version {entry.version} is newer than this Worldloom reads ({VERSION}); upgrade it"
        )
    if entry.version != VERSION:
        raise FormatError(f"entry version {entry.version} is not {VERSION}")
    numbered = entry.content_number != NO_CONTENT
    if numbered != (entry.content != NONE):
        raise FormatError("entry: a content number and a content digest belong together")
    if kind_has_content(entry.kind) not in (None, numbered):
        raise FormatError(f"entry of kind {entry.kind} must {'not ' if numbered else ''}have content")
