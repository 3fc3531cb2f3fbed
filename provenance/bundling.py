"""Writes the bundle of a run's file from a run folder on the disk: finds file, run and what stands beside it."""

from __future__ import annotations

import os
from pathlib import Path

from .artifact_bundle import Beside, make_bundle
from .errors import FormatError, ProvenanceError, StorageError
from .folder import CHECKPOINT, SEAL
from .note import Checkpoint, parse_note
from .receipt import REPLAY
from .storage import LocalDisk, Storage, storage_error
from .timestamp import TIMESTAMP
from .witnessed import WITNESS


def write_bundle(
    run: Path, artifact: str | os.PathLike[str], out: str | os.PathLike[str] | None = None, *, parts: bool = False
) -> Path:
    """Write the bundle of a file of a run folder; arguments and errors are those of `Run.bundle`."""
    folder = Path(os.path.realpath(run))
    storage = Storage(LocalDisk(folder))
    name, data = make_bundle(storage, _in_run(folder, artifact), _beside(folder, storage), parts=parts)
    path = Path(name if out is None else out)
    if folder in Path(os.path.realpath(path)).parents:
        raise FormatError(f"{path}: lies in the run folder, which {SEAL} closed; give a place outside with --out")
    try:
        path.write_bytes(data)
    except OSError as error:
        raise storage_error(error, str(path)) from error
    return path


def _in_run(folder: Path, artifact: str | os.PathLike[str]) -> str:
    """Return a file's path inside the run folder; a name that is no file on the disk stays what it is."""
    real = Path(os.path.realpath(artifact))
    if folder in real.parents:
        return real.relative_to(folder).as_posix().removesuffix(".c2pa")
    return os.fspath(artifact)


def _beside(folder: Path, storage: Storage) -> Beside:
    def read(ending: str) -> bytes | None:
        path = folder.with_name(folder.name + ending)
        try:
            return path.read_bytes() if path.is_file() else None
        except OSError as error:
            raise StorageError(f"{path}: {error.strerror}; make it readable") from error

    witness = read(WITNESS)
    return Beside(
        witness if witness is None or _of_last_head(witness, storage) else None, read(TIMESTAMP), read(REPLAY)
    )


def _of_last_head(note: bytes, storage: Storage) -> bool:
    """Whether a witness spoke of the head in the run: a bundle has no tiles to compare another one with."""
    try:
        seen = Checkpoint.parse(parse_note(note, foreign=True)[0], extended=True)
        head = Checkpoint.parse(parse_note(storage.read(CHECKPOINT))[0])
    except ProvenanceError:
        return False
    return (seen.size, seen.root) == (head.size, head.root)
