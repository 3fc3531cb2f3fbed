"""The two members that the C2PA SDK appends to a zip for a credential (C2PA 2.2, A.4.4), and what lies before them.

The hash of a zip covers its members and its last directory. It does not cover headers of folders, gaps between members,
and the first directory, which stays in the file, unused.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from worldloom.provenance.errors import FormatError
from worldloom.provenance.zip_disk import CREDENTIAL, ZipDisk

from .difference import difference

_FOLDER = "META-INF/"
_LOCAL = struct.Struct("<4s5H3I2H")
_FIRST_DAY = 0x21
"""1 January 1980, as a zip writes it."""
_ENTRY, _LENGTHS_AT = 46, 28


class _Appended(NamedTuple):
    """Where the SDK's members begin, whether a folder is one of them, where the directory begins, and its check sum."""

    start: int
    folder: bool
    directory: int
    check_sum: int


def archive_faults(stream: BinaryIO, store: bytes) -> Iterator[str]:
    """Say where the members of the credential differ from how the SDK appends them; raises FormatError for no zip."""
    found = _appended(stream)
    whole = _members(store, folder=found.folder)
    if found.directory != found.start + len(whole):
        yield "there are bytes around the credential that belong to no member"
    if found.check_sum != zlib.crc32(store):
        yield "the zip's directory gives another check sum of the credential"
    yield from difference(stream, found.start, whole)


def left_out_of_archive(stream: BinaryIO, *, signed: bool) -> tuple[int, int]:
    """Return (start, end) of what lies before the credential, or before where it will; raises FormatError for no zip.

    That holds the members, too, which the hash covers already: so nobody need know what of it is a member.
    """
    return 0, _appended(stream).start if signed else _end_of_directory(stream)


def _members(store: bytes, *, folder: bool) -> bytes:
    """Return the members of the credential; a folder stands before it, unless the zip had one of that name."""
    name, size, above = CREDENTIAL.encode(), len(store), b""
    if folder:
        above = _LOCAL.pack(b"PK\3\4", 20, 0, 0, 0, _FIRST_DAY, 0, 0, 0, len(_FOLDER), 0) + _FOLDER.encode()
    head = _LOCAL.pack(b"PK\3\4", 10, 0, 0, 0, _FIRST_DAY, zlib.crc32(store), size, size, len(name), 0)
    return above + head + name + store


def _appended(stream: BinaryIO) -> _Appended:
    disk = ZipDisk(stream)
    held = [info for info in disk.infos if info.filename == CREDENTIAL]
    if len(held) != 1:
        raise FormatError(f"the zip holds {len(held)} members for a credential, and one is read")
    start = held[0].header_offset
    before = start - _LOCAL.size - len(_FOLDER)
    folder = any(info.filename == _FOLDER and info.header_offset == before for info in disk.infos)
    return _Appended(before if folder else start, folder, disk.directory, held[0].CRC)


def _end_of_directory(stream: BinaryIO) -> int:
    """Return where a zip's directory ends, which is where the SDK appends: it overwrites what tells of its end."""
    disk = ZipDisk(stream)
    at = disk.directory
    for _ in disk.infos:
        stream.seek(at + _LENGTHS_AT)
        at += _ENTRY + sum(struct.unpack("<3H", stream.read(6)))
    return at
