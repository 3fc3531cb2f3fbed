"""A sweep's folder: rows of runs, run folders, the table, one lock. Decides what an earlier call has finished."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from worldloom.cluster.errors import RunFolderError
from worldloom.provenance.folder import LOCK, SEAL
from worldloom.provenance.lock import RunLock
from worldloom.provenance.storage import PART, LocalDisk, Storage

from .grid import Planned
from .result import SweepResult
from .row import ROWS, Outcome, Row, read_outcome, write_row

RUNS = "runs"
"""Folder of the run folders in a sweep's folder."""
TABLE = "sweep.parquet"
_OURS = frozenset((ROWS.rstrip("/"), RUNS, TABLE, LOCK))


class Store:
    """The sweep's folder, locked while it is open; with no folder nothing is found or written."""

    def __init__(self, out: Path | None, *, keep: bool, every: int) -> None:
        self.out = out
        self.keep = keep
        self._every = every
        self._lock: RunLock | None = None

    def __enter__(self) -> None:
        if self.out is None:
            return
        try:
            self.out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RunFolderError(f"{self.out}: {error.strerror}; choose another folder for the sweep") from error
        foreign = sorted({each.name.removesuffix(PART) for each in self.out.iterdir()} - _OURS)
        if foreign:
            raise RunFolderError(f"{self.out}: holds {foreign[0]}, so it is no sweep's; choose another folder")
        self._lock = RunLock(self.out)
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        if self._lock is not None:
            self._lock.release()

    def found(self, planned: Iterable[Planned]) -> dict[str, Outcome]:
        """Return what earlier calls finished, by run; a kept run counts while its sealed folder is there."""
        found: dict[str, Outcome] = {}
        if self.out is None:
            return found
        for each in planned:
            outcome = read_outcome(self._storage, each.name)
            whole = not self.keep or (self.out / RUNS / each.name / SEAL).is_file()
            if outcome is not None and whole and outcome.serves(keep=self.keep, every=self._every):
                found[each.name] = outcome
        return found

    def write(self, row: Row) -> None:
        """Keep a row."""
        if self.out is not None:
            write_row(self._storage, row)

    def write_table(self, result: SweepResult) -> None:
        """Write the whole table as Parquet."""
        if self.out is None:
            return
        import pyarrow as pa  # noqa: PLC0415  (heavy)
        import pyarrow.parquet  # noqa: PLC0415

        sink = pa.BufferOutputStream()
        pa.parquet.write_table(result.table, sink)
        self._storage.write(TABLE, sink.getvalue().to_pybytes())

    @property
    def _storage(self) -> Storage:
        return Storage(LocalDisk((self.out or Path()).resolve()))
