"""The seam to the disk: a file is there whole and durable, or not at all. Not for what the files mean."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Protocol

from .errors import StorageError

PART = ".part"
"""Ending of temporary names; a file that bears it never counts."""

_SYNCS_AT_ONCE = 32
_FEW = 8
"""Files below which a pool of threads costs more than it saves."""


class Disk(Protocol):
    """The operations that a power loss can fall between; paths are relative, with `/`, such as
    `log/checkpoint`.

    Every method raises StorageError when the disk refuses or the path leaves the root.
    """

    def read(self, path: str) -> bytes:
        """Return the whole file."""
        ...

    def open(self, path: str) -> BinaryIO:
        """Return the file as a stream to read and seek in, for those too large to read whole; the caller closes it."""
        ...

    def exists(self, path: str) -> bool:
        """Whether a regular file has that name."""
        ...

    def size(self, path: str) -> int:
        """Length of the file in bytes."""
        ...

    def files(self, prefix: str = "") -> list[str]:
        """Return all files below the folder `prefix` (all folders deep), sorted by UTF-8 bytes; none if it
        is missing.
        """
        ...

    def create(self, path: str, data: bytes) -> None:
        """Write a file, replacing one of that name, and make its folders; not durable before `sync`."""
        ...

    def sync(self, path: str) -> None:
        """Make the file's bytes durable."""
        ...

    def sync_many(self, paths: Sequence[str]) -> None:
        """Make the bytes of many files durable, in any order."""
        ...

    def sync_folder(self, path: str) -> None:
        """Make the names in a folder durable; `""` is the root."""
        ...

    def rename(self, old: str, new: str) -> None:
        """Give the file another name, replacing a file that has it, at once or not at all."""
        ...

    def remove(self, path: str) -> None:
        """Take a file's name away."""
        ...

    def remove_folder(self, path: str) -> None:
        """Take a folder away that holds nothing; one that does stays. No more than tidiness: it need not be durable."""
        ...


class Storage:
    """Files of one folder, each written whole or not at all (docs/formats.md, Who writes, when)."""

    def __init__(self, disk: Disk) -> None:
        self.disk = disk

    def write(self, path: str, data: bytes) -> None:
        """Write durably: temporary name, sync, rename, sync of the folder; raises StorageError, leaving no
        part.
        """
        self._replace(path, data)
        self.disk.sync_folder(parent(path))

    def write_many(self, files: Iterable[tuple[str, bytes]]) -> None:
        """Write one after the other: each is durable before the next is begun."""
        for path, data in files:
            self.write(path, data)

    def write_batch(self, files: Iterable[tuple[str, bytes]]) -> None:
        """Write files whose order does not matter: all are durable at the end, with one sync a folder."""
        paths: list[str] = []
        try:
            for path, data in files:
                paths.append(path)
                self.disk.create(path + PART, data)
            self.disk.sync_many([path + PART for path in paths])
            for path in paths:
                self.disk.rename(path + PART, path)
        except StorageError:
            for path in paths:
                self._drop(path + PART)
            raise
        for folder in dict.fromkeys(map(parent, paths)):
            self.disk.sync_folder(folder)

    def remove(self, path: str) -> None:
        """Remove a file durably."""
        self.disk.remove(path)
        self.disk.sync_folder(parent(path))

    def remove_batch(self, paths: Iterable[str]) -> None:
        """Remove files in any order: durable at the end, with one sync a folder. Empty folders go too."""
        folders: dict[str, None] = {}
        for path in paths:
            self.disk.remove(path)
            folders[parent(path)] = None
        for folder in folders:
            self.disk.sync_folder(folder)
            self.disk.remove_folder(folder)

    def read(self, path: str) -> bytes:
        """Return the whole file; raises StorageError."""
        return self.disk.read(path)

    def open(self, path: str) -> BinaryIO:
        """Return the file as a stream to read and seek in; raises StorageError."""
        return self.disk.open(path)

    def exists(self, path: str) -> bool:
        """Whether a regular file has that name."""
        return self.disk.exists(path)

    def size(self, path: str) -> int:
        """Length of the file in bytes; raises StorageError."""
        return self.disk.size(path)

    def files(self, prefix: str = "") -> list[str]:
        """Return all files below a folder, temporary ones too, sorted by UTF-8 bytes."""
        return self.disk.files(prefix)

    def clear_parts(self, prefix: str = "") -> list[str]:
        """Remove what interrupted writes left below a folder; returns the names."""
        parts = [path for path in self.disk.files(prefix) if path.endswith(PART)]
        for path in parts:
            self.remove(path)
        return parts

    def _replace(self, path: str, data: bytes) -> None:
        part = path + PART
        try:
            self.disk.create(part, data)
            self.disk.sync(part)
            self.disk.rename(part, path)
        except StorageError:
            self._drop(part)
            raise

    def _drop(self, part: str) -> None:
        try:
            if self.disk.exists(part):
                self.disk.remove(part)
        except StorageError:
            return  # The write's own error is the one to report; clear_parts() finds the rest.


