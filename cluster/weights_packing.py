"""A folder of weights in pieces, and the same folder elsewhere, to the byte. Says not how pieces travel; no Ray.

Hidden files and pickles stay behind: no backend reads them.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from worldloom.generators.backends.checkpoint import PICKLES
from worldloom.generators.errors import WeightsError
from worldloom.provenance.canonical import canonical

MOST_FILES = 10_000
"""Files that a folder of weights may have."""
PIECE_BYTES = 64 * 1024 * 1024
"""How much of a file one piece holds at most."""
_LONGEST_NAME = 255


class PackedFile(NamedTuple):
    """A file by its name within the folder (parts joined by `/`), its size in bytes and its hex SHA-256."""

    name: str
    size: int
    sha256: str


class Manifest(NamedTuple):
    """What a folder holds, by name. Two folders with one manifest answer alike."""

    files: tuple[PackedFile, ...]

    @property
    def digest(self) -> str:
        """Hex SHA-256 over names, sizes and digests of all files."""
        return hashlib.sha256(canonical([list(file) for file in self.files])).hexdigest()

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)


def size_of(folder: Path) -> int:
    """Return how many bytes of a folder would travel; raises WeightsError as `pack` does."""
    try:
        return sum(path.stat().st_size for _, path in _files(folder))
    except OSError as error:
        raise _unreadable(folder, error) from error


def pack(folder: Path, put: Callable[[str, bytes], None] | None = None) -> Manifest:
    """Return what a folder holds; gives each file's name and pieces to `put`, in order, one piece at a time.

    Raises WeightsError for a folder that cannot be read, holds a link that leads out of it or to a folder, or holds
    anything but files and folders.
    """
    try:
        return Manifest(tuple(_pack_file(name, path, put) for name, path in _files(folder)))
    except OSError as error:
        raise _unreadable(folder, error) from error


def unpack(manifest: Manifest, pieces: Callable[[str], Iterable[bytes]], folder: Path) -> None:
    """Write the files of a manifest into a folder that is made for them; `pieces` yields a file's bytes by its name.

    Raises WeightsError for names that lead elsewhere and for bytes that are not those of the manifest, OSError from
    the disk. What was written by then stays: whoever gave the folder removes it.
    """
    _require_names(manifest)
    folder.mkdir(mode=0o700)
    for file in manifest.files:
        path = folder / file.name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(path, file, pieces(file.name))
    # Read back from the disk: what lies there is what will be loaded.
    found = pack(folder)
    if found != manifest:
        told = sorted({*found.files} ^ {*manifest.files})[0]
        raise WeightsError(f"{told.name}: was changed or cut short on its way to this node; run again")


def _pack_file(name: str, path: Path, put: Callable[[str, bytes], None] | None) -> PackedFile:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as stream:
        while piece := stream.read(PIECE_BYTES):
            digest.update(piece)
            size += len(piece)
            if put is not None:
                put(name, piece)
    return PackedFile(name, size, digest.hexdigest())


def _write(path: Path, file: PackedFile, pieces: Iterable[bytes]) -> None:
    left = file.size
    with path.open("xb") as stream:
        for piece in pieces:
            left -= len(piece)
            if left < 0:
                raise WeightsError(f"{file.name}: is longer than the {file.size} bytes that were announced; run again")
            stream.write(piece)


def _files(folder: Path) -> list[tuple[str, Path]]:
    """Return the files that travel, by name; raises WeightsError for what cannot, OSError for what cannot be read."""
    found = sorted((path.relative_to(folder).as_posix(), path) for path in _walk(folder))
    if len(found) > MOST_FILES:
        raise WeightsError(f"{folder}: holds {len(found)} files and may hold {MOST_FILES}; give a folder of weights")
    for name, path in found:
        fault = _fault(name) or _fault_of_file(folder, path)
        if fault:
            raise WeightsError(f"{folder}: {name[:_LONGEST_NAME]!r} {fault}")
    return found


def _walk(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder, onerror=_fail):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in folders:
            if (path := Path(root, name)).is_symlink():
                yield path
        yield from (
            Path(root, name) for name in names if not name.startswith(".") and Path(name).suffix.lower() not in PICKLES
        )


def _fail(error: OSError) -> None:
    raise error


def _fault_of_file(folder: Path, path: Path) -> str:
    """Return why a path cannot travel as a file, "" if it can."""
    if path.is_symlink():
        if path.is_dir():
            return "is a link to a folder: copy the weights with `cp -rL` and give the copy"
        if not path.resolve().is_relative_to(folder.resolve()):
            return "is a link that leads out of the folder: copy the weights with `cp -rL` and give the copy"
    return "" if path.is_file() else "is no file: remove it"


def _fault(name: str) -> str:
    """Return why a name cannot be that of a file of weights, "" if it can."""
    parts = name.split("/")
    if any(part.startswith(".") or not part or len(part.encode("utf-8", "replace")) > _LONGEST_NAME for part in parts):
        return "is no name of a file within the folder"
    return "" if name.isprintable() and "\\" not in name else "has marks in its name that files of weights do not have"


def _require_names(manifest: Manifest) -> None:
    names = {file.name for file in manifest.files}
    folders = {parent.as_posix() for name in names for parent in Path(name).parents}
    for name in names:
        fault = _fault(name) or ("is a file and a folder" if name in folders else "")
        if fault:
            raise WeightsError(f"packed weights: {name[:_LONGEST_NAME]!r} {fault}; nothing of them was written")
    if len(names) != len(manifest.files) or len(names) > MOST_FILES:
        raise WeightsError("packed weights: a name stands there twice, or too many do; nothing of them was written")


def _unreadable(folder: Path, error: OSError) -> WeightsError:
    return WeightsError(f"{folder}: the weights cannot be read ({error}); make them readable or give another folder")
