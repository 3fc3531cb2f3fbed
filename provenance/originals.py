"""Finds what a file was before it was edited: a signed file, or one of that name in a run, its zip or a bundle."""

from __future__ import annotations

import re
from pathlib import Path

from .bundle_layout import FILE
from .errors import CredentialError, ProvenanceError, StorageError
from .folder import ARTIFACTS, RUN_JSON, SCENARIO_PY, WORLD, sidecar
from .importing import Original
from .media import media_type_of
from .storage import LocalDisk, Storage, storage_error
from .zip_disk import ZipDisk

_DIGEST = re.compile(r"[0-9a-f]{64}")
_PLACES = (ARTIFACTS, WORLD, SCENARIO_PY, FILE)


def find_original(file: Path, parent: Path | None) -> Original:
    """Return the original of an edited file.

    `parent` is a signed file (its sidecar beside it), a run folder, a run's zip or a bundle, where the file of the same
    name is taken, or of the digest with which the edited file's name begins. Without it, it is the file itself: what
    its own credential, inside or beside, was made for. Raises CredentialError where nothing fits, StorageError.
    """
    if parent is None:
        return _file(file)
    if parent.is_dir():
        if not (parent / RUN_JSON).is_file():
            raise CredentialError(f"{parent}: is a folder and no run; name the original file")
        return _inside(Storage(LocalDisk(parent)), file.name, parent)
    if parent.suffix == ".zip" and file.suffix != ".zip":
        with parent.open("rb") as stream:
            return _inside(Storage(ZipDisk(stream)), file.name, parent)
    return _file(parent)


def _file(path: Path) -> Original:
    beside = path.with_name(sidecar(path.name))
    try:
        store = beside.read_bytes() if beside.is_file() else None
        return Original(path.name, media_type_of(path.name), path.read_bytes(), store)
    except OSError as error:
        raise storage_error(error, str(path)) from error


def _inside(storage: Storage, name: str, where: Path) -> Original:
    path = _of_name(storage, name)
    if path is None:
        raise CredentialError(
            f"{where}: holds no file {name[:120]!r}, and none whose digest it begins with; name the original file"
        )
    try:
        store = storage.read(sidecar(path)) if storage.exists(sidecar(path)) else None
        return Original(path.rpartition("/")[2], media_type_of(path), storage.read(path), store)
    except ProvenanceError as error:
        raise StorageError(f"{where}: {error}") from error


def _of_name(storage: Storage, name: str) -> str | None:
    digest = _DIGEST.match(name)
    for path in storage.files():
        own = path.rpartition("/")[2]
        if not path.startswith(_PLACES) or own.endswith(".c2pa"):
            continue
        if own == name or (digest is not None and own.startswith(digest[0])):
            return path
    return None
