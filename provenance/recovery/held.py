"""Runs that are searched, as they lie on disk: folders, and the zips they are sent as. Reads only, judges nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from worldloom.provenance.errors import ProvenanceError, StorageError
from worldloom.provenance.folder import CHECKPOINT, RUN_JSON
from worldloom.provenance.storage import LocalDisk, Storage
from worldloom.provenance.zip_disk import ZipDisk

ZIP = ".zip"


def runs_in(paths: Iterable[Path]) -> list[Path]:
    """Return the runs among the paths and one level below them, in order, each once.

    A zip that lies beside the folder it was packed from counts where it is named itself.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if is_run(path):
            found[path] = None
        if path.is_dir():
            below = sorted(each for each in path.iterdir() if is_run(each))
            found |= dict.fromkeys(each for each in below if each.is_dir() or each.with_suffix("") not in below)
    return list(found)


def is_run(path: Path) -> bool:
    """Whether a run folder or the zip of one is there; what cannot be read is none."""
    if not path.is_dir() and not (path.is_file() and path.suffix == ZIP):
        return False
    try:
        with opened(path) as storage:
            return storage.exists(RUN_JSON) and storage.exists(CHECKPOINT)
    except ProvenanceError:
        return False


@contextmanager
def opened(run: Path) -> Iterator[Storage]:
    """Give a run's files; raises FormatError for a file that is no zip, StorageError for one that cannot be read."""
    if run.is_dir():
        yield Storage(LocalDisk(run))
        return
    try:
        stream = run.open("rb")
    except OSError as error:
        raise StorageError(f"{run}: cannot be read: {error.strerror}") from error
    with stream:
        yield Storage(ZipDisk(stream))
