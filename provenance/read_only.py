"""The writing half of `storage.Disk` for what is only read: each method raises StorageError."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NoReturn

from .errors import StorageError


class ReadOnly:
    """Refuses to write; `WHY` tells the user why, and what to do."""

    WHY: ClassVar[str]

    def create(self, path: str, data: bytes) -> None:
        """Refuse."""
        del data
        self._refuse(path)

    def sync(self, path: str) -> None:
        """Refuse."""
        self._refuse(path)

    def sync_many(self, paths: Sequence[str]) -> None:
        """Refuse."""
        self._refuse(", ".join(paths[:1]))

    def sync_folder(self, path: str) -> None:
        """Refuse."""
        self._refuse(path)

    def rename(self, old: str, new: str) -> None:
        """Refuse."""
        del new
        self._refuse(old)

    def remove(self, path: str) -> None:
        """Refuse."""
        self._refuse(path)

    def remove_folder(self, path: str) -> None:
        """Refuse."""
        self._refuse(path)

    def _refuse(self, path: str) -> NoReturn:
        raise StorageError(f"{path}: {self.WHY}")
