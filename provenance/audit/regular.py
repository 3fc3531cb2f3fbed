"""The regular files of a disk, listed once: what an audit reads. Links, pipes and odd names are listed, not opened."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import NoReturn

from worldloom.provenance.errors import StorageError
from worldloom.provenance.storage import Disk


class RegularFiles:
    """Reads as `storage.Disk` does, but only names that are regular files now; writing raises StorageError.

    `names` are all names found, regular files or not, sorted. The file `first` is read before the listing, once: while
    somebody writes, all that a log's checkpoint needs is there before the checkpoint is.
    """

    def __init__(self, disk: Disk, first: str) -> None:
        self._disk = disk
        self._pinned: dict[str, bytes] = {}
        with suppress(StorageError):  # read again where it is needed, and reported there
            if disk.exists(first):
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
        """Return the whole file."""
        if path not in self._regular:
            raise StorageError(f"{path}: is missing, or no regular file; restore it from a copy")
        return self._pinned[path] if path in self._pinned else self._disk.read(path)

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


def _refuse(path: str) -> NoReturn:
    raise StorageError(f"{path}: an audit changes nothing")
