"""Opens files of the operating system for an audit: regular files only, so that no pipe or device holds it up."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

from worldloom.provenance.errors import FormatError
from worldloom.provenance.storage import storage_error

_KINDS = (
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISLNK, "a link"),
)


def open_regular(path: Path) -> BinaryIO:
    """Return a regular file as a stream; links on the way to it are followed, since an auditor named the path.

    Raises FormatError for a pipe, a socket, a device or a folder, StorageError where nothing can be opened.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        # A socket cannot be opened; what it is tells more than the refusal.
        kind = odd_kind(path, follow=True)
        if kind:
            raise FormatError(f"is {kind}, and no file") from error
        raise storage_error(error, str(path)) from error
    mode = os.fstat(handle).st_mode
    if not stat.S_ISREG(mode):
        os.close(handle)
        raise FormatError(f"is {_kind(mode)}, and no file")
    return os.fdopen(handle, "rb")


def odd_kind(path: Path, *, follow: bool = False) -> str:
    """Say what a path is where it is no regular file, `""` where it is one or nothing can be said."""
    try:
        mode = os.stat(path, follow_symlinks=follow).st_mode  # noqa: PTH116  (a Path would have to be made)
    except OSError:
        return ""
    return "" if stat.S_ISREG(mode) else _kind(mode)


def read_beside(path: Path, most: int) -> bytes | None:
    """Return a small file that may stand beside, None where there is none; a byte too many where it is not small.

    Raises FormatError where something else than a file stands there.
    """
    if not os.path.lexists(path):
        return None
    with open_regular(path) as stream:
        return stream.read(most + 1)


def _kind(mode: int) -> str:
    return next((name for test, name in _KINDS if test(mode)), "something else")
