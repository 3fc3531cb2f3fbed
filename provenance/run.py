"""A run folder from Python: its lineage, its log, its files. Reads only; making runs is the cluster's business."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from .errors import LineageError
from .folder import CHECKPOINT, RUN_JSON, RunFile, read_run
from .lineage import StoredLineage
from .log_reader import LogReader
from .storage import LocalDisk, Storage


class Run:
    """A run folder, finished or not; made by `open`.

    from worldloom.provenance import Run

    run = Run.open("runs/saltmarsh-1")
    for row in run.lineage.ancestors("world/map.png"):
        print(row.depth, row.kind, row.id, row.what)
    """

    def __init__(
        self, folder: Path, facts: RunFile, trainings: Iterable[Storage] = (), cache: Path | None = None
    ) -> None:
        self.folder = folder
        self.id = facts.run_id
        self.storage = Storage(LocalDisk(folder))
        self._trainings = tuple(trainings)
        self._cache = cache

    @classmethod
    def open(cls, path: str | os.PathLike[str], *, trainings: Iterable[Storage] = (), cache: Path | None = None) -> Run:
        """Open a run folder.

        `trainings` are logs of trainings at hand, so that lineage goes on from a model to its data
        (`worldloom.generators.training.reference.shipped_logs()` has those of the shipped models); `cache` is a folder
        for lineage.sqlite instead of the user's own. Raises LineageError for what is no run folder, NewerFormatError
        for that of a later Worldloom.
        """
        folder = Path(os.path.realpath(path))
        if not (folder / RUN_JSON).is_file() or not (folder / CHECKPOINT).is_file():
            raise LineageError(f"{path}: is no run folder: one has {RUN_JSON} and {CHECKPOINT}; name the run's folder")
        return cls(folder, read_run(Storage(LocalDisk(folder))), trainings, cache)

    @cached_property
    def log(self) -> LogReader:
        """The log as its last checkpoint commits to it."""
        return LogReader(self.storage)

    @cached_property
    def lineage(self) -> StoredLineage:
        """What led to what in this run; opened when first asked for, and then as the log was at that time."""
        return StoredLineage.of(self.storage, self._trainings, self._cache)

    def bundle(
        self, artifact: str | os.PathLike[str], out: str | os.PathLike[str] | None = None, *, parts: bool = False
    ) -> Path:
        """Write a zip with one file of the run and all that proves it, for auditors without the run; returns its path.

        `artifact` is a path in the run folder, a file of it anywhere on the disk, or the hex content digest after which
        an artifact is named. `out` is the zip's path, `FILE.bundle.zip` in the working directory unless given. `parts`
        takes along the files that its credential names by their hashes only, with their prompts. Raises LineageError
        where the log names no such file, FormatError for a run that is not sealed, StorageError.
        """
        from .bundling import write_bundle  # noqa: PLC0415  (loads cryptography)

        return write_bundle(self.folder, artifact, out, parts=parts)