class LocalDisk:
    """A folder of the operating system. Symbolic links are not followed, so that a run folder cannot point
    outside.
    """

    def __init__(self, root: Path) -> None:
        self.root = Path(os.path.realpath(root))

    def read(self, path: str) -> bytes:
        """Return the whole file."""
        with _reported(path):
            self._refuse_link(check_path(path))
            # Without a Path: it takes longer than the reading of a small file.
            with open(f"{self.root}/{path}", "rb") as file:  # noqa: PTH123
                return file.read()

    def open(self, path: str) -> BinaryIO:
        """Return the file as a stream."""
        with _reported(path):
            return self._place(path).open("rb")

    def exists(self, path: str) -> bool:
        """Whether a regular file, not a link, has that name."""
        return self._named(path).is_file() and not self._linked(path)

    def size(self, path: str) -> int:
        """Length in bytes."""
        with _reported(path):
            return self._place(path).stat().st_size

    def files(self, prefix: str = "") -> list[str]:
        """Return all files, links among them (whose reading is refused), sorted by UTF-8 bytes."""
        top = self._folder(prefix)
        found: list[str] = []
        with _reported(prefix or "."):
            for folder, folders, names in os.walk(top, onerror=_raise_unless_missing):
                here = Path(folder)
                links = [name for name in folders if (here / name).is_symlink()]
                found.extend((here / name).relative_to(self.root).as_posix() for name in names + links)
        return sorted(found, key=os.fsencode)

    def create(self, path: str, data: bytes) -> None:
        """Write a file; folders that it makes are durable at once."""
        with _reported(path):
            place = self._place(path)
            self._make_folders(place.parent)
            place.write_bytes(data)

    def sync(self, path: str) -> None:
        """Fsync the file."""
        with _reported(path):
            _fsync(self._place(path))

    def sync_many(self, paths: Sequence[str]) -> None:
        """Fsync the files, several at once: the disk then writes its journal once for many of them."""
        if len(paths) < _FEW:
            for path in paths:
                self.sync(path)
            return
        with ThreadPoolExecutor(_SYNCS_AT_ONCE) as pool:
            list(pool.map(self.sync, paths))

    def sync_folder(self, path: str) -> None:
        """Fsync the folder."""
        with _reported(path or "."):
            _fsync(self._folder(path))

    def rename(self, old: str, new: str) -> None:
        """Rename atomically."""
        with _reported(new):
            self._place(old).rename(self._place(new))

    def remove(self, path: str) -> None:
        """Unlink the file, or the link itself."""
        with _reported(path):
            self._named(path).unlink()

    def remove_folder(self, path: str) -> None:
        """Remove the folder where it is empty."""
        place = self._folder(path)
        if place != self.root:
            with suppress(OSError):
                place.rmdir()

    def _named(self, path: str) -> Path:
        return self.root / check_path(path)

    def _place(self, path: str) -> Path:
        place = self._named(path)
        self._refuse_link(path)
        return place

    def _refuse_link(self, path: str) -> None:
        if self._linked(path):
            raise StorageError(f"{path}: goes through a symbolic link; replace the link by what it stands for")

    def _linked(self, path: str) -> bool:
        """Whether a part of the path below the root is a link; a quarter of the time of resolving the whole path."""
        here = str(self.root)
        for piece in path.split("/"):
            here = f"{here}/{piece}"
            if os.path.islink(here):  # noqa: PTH114  (a Path for each part would take longer than the question)
                return True
        return False

    def _folder(self, path: str) -> Path:
        return self._place(path.removesuffix("/")) if path else self.root

    def _make_folders(self, folder: Path) -> None:
        if folder.is_dir():
            return
        self._make_folders(folder.parent)
        folder.mkdir(exist_ok=True)
        _fsync(folder.parent)


def parent(path: str) -> str:
    """Return the folder of a path, `""` for a file of the root."""
    return path.rpartition("/")[0]


def check_path(path: str) -> str:
    """Return a path that stays below its root in one spelling, or raise StorageError."""
    pieces = path.split("/")
    if any(piece in ("", ".", "..") for piece in pieces) or "\\" in path or "\0" in path:
        raise StorageError(f"{path!r} is not a path inside the folder; use names joined by '/', such as a/b.png")
    return path


def storage_error(error: OSError, path: str) -> StorageError:
    """Return the StorageError that tells a person what the operating system said and what to do."""
    return StorageError(f"{path}: {error.strerror or error}; {_ADVICE.get(error.errno or 0, _OTHERWISE)}")


_OTHERWISE = "check the disk and the folder's owner, then `worldloom resume`"
_ADVICE = {
    errno.ENOSPC: "free space and `worldloom resume`",
    errno.EDQUOT: "free space within your quota and `worldloom resume`",
    errno.EACCES: "make the folder readable and writable for this user",
    errno.EROFS: "the file system is read-only; choose another folder",
    errno.ENOENT: "the file is missing; restore it from a copy, or run the audit to see what else is",
}


@contextmanager
def _reported(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise storage_error(error, path) from error


def _raise_unless_missing(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError | NotADirectoryError):
        raise error


def _fsync(place: Path) -> None:
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
