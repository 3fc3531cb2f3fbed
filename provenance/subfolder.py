"""A folder of a disk as a disk of its own, such as the run folder beside which its zip stands. Holds no file itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

from .storage import Disk, check_path


class Subfolder:
    """The part of `disk` below `folder`; paths lose that prefix. Methods as in `storage.Disk`."""

    def __init__(self, disk: Disk, folder: str) -> None:
        self._disk = disk
        self._prefix = check_path(folder) + "/"

    def read(self, path: str) -> bytes:
        """Return the whole file."""
        return self._disk.read(self._inside(path))

    def open(self, path: str) -> BinaryIO:
        """Return the file as a stream."""
        return self._disk.open(self._inside(path))

    def exists(self, path: str) -> bool:
        """Whether a regular file has that name."""
        return self._disk.exists(self._inside(path))

    def size(self, path: str) -> int:
        """Length of the file in bytes."""
        return self._disk.size(self._inside(path))

    def files(self, prefix: str = "") -> list[str]:
        """Return all files below a folder, sorted by UTF-8 bytes."""
        return [path.removeprefix(self._prefix) for path in self._disk.files(self._prefix + prefix)]

    def create(self, path: str, data: bytes) -> None:
        """Write a file."""
        self._disk.create(self._inside(path), data)

    def sync(self, path: str) -> None:
        """Make the file's bytes durable."""
        self._disk.sync(self._inside(path))

    def sync_many(self, paths: Sequence[str]) -> None:
        """Make the bytes of many files durable."""
        self._disk.sync_many([self._inside(path) for path in paths])

    def sync_folder(self, path: str) -> None:
        """Make the names in a folder durable."""
        self._disk.sync_folder(self._inside(path) if path else self._prefix.removesuffix("/"))

    def rename(self, old: str, new: str) -> None:
        """Give the file another name."""
        self._disk.rename(self._inside(old), self._inside(new))

    def remove(self, path: str) -> None:
        """Take a file's name away."""
        self._disk.remove(self._inside(path))

    def remove_folder(self, path: str) -> None:
        """Take an empty folder away."""
        self._disk.remove_folder(self._inside(path))

    def _inside(self, path: str) -> str:
        return self._prefix + check_path(path)
