"""Stops the process that writes a run, as Ctrl-C does. Only one that holds its lock, here, as this user.

The number in the lock file is only a hint: whoever made the folder wrote it. The process must have the file open.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

from worldloom.cluster.errors import RunFolderError
from worldloom.provenance.folder import LOCK
from worldloom.provenance.lock import is_locked

_PROC = Path("/proc")
_LONGEST = 20


def writer_of(folder: Path) -> int:
    """Return the process that writes a run; raises RunFolderError where there is none that could be stopped."""
    if not is_locked(folder):
        raise RunFolderError(f"{folder.name}: nobody writes this run now, so there is nothing to stop")
    number = _written(folder / LOCK)
    if number is None or not _has_open(number, folder / LOCK):
        raise RunFolderError(
            f"{folder.name}: the process that writes it is not to be found here as yours: it runs on another machine, "
            "in another container, or as another user. Stop it there with Ctrl-C"
        )
    return number


def stop(folder: Path) -> int:
    """Interrupt the process that writes a run and return its number; raises RunFolderError.

    What is committed stays; the run can be resumed. A process that ignores Ctrl-C, as shells set for what they start
    in the background, is asked to end instead, which does the same.
    """
    number = writer_of(folder)
    try:
        handle = os.pidfd_open(number)  # the number may be another's by now; the handle never is
    except OSError as error:
        raise RunFolderError(f"{folder.name}: process {number} cannot be stopped ({error.strerror})") from error
    try:
        if writer_of(folder) != number:
            raise RunFolderError(f"{folder.name}: another process writes it now; look again")
        signal.pidfd_send_signal(handle, signal.SIGTERM if _ignores_interrupt(number) else signal.SIGINT)
    except OSError as error:
        raise RunFolderError(f"{folder.name}: process {number} cannot be stopped ({error.strerror})") from error
    finally:
        os.close(handle)
    return number


def _written(lock: Path) -> int | None:
    try:
        handle = os.open(lock, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        text = os.read(handle, _LONGEST).decode("ascii", "replace").strip()
    finally:
        os.close(handle)
    return int(text) if text.isascii() and text.isdigit() and int(text) > 1 else None


def _has_open(number: int, lock: Path) -> bool:
    try:
        wanted = lock.stat()
        for each in (_PROC / str(number) / "fd").iterdir():
            try:
                found = each.stat()
            except OSError:
                continue  # closed meanwhile
            if (found.st_dev, found.st_ino) == (wanted.st_dev, wanted.st_ino):
                return True
    except OSError:
        return False
    return False


def _ignores_interrupt(number: int) -> bool:
    try:
        status = (_PROC / str(number) / "status").read_text()
    except OSError:
        return False
    ignored = next((line.split()[1] for line in status.splitlines() if line.startswith("SigIgn:")), "0")
    return bool(int(ignored, 16) >> (signal.SIGINT - 1) & 1)
