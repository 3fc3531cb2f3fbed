"""The members of a run's zip as a read-only disk, and whether the zip has the one form of `bundle`. Trusts nothing.

The zip is read through its own directory: never whole, and a member only as it is asked for.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, ClassVar, cast

from .bundle import pack_into
from .errors import FormatError, StorageError
from .read_only import ReadOnly
from .sections import CHUNK, Section, length, pieces
from .storage import check_path

CREDENTIAL = "META-INF/content_credential.c2pa"
"""Member in which a zip's C2PA manifest store stands (C2PA 2.2, A.4.4)."""

LARGEST_DIRECTORY = 64 << 20
"""Bytes of a directory that are read, some half a million members."""

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


class ZipDisk(ReadOnly):
    """Reads as `storage.Disk` does; every writing method raises StorageError.

    Raises FormatError for what is no zip, and for one whose members together claim more bytes than it has: they lie
    over each other.
    """

    WHY: ClassVar[str] = "a run's zip is only read; unpack it to change anything"

    def __init__(self, data: bytes | BinaryIO) -> None:
        self.stream = io.BytesIO(data) if isinstance(data, bytes) else data
        self.length = length(self.stream)
        try:
            self._zip = zipfile.ZipFile(_Measured(self.stream))
        except _HOSTILE as error:
            raise FormatError(f"not a zip that can be read: {error}") from error
        self.infos = self._zip.infolist()
        claimed = sum(info.file_size for info in self.infos if info.compress_type == zipfile.ZIP_STORED)
        if claimed > self.length:
            raise FormatError(
                f"not a zip that can be read: its members claim {claimed:,} bytes, and it has {self.length:,}"
            )
        self._members = {info.filename: info for info in self.infos if info.filename not in (CREDENTIAL, "META-INF/")}

    @property
    def directory(self) -> int:
        """Where the directory begins."""
        return self._zip.start_dir

    def read(self, path: str) -> bytes:
        """Return the whole member."""
        info = self._stored(path)
        try:
            return self._zip.read(info)
        except _HOSTILE as error:
            raise _unreadable(path, error) from error

    def open(self, path: str) -> BinaryIO:
        """Return the member as a stream, whose checksum is not checked."""
        info = self._stored(path)
        try:
            with self._zip.open(info):  # which checks its header
                self.stream.seek(info.header_offset + _LOCAL_HEADER - 4)
                name, extra = struct.unpack("<HH", self.stream.read(4))
        except _HOSTILE as error:
            raise _unreadable(path, error) from error
        start = info.header_offset + _LOCAL_HEADER + name + extra
        return cast("BinaryIO", Section(self.stream, start, info.file_size))

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

    def form_faults(self) -> Iterator[tuple[str, str]]:
        """Yield (member, why) for each departure from the form that `bundle.pack` and the C2PA SDK give a zip."""
        names = [info.filename for info in self.infos]
        twice = sorted(name for name, count in Counter(names).items() if count > 1)
        if twice:
            yield twice[0], "stands in the zip twice"
            return
        if names[-2:] != [_CREDENTIAL_FOLDER, CREDENTIAL]:
            yield CREDENTIAL, "the credential is not the zip's last member"
            return
        unreadable = list(self._unreadable(self.files()))
        if unreadable:
            yield from unreadable
            return
        if self.files() != names[:-2]:
            yield "", "its members are not in their order"
            return
        # The SDK appends its member to the zip's last byte but the end record: the first directory stays, unused.
        compared = self._compared(self.files())
        if compared.differs_at < compared.end - _END.size:
            yield self._member_at(compared.differs_at), "is not packed as a run's zip is"
        yield from self._end_faults(compared.end - _END.size)

    def packed_plainly(self) -> bool:
        """Whether the zip is, byte for byte, what `bundle.pack_members` makes of its members, and nothing more."""
        names = self.files()
        if [info.filename for info in self.infos] != names or next(self._unreadable(names), None):
            return False
        compared = self._compared(names)
        return compared.differs_at >= compared.end == self.length

    def _compared(self, names: Iterable[str]) -> _Compared:
        """Pack the members again, into nothing but a comparison with the zip."""
        compared = _Compared(self.stream)
        pack_into(cast("BinaryIO", compared), ((name, self.size(name), pieces(self.open(name))) for name in names))
        compared.settle()
        return compared

    def _end_faults(self, at: int) -> Iterator[tuple[str, str]]:
        """Say where bytes hide between or after the last members and the directory."""
        folder, credential = self.infos[-2:]
        after = at + _LOCAL_HEADER + len(_CREDENTIAL_FOLDER)
        end = after + _LOCAL_HEADER + len(CREDENTIAL) + credential.file_size
        if (folder.header_offset, credential.header_offset) != (at, after) or credential.compress_type:
            yield CREDENTIAL, "there are bytes before the credential that belong to no member"
        elif self._zip.start_dir != end:
            yield CREDENTIAL, "there are bytes after the credential that belong to no member"
        self.stream.seek(max(0, self.length - _END.size))
        last = self.stream.read(_END.size)
        if not last.startswith(b"PK\x05\x06") or any(info.extra or info.comment for info in self.infos):
            yield "", "carries a comment or extra fields"

    def _unreadable(self, names: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Say of each member that cannot be read why, its checksum included."""
        for name in names:
            try:
                with self._zip.open(self._stored(name)) as member:
                    for _ in pieces(cast("BinaryIO", member)):
                        pass
            except StorageError as error:
                yield name, str(error)
            except _HOSTILE as error:
                yield name, str(_unreadable(name, error))

    def _member_at(self, offset: int) -> str:
        """Return the name of the member whose header or bytes are at an offset, `""` behind the last."""
        starts = [(info.header_offset, info.filename) for info in self.infos]
        if offset >= self.infos[-2].header_offset:
            return ""
        return max((start for start in starts if start[0] <= offset), default=starts[0])[1]

    def _member(self, path: str) -> zipfile.ZipInfo:
        info = self._members.get(check_path(path))
        if info is None:
            raise StorageError(f"{path}: no such member; the file is missing from the zip")
        return info

    def _stored(self, path: str) -> zipfile.ZipInfo:
        info = self._member(path)
        if info.compress_type != zipfile.ZIP_STORED or info.file_size > self.length:
            raise StorageError(f"{path}: is compressed; members of a run's zip are stored")
        return info


class _Measured(io.RawIOBase):
    """A stream that refuses to hand out more at once than a directory may have."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._stream = stream

    def seekable(self) -> bool:
        """Always."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """As the stream."""
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        """As the stream."""
        return self._stream.tell()

    def read(self, size: int = -1) -> bytes:
        """As the stream; raises OSError for a directory that is too large."""
        here = self._stream.tell()
        wanted = length(self._stream) - here if size is None or size < 0 else size
        self._stream.seek(here)
        if wanted > LARGEST_DIRECTORY:
            raise OSError(f"a part of {wanted:,} bytes that would be read at once")
        return self._stream.read(wanted)


class _Compared(io.RawIOBase):
    """What is written here is compared with a stream, and kept nowhere but a header that may be written again.

    `differs_at` is the first place that differs, or beyond the end; `end` is where the writing ended.
    """

    _HEADER = b"PK\x03\x04"

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._stream = stream
        self._at = self.end = 0
        self._header: tuple[int, bytes] | None = None
        self.differs_at = 1 << 64

    def seekable(self) -> bool:
        """Always."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to where the next bytes are written."""
        self._at = offset if whence == io.SEEK_SET else self.end + offset
        return self._at

    def tell(self) -> int:
        """Where the next bytes are written."""
        return self._at

    def write(self, data: Any) -> int:
        """Compare bytes, a member's header when the next begins."""
        at = self._at
        self._at += len(data)
        self.end = max(self.end, self._at)
        if data.startswith(self._HEADER) and len(data) < CHUNK:
            if self._header is not None and self._header[0] != at:
                self.settle()
            self._header = at, data
        else:
            self._compare(at, data)
        return len(data)

    def settle(self) -> None:
        """Compare the header that was held back."""
        if self._header is not None:
            self._compare(*self._header)
            self._header = None

    def _compare(self, at: int, data: bytes) -> None:
        self._stream.seek(at)
        found = self._stream.read(len(data))
        if found != data:
            same = next((i for i, pair in enumerate(zip(found, data, strict=False)) if pair[0] != pair[1]), len(found))
            self.differs_at = min(self.differs_at, at + same)


def _unreadable(path: str, error: Exception) -> StorageError:
    return StorageError(f"{path}: cannot be read from the zip: {error}; take another copy")
