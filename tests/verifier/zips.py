"""Reads a ZIP's members and directory strictly: no byte outside them, no second reading. Does no hashing."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

from .result import MalformedError

LOCAL, CENTRAL, END = b"PK\3\4", b"PK\1\2", b"PK\5\6"
VERSION_BYTES = (b"\x0a\0", b"\x14\0")
VERSIONS = (10, 20)  # of PKZIP, as needed to read; local header and directory may differ in it


@dataclass(frozen=True)
class Member:
    """One member: offsets of its local header, its body and its end; `crc_at` is its CRC in the directory."""

    name: str
    start: int
    body: int
    end: int
    crc_at: int


@dataclass(frozen=True)
class Archive:
    """Members in directory order, and where the directory begins."""

    members: tuple[Member, ...]
    directory: int


def end_record(data: bytes) -> tuple[int, int, int]:
    """(entries, directory offset, offset of the end record, which is the last 22 bytes of the file)."""
    at = len(data) - 22
    if at < 0 or data[at : at + 4] != END:
        raise MalformedError("ZIP does not end in an end record without comment")
    disk, first, here, total, size, offset, comment = struct.unpack_from("<HHHHIIH", data, at + 4)
    if (disk, first, comment) != (0, 0, 0) or here != total or offset + size != at:
        raise MalformedError("ZIP end record disagrees with the file")
    return total, offset, at


def read_member(data: bytes, at: int) -> tuple[Member, int]:
    """The member whose directory entry lies at `at`, and the offset after that entry."""
    if data[at : at + 4] != CENTRAL:
        raise MalformedError(f"no directory entry at {at}")
    fields = struct.unpack_from("<HHHHHHIIIHHHHHII", data, at + 4)
    shared, sizes, offset = fields[2:7], fields[7:9], fields[15]
    name_length, extra_length, comment_length = fields[9:12]
    name = data[at + 46 : at + 46 + name_length]
    if data[offset : offset + 4] != LOCAL:
        raise MalformedError(f"no local header at {offset}")
    local = struct.unpack_from("<HHHHHIIIHH", data, offset + 4)
    body = offset + 30 + local[8] + local[9]
    if (local[1:6], local[6:8], data[offset + 30 : offset + 30 + local[8]]) != (shared, sizes, name):
        raise MalformedError(f"{name!r}: local header and directory disagree")
    if sizes[0] != sizes[1] or shared[1] != 0 or local[0] not in VERSIONS:
        raise MalformedError(f"{name!r}: member is not stored")
    if zlib.crc32(data[body : body + sizes[0]]) != shared[4]:
        raise MalformedError(f"{name!r}: wrong CRC")
    if sizes[0] == 0 and name.endswith(b"/") and local[9]:
        raise MalformedError(f"{name!r}: bytes hidden in a folder's local header")
    member = Member(name.decode("utf-8"), offset, body, body + sizes[0], at + 16)
    return member, at + 46 + name_length + extra_length + comment_length


def leftover(gap: bytes, entries: list[bytes]) -> bool:
    """Whether the bytes before a member are none, or the old directory that c2pa-rs leaves when it appends.

    No hash covers that remnant, so it may repeat the entries of the members before it and say nothing else.
    """
    rest = gap
    for entry in entries if gap else []:
        version = rest[6:8]
        if version not in VERSION_BYTES or rest[: len(entry)] != entry[:6] + version + entry[8:]:
            return False
        rest = rest[len(entry) :]
    return not rest


def read_archive(data: bytes) -> Archive:
    """The archive; members must fill the file from first byte to directory, without gap or overlap."""
    try:
        total, directory, end = end_record(data)
        members, at = [], directory
        entries = []
        for _ in range(total):
            member, after = read_member(data, at)
            members.append(member)
            entries.append(data[at:after])
            at = after
    except (struct.error, UnicodeDecodeError) as error:
        raise MalformedError(f"ZIP is broken: {error}") from error
    if at != end:
        raise MalformedError("bytes between directory and end record")
    filled = 0
    for before, member in enumerate(sorted(members, key=lambda each: each.start)):
        if member.start < filled or not leftover(data[filled : member.start], entries[:before]):
            raise MalformedError(f"{member.name}: gap or overlap at {filled}")
        filled = member.end
    if filled != directory or len({member.name for member in members}) != len(members):
        raise MalformedError("bytes before the directory, or two members of one name")
    return Archive(tuple(members), directory)
