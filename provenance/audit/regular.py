"""The regular files of a disk, listed once: what an audit reads. Links, pipes and odd names are listed, not opened."""

from __future__ import annotations

import io
from contextlib import suppress
from typing import BinaryIO, ClassVar

from worldloom.provenance.errors import StorageError
from worldloom.provenance.read_only import ReadOnly
from worldloom.provenance.storage import Disk

LARGEST_READ = 256 << 20
"""Bytes of a file that is read whole: of the log, bodies, answers. What was made is read by pieces."""


class RegularFiles(ReadOnly):
    """Reads as `storage.Disk` does, but only names that are regular files now; writing raises StorageError.

    `names` are all names found, regular files or not, sorted. The file `first` is read before the listing, once: while
    somebody writes, all that a log's checkpoint needs is there before the checkpoint is.
    """

    WHY: ClassVar[str] = "an audit changes nothing"

    def __init__(self, disk: Disk, first: str) -> None:
        self._disk = disk
        self._pinned: dict[str, bytes] = {}
        with suppress(StorageError):  # read again where it is needed, and reported there
            if disk.exists(first) and disk.size(first) <= LARGEST_READ:
                self._pinned[first] = disk.read(first)
        found = disk.files()
        self._regular = {name: None for name in found if self._is_regular(name)}
        if len(self._regular) < len(found):
            # What has gone since, as the temporary files of a writer do, is no odd file.
            still = set(disk.files())
            found = [name for name in found if name in self._regular or name in still]
        self.names = found

    def _is_regular(self, path: str) -> bool:
        try:
            return self._disk.exists(path)
        except StorageError:
            return False

    def read(self, path: str) -> bytes:
        """Return the whole file, unless it is larger than any that has to be in memory."""
        self._check(path)
        size = self._disk.size(path)
        if size > LARGEST_READ:
            raise StorageError(f"{path}: {too_large(size)}")
        return self._pinned[path] if path in self._pinned else self._disk.read(path)

    def open(self, path: str) -> BinaryIO:
        """Return the file as a stream."""
        self._check(path)
        return io.BytesIO(self._pinned[path]) if path in self._pinned else self._disk.open(path)

    def exists(self, path: str) -> bool:
        """Whether a regular file has that name."""
        return path in self._regular

    def size(self, path: str) -> int:
        """Length in bytes."""
        return self._disk.size(path)

    def files(self, prefix: str = "") -> list[str]:
        """Return the regular files below a folder, sorted."""
        start = prefix.removesuffix("/") + "/" if prefix else ""
        return [name for name in self._regular if name.startswith(start)]

    def _check(self, path: str) -> None:
        if path not in self._regular:
            raise StorageError(f"{path}: is missing, or no regular file; restore it from a copy")


def too_large(size: int) -> str:
    """Say that a file is larger than those that are read whole."""
    return f"has {size:,} bytes; no file of a run that is read whole has more than {LARGEST_READ:,}"
