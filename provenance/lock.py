"""One writer at a time: an advisory lock on the run folder's `lock` file. Not for readers, who need none."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType

from .errors import LockedError, StorageError
from .folder import LOCK
from .storage import storage_error

_TRIES = 5
_PAUSE_SECONDS = 0.02


class RunLock:
    """Holds the lock from `acquire` to `release`; the system lets go of it when the process dies."""

    def __init__(self, root: Path) -> None:
        self.path = Path(root) / LOCK
        self._handle: int | None = None

    def acquire(self) -> None:
        """Take the lock; raises LockedError naming the holder's process, StorageError when the folder
        refuses.
        """
        if self._handle is not None:
            raise LockedError(f"{self.path}: this process holds the lock already; release it first")
        try:
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise storage_error(error, str(self.path)) from error
        if not _take(handle):
            holder = os.pread(handle, 20, 0).decode("ascii", "replace").strip() or "unknown"
            os.close(handle)
            raise LockedError(f"{self.path}: process {holder} is writing this run; wait for it or stop it")
        os.ftruncate(handle, 0)
        os.pwrite(handle, b"%d\n" % os.getpid(), 0)
        self._handle = handle

    def release(self) -> None:
        """Let the lock go; does nothing when it is not held."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    @property
    def held(self) -> bool:
        """Whether this object holds the lock."""
        return self._handle is not None

    def __enter__(self) -> RunLock:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def is_locked(root: Path) -> bool:
    """Whether somebody holds the lock of this run folder now; StorageError if that cannot be seen."""
    path = Path(root) / LOCK
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise StorageError(str(storage_error(error, str(path)))) from error
    try:
        return not _try(handle, fcntl.LOCK_SH)
    finally:
        os.close(handle)


def _take(handle: int) -> bool:
    # is_locked() of another process holds a shared lock for an instant; a few tries tell it from a writer.
    for _ in range(_TRIES):
        if _try(handle, fcntl.LOCK_EX):
            return True
        time.sleep(_PAUSE_SECONDS)
    return False


def _try(handle: int, mode: int) -> bool:
    try:
        fcntl.flock(handle, mode | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
