"""A run folder as of one checkpoint, for readers that are slower than its writer commits. Reads only.

A commit removes the partial tiles of the one before; here they are kept in memory from the moment of opening.
"""

from __future__ import annotations

from pathlib import Path

from worldloom.provenance.errors import StorageError
from worldloom.provenance.folder import CHECKPOINT, LOG
from worldloom.provenance.storage import LocalDisk

_TRIES = 5
_PARTIAL = ".p/"
"""What names of partial tiles hold (C2SP tlog-tiles)."""


class AsOf(LocalDisk):
    """A run folder with checkpoint and partial tiles as they were when it was opened, all else as it is.

    Raises StorageError where the folder cannot be read, where its log moves on at every try, and for every write.
    """

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self._kept: dict[str, bytes] = {}
        self._kept = self._keep()

    def _keep(self) -> dict[str, bytes]:
        for _ in range(_TRIES):
            checkpoint = super().read(CHECKPOINT)
            try:
                kept = {path: self.read(path) for path in self.files(LOG) if _PARTIAL in path}
            except StorageError:
                continue  # gone while it was read: the writer has committed
            if super().read(CHECKPOINT) == checkpoint:
                return {**kept, CHECKPOINT: checkpoint}
        raise StorageError("the run is being written too fast to be read as a whole; try again, or once it has ended")

    def read(self, path: str) -> bytes:
        """Return the whole file."""
        return self._kept[path] if path in self._kept else super().read(path)

    def exists(self, path: str) -> bool:
        """Whether a regular file has that name."""
        return path in self._kept or super().exists(path)

    def size(self, path: str) -> int:
        """Length of the file in bytes."""
        return len(self._kept[path]) if path in self._kept else super().size(path)

    def create(self, path: str, data: bytes) -> None:
        """Refuse."""
        raise StorageError(f"{path}: this view of a run is for reading only ({len(data)} bytes were to be written)")

    def rename(self, old: str, new: str) -> None:
        """Refuse."""
        raise StorageError(f"{old}: this view of a run is for reading only, so it cannot become {new}")

    def remove(self, path: str) -> None:
        """Refuse."""
        raise StorageError(f"{path}: this view of a run is for reading only")
