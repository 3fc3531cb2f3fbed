"""A disk in memory that loses power or runs full at any operation: for tests of recovery. Keeps no file."""

from __future__ import annotations

import errno
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from .errors import StorageError
from .storage import check_path, parent, storage_error


class PowerLoss(BaseException):
    """The power went. Not an Exception, so that no handler in the code under test can go on after it."""


@dataclass
class _File:
    data: bytes
    synced: bytes | None = None
    """Bytes that survive for certain; None before the first sync."""

    clean: bool = False
    """Whether `data` is what was synced."""


@dataclass(frozen=True)
class _Change:
    """A change of names that its folder's sync has not yet made durable: unlink `old`, link `new`, both at
    once.
    """

    old: str | None
    new: str | None
    file: _File | None

    def touches(self, folder: str) -> bool:
        return any(path is not None and parent(path) == folder for path in (self.old, self.new))

    def apply(self, names: dict[str, _File]) -> None:
        if self.old is not None:
            names.pop(self.old, None)
        if self.new is not None and self.file is not None:
            names[self.new] = self.file


@dataclass
class PowerLossDisk:
    """A Disk that numbers its changing operations from 0 and keeps what is written apart from what is
    durable.

    As on POSIX, a sync of a file saves its bytes and a sync of a folder the names in it, and nothing else
    does.
    """

    operations: list[str] = field(default_factory=list)
    _names: dict[str, _File] = field(default_factory=dict)
    _durable: dict[str, _File] = field(default_factory=dict)
    _pending: list[_Change] = field(default_factory=list)
    _crash: int | None = None
    _full: int | None = None
    _writes: int = 0
    _dead: bool = False

    def crash_at(self, operation: int) -> None:
        """Lose power just before that operation: it and all later calls raise PowerLoss."""
        self._crash = operation

    def full_at(self, write: int) -> None:
        """Be full at that `create` (counted from 0) and at all later ones, until `free`."""
        self._full = write

    def free(self) -> None:
        """Have space again."""
        self._full = None

    def after_crash(self, seed: int) -> PowerLossDisk:
        """Return a disk as power loss at this moment may leave it; the same seed leaves the same."""
        draw = _Draw(seed)
        names = dict(self._durable)
        for change in self._pending:
            if draw.below(2):
                change.apply(names)
        left: dict[int, _File] = {}
        for path in sorted(names):
            file = names[path]
            if id(file) not in left:
                data = _survivor(file, draw)
                left[id(file)] = _File(data, synced=data, clean=True)
        after = {path: left[id(file)] for path, file in names.items()}
        return PowerLossDisk(_names=after, _durable=dict(after))

    def read(self, path: str) -> bytes:
        """Return the whole file."""
        return self._file(path).data

    def open(self, path: str) -> BinaryIO:
        """Return the file as a stream."""
        return io.BytesIO(self.read(path))

    def exists(self, path: str) -> bool:
        """Whether a file has that name."""
        self._alive()
        return check_path(path) in self._names

    def size(self, path: str) -> int:
        """Length in bytes."""
        return len(self._file(path).data)

    def files(self, prefix: str = "") -> list[str]:
        """Return all files below a folder, sorted by UTF-8 bytes."""
        self._alive()
        start = prefix.removesuffix("/") + "/" if prefix else ""
        return sorted((path for path in self._names if path.startswith(start)), key=str.encode)

    def create(self, path: str, data: bytes) -> None:
        """Write a file; when full, leave half of it and raise StorageError."""
        self._begin("create", check_path(path))
        full = self._full is not None and self._writes >= self._full
        self._writes += 1
        file = self._names.get(path)
        if file is None:
            file = self._names[path] = _File(b"")
            self._pending.append(_Change(None, path, file))
        file.data, file.clean = data[: len(data) // 2] if full else data, False
        if full:
            raise storage_error(OSError(errno.ENOSPC, "No space left on device"), path)

    def sync(self, path: str) -> None:
        """Make the bytes durable."""
        self._begin("sync", path)
        file = self._file(path)
        file.synced, file.clean = file.data, True

    def sync_many(self, paths: Sequence[str]) -> None:
        """Make the bytes of many files durable: one operation each, in order."""
        for path in paths:
            self.sync(path)

    def sync_folder(self, path: str) -> None:
        """Make the names of the folder durable."""
        self._begin("sync_folder", path)
        folder = path.removesuffix("/")
        for change in self._pending:
            if change.touches(folder):
                change.apply(self._durable)
        self._pending = [change for change in self._pending if not change.touches(folder)]

    def rename(self, old: str, new: str) -> None:
        """Rename atomically; durable with the folder's sync."""
        self._begin("rename", f"{old} {check_path(new)}")
        self._change(_Change(old, new, self._file(old)))

    def remove(self, path: str) -> None:
        """Take the name away; durable with the folder's sync."""
        self._begin("remove", path)
        self._file(path)
        self._change(_Change(path, None, None))

    def remove_folder(self, path: str) -> None:
        """Do nothing: here folders are no more than the names of files."""

    def _change(self, change: _Change) -> None:
        change.apply(self._names)
        self._pending.append(change)

    def _file(self, path: str) -> _File:
        self._alive()
        try:
            return self._names[check_path(path)]
        except KeyError:
            raise StorageError(f"{path}: No such file; the file is missing") from None

    def _begin(self, operation: str, path: str) -> None:
        self._alive()
        if self._crash is not None and len(self.operations) >= self._crash:
            self._dead = True
            raise PowerLoss(f"power lost before operation {self._crash}: {operation} {path}")
        self.operations.append(f"{operation} {path}")

    def _alive(self) -> None:
        if self._dead:
            raise PowerLoss("the power is off; use after_crash() to see what is left")


@dataclass
class _Draw:
    """Choices that follow from a seed alone."""

    seed: int
    count: int = 0

    def below(self, limit: int) -> int:
        self.count += 1
        digest = hashlib.sha256(f"worldloom/power-loss {self.seed} {self.count}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % limit


def _survivor(file: _File, draw: _Draw) -> bytes:
    """Return the bytes that a file may hold after power loss: all, none, a torn start, zeros, or what it
    held before.
    """
    if file.clean:
        return file.data
    cut = draw.below(len(file.data) + 1)
    earlier = b"" if file.synced is None else file.synced
    choices = (file.data, b"", file.data[:cut], file.data[:cut] + bytes(len(file.data) - cut), earlier)
    return choices[draw.below(len(choices))]
