"""A node's own copy of weights: unpacked once, whole or not at all, gone with its run. Files and locks only; no Ray.

`<temporary folder>/worldloom-weights-<user>/<run and node>/` has `held`, locked by every process that uses it; `lock`,
by the one that unpacks; `<digest>`, whole weights; `<digest>.part`, weights that are being unpacked, or were when their
process died; and `<digest>.lies`, which says that the folder that was named holds the very same weights.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from worldloom.generators.errors import WeightsError

from .weights_packing import Manifest, pack, unpack

REMOVE_SECONDS = 20
"""How long a removal waits for processes that were killed a moment ago."""
_PAUSE_SECONDS = 0.05
_HELD = "held"


class Settled(NamedTuple):
    """Where weights lie on this node; `unpacked` for the one process that put them there."""

    folder: Path
    unpacked: bool


class NodeFolder:
    """One run's folder on this node. As long as this object lives, no other run takes it for a leftover."""

    def __init__(self, name: str, base: Path | None = None) -> None:
        """Make the folder where it does not exist and remove those of runs that died; raises WeightsError."""
        base = own_folder() if base is None else base
        self.path = base / name
        try:
            with _locked(base / "lock"):
                _sweep(base, name)
                self.path.mkdir(mode=0o700, exist_ok=True)
                self._held = _open(self.path / _HELD)
                fcntl.flock(self._held, fcntl.LOCK_SH)
        except OSError as error:
            raise _refused(self.path, error) from error

    def settle(
        self, manifest: Manifest, pieces: Callable[[str], Iterable[bytes]], original: Path | None = None
    ) -> Settled:
        """Return where the weights of a manifest lie; the first process that asks unpacks them, all others wait.

        An `original` folder with the very same weights is used where it lies. Raises WeightsError.
        """
        whole = self.path / manifest.digest
        lies = whole.with_suffix(".lies")
        try:
            with _locked(self.path / "lock"):
                if whole.is_dir():
                    return Settled(whole, unpacked=False)
                if original is not None and (lies.is_file() or _holds(original, manifest)):
                    lies.touch()
                    return Settled(original, unpacked=False)
                self._unpack(manifest, pieces, whole)
        except OSError as error:
            raise _refused(self.path, error) from error
        return Settled(whole, unpacked=True)

    def close(self) -> None:
        """Hold the folder no longer; its files stay until `remove`. May be called twice."""
        if self._held >= 0:
            os.close(self._held)
            self._held = -1

    def _unpack(self, manifest: Manifest, pieces: Callable[[str], Iterable[bytes]], whole: Path) -> None:
        part = whole.with_suffix(".part")
        if part.exists():
            shutil.rmtree(part)
        try:
            unpack(manifest, pieces, part)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
        part.rename(whole)


def remove(name: str, base: Path | None = None, seconds: float = REMOVE_SECONDS) -> bool:
    """Remove a run's folder once no process holds it; returns whether it is gone. The next run sweeps what stays."""
    path = (own_folder() if base is None else base) / name
    deadline = time.monotonic() + seconds
    while path.exists() and not _remove_unless_held(path):
        if time.monotonic() > deadline:
            return False
        time.sleep(_PAUSE_SECONDS)
    return True


def own_folder() -> Path:
    """Return the folder for all runs of this user on this node, closed to others; raises WeightsError."""
    path = Path(tempfile.gettempdir()) / f"worldloom-weights-{os.getuid()}"
    try:
        path.mkdir(mode=0o700, exist_ok=True)
        found = path.lstat()
    except OSError as error:
        raise _refused(path, error) from error
    if path.is_symlink() or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise WeightsError(f"{path}: is a link, or open to other users; remove it, or set TMPDIR for Ray on this node")
    return path


def _holds(folder: Path, manifest: Manifest) -> bool:
    """Whether a folder here has the weights of a manifest; one that cannot be read has not."""
    with suppress(WeightsError):
        return folder.is_dir() and pack(folder) == manifest
    return False


def _sweep(base: Path, kept: str) -> None:
    for path in base.iterdir():
        if path.is_dir() and path.name != kept:
            _remove_unless_held(path)


def _remove_unless_held(path: Path) -> bool:
    try:
        held = os.open(path / _HELD, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        shutil.rmtree(path, ignore_errors=True)
        return True
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(path, ignore_errors=True)
    except BlockingIOError:
        return False
    finally:
        os.close(held)
    return True


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a lock file, waiting for it; the system lets go of it when the process dies."""
    handle = _open(path)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)


def _refused(path: Path, error: OSError) -> WeightsError:
    return WeightsError(f"{path}: weights cannot be put there ({error}); make room, or set TMPDIR for Ray on this node")
