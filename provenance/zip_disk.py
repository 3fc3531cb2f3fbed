"""The members of a run's zip as a read-only disk, and whether the zip has the one form of `bundle`. Trusts nothing."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from typing import NoReturn

from .bundle import pack_members
from .errors import FormatError, StorageError
from .storage import check_path

CREDENTIAL = "META-INF/content_credential.c2pa"
"""Member in which a zip's C2PA manifest store stands (C2PA 2.2, A.4.4)."""

_CREDENTIAL_FOLDER = "META-INF/"
_LOCAL_HEADER = 30
_END = struct.Struct("<4s4H2LH")
_HOSTILE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    RuntimeError,
    OverflowError,
    EOFError,
    ValueError,
    OSError,
)
"""What zipfile raises for bytes that are no good zip."""


class ZipDisk:
    """Reads as `storage.Disk` does; every writing method raises StorageError. Raises FormatError for what is no zip."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _HOSTILE as error:
            raise FormatError(f"not a zip that can be read: {error}") from error
        self.infos = self._zip.infolist()
        self._members = {info.filename: info for info in self.infos if info.filename not in (CREDENTIAL, "META-INF/")}

    def read(self, path: str) -> bytes:
        """Return the whole member."""
        info = self._member(path)
        if info.compress_type != zipfile.ZIP_STORED or info.file_size > len(self.data):
            raise StorageError(f"{path}: is compressed; members of a run's zip are stored")
        try:
            return self._zip.read(info)
        except _HOSTILE as error:
            raise StorageError(f"{path}: cannot be read from the zip: {error}; take another copy") from error

    def exists(self, path: str) -> bool:
        """Whether a member has that name."""
        return check_path(path) in self._members

    def size(self, path: str) -> int:
        """Length in bytes."""
        return self._member(path).file_size

    def files(self, prefix: str = "") -> list[str]:
        """Return all members below a folder but the credential, sorted by UTF-8 bytes."""
        start = prefix.removesuffix("/") + "/" if prefix else ""
        found = [name for name in self._members if name.startswith(start)]
        return sorted(found, key=lambda name: name.encode("utf-8", "surrogateescape"))

    def create(self, path: str, data: bytes) -> None:
        """Refuse."""
        del data
        _refuse(path)

    def sync(self, path: str) -> None:
        """Refuse."""
        _refuse(path)

    def sync_many(self, paths: Sequence[str]) -> None:
        """Refuse."""
        _refuse(", ".join(paths[:1]))

    def sync_folder(self, path: str) -> None:
        """Refuse."""
        _refuse(path)

    def rename(self, old: str, new: str) -> None:
        """Refuse."""
        del new
        _refuse(old)

    def remove(self, path: str) -> None:
        """Refuse."""
        _refuse(path)

    def form_faults(self) -> Iterator[tuple[str, str]]:
        """Yield (member, why) for each departure from the form that `bundle.pack` and the C2PA SDK give a zip."""
        names = [info.filename for info in self.infos]
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield name, "stands in the zip twice"
            return
        if names[-2:] != [_CREDENTIAL_FOLDER, CREDENTIAL]:
            yield CREDENTIAL, "the credential is not the zip's last member"
            return
        unreadable = [(name, why) for name in self.files() if (why := self._unreadable(name))]
        if unreadable:
            yield from unreadable
            return
        members = [(name, self.read(name)) for name in self.files()]
        if [name for name, _ in members] != names[:-2]:
            yield "", "its members are not in their order"
            return
        # The SDK appends its member to the zip's last byte but the end record: the first directory stays, unused.
        body = pack_members(members)[: -_END.size]
        if not self.data.startswith(body):
            yield _first_difference(self.data, body, self.infos), "is not packed as a run's zip is"
        yield from self._end_faults(len(body))

    def _end_faults(self, at: int) -> Iterator[tuple[str, str]]:
        """Say where bytes hide between or after the last members and the directory."""
        folder, credential = self.infos[-2:]
        after = at + _LOCAL_HEADER + len(_CREDENTIAL_FOLDER)
        end = after + _LOCAL_HEADER + len(CREDENTIAL) + credential.file_size
        if (folder.header_offset, credential.header_offset) != (at, after) or credential.compress_type:
            yield CREDENTIAL, "there are bytes before the credential that belong to no member"
        elif self._zip.start_dir != end:
            yield CREDENTIAL, "there are bytes after the credential that belong to no member"
        last = self.data[-_END.size :]
        if not last.startswith(b"PK\x05\x06") or any(info.extra or info.comment for info in self.infos):
            yield "", "carries a comment or extra fields"

    def _unreadable(self, path: str) -> str:
        try:
            self.read(path)
        except StorageError as error:
            return str(error)
        return ""

    def _member(self, path: str) -> zipfile.ZipInfo:
        info = self._members.get(check_path(path))
        if info is None:
            raise StorageError(f"{path}: no such member; the file is missing from the zip")
        return info


def _first_difference(data: bytes, wanted: bytes, infos: list[zipfile.ZipInfo]) -> str:
    """Return the name of the first member before whose end the bytes differ."""
    ends = [info.header_offset for info in infos[1:-1]]
    for info, end in zip(infos, ends, strict=False):
        if data[info.header_offset : end] != wanted[info.header_offset : end]:
            return info.filename
    return ""


def _refuse(path: str) -> NoReturn:
    raise StorageError(f"{path}: a run's zip is only read; unpack it to change anything")
