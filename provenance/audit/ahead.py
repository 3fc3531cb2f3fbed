"""Reads what takes long of a run's made things before the steps ask for it, in several processes. Judges nothing.

What is found here is what the steps would find one by one, so findings and their order do not depend on the number of
processes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from worldloom.provenance.bounds import Bounds
from worldloom.provenance.credential import UNREADABLE, Credential
from worldloom.provenance.errors import StorageError
from worldloom.provenance.sections import stream_digest
from worldloom.provenance.storage import LocalDisk, Storage
from worldloom.provenance.zip_disk import ZipDisk

from .opened import OpenRun, read_made
from .pool import FEW, Workers
from .regular import LARGEST_READ


@dataclass(frozen=True)
class _Made:
    """Where a made thing lies, its media type, where its sidecar lies."""

    path: str
    media_type: str
    sidecar: str | None


@dataclass(frozen=True)
class _Source:
    """The run folder or zip, and how its credentials are read."""

    place: Path
    anchors: tuple[bytes, ...]
    bounds: Bounds


Found = tuple[str, str | None, Credential | None]
"""Path of a made thing, hex SHA-256 of the file, its credential."""


_BATCH = 8
"""Made things that a process is sent at once."""


def look_ahead(run: OpenRun, place: Path, workers: Workers) -> None:
    """Let several processes read the made things of the run in that folder or zip."""
    if workers.alone:
        return
    source = _Source(place, tuple(run.trust.authorities), run.demands.bounds)
    made = [
        _Made(each.path, each.media_type, each.sidecar if run.size(each.sidecar or "") <= LARGEST_READ else None)
        for each in run.delivered
        if not each.unsigned and each.path in run.present and not run.unread(each.path)
    ]
    much = workers.worth(len(made), FEW)
    for path, digest, credential in workers.in_order(partial(_look, source), made, _lost, much=much, batch=_BATCH):
        run.know(path, digest, credential)


def _look(source: _Source, made: _Made) -> Found:
    storage = _storage(source.place)
    beside = made.sidecar if made.sidecar is not None and storage.exists(made.sidecar) else None
    try:
        with storage.open(made.path) as stream:
            digest = stream_digest(stream).hex()
    except (StorageError, OSError):
        return made.path, None, None
    return made.path, digest, read_made(storage, made.path, made.media_type, beside, source.anchors, source.bounds)


def _lost(made: _Made) -> Found:
    return made.path, None, Credential(UNREADABLE, ("worldloom.bounds: reading it ended the process that did",))


@lru_cache(maxsize=1)
def _storage(place: Path) -> Storage:
    """Open a run once a process."""
    return Storage(LocalDisk(place) if place.is_dir() else ZipDisk(place.open("rb")))
