"""Readable streams over parts of files, and digests taken a piece at a time. Reads only what is asked for."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from typing import Any, BinaryIO

CHUNK = 1 << 20
"""Bytes read at once where a file is digested or compared."""


class Section(io.RawIOBase):
    """The `size` bytes from `start` of a seekable stream, as a stream that begins at 0. Sections share the stream."""

    def __init__(self, stream: BinaryIO, start: int, size: int) -> None:
        super().__init__()
        self._stream, self._start, self._size = stream, start, size
        self._at = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to an offset from the section's start, from here, or from its end."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise ValueError(f"seek to byte {base + offset}, before the section's start")
        self._at = base + offset
        return self._at

    def tell(self) -> int:
        """Where the next byte is read."""
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Read up to the section's end."""
        room = max(0, min(len(buffer), self._size - self._at))
        self._stream.seek(self._start + self._at)
        data = self._stream.read(room)
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


def pieces(stream: BinaryIO, size: int | None = None) -> Iterator[bytes]:
    """Yield what follows in a stream, at most `size` bytes of it, by pieces of at most CHUNK."""
    left = size
    while left is None or left > 0:
        piece = stream.read(CHUNK if left is None else min(CHUNK, left))
        if not piece:
            return
        yield piece
        left = None if left is None else left - len(piece)


def length(stream: BinaryIO) -> int:
    """Return a stream's whole length in bytes; it stands at its start then."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    return size


def stream_digest(stream: BinaryIO) -> bytes:
    """Plain SHA-256 of a whole stream, in memory that does not grow with it."""
    stream.seek(0)
    digest = hashlib.sha256()
    for piece in pieces(stream):
        digest.update(piece)
    return digest.digest()
