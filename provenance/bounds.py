"""How much of a hostile file the C2PA SDK may be led to do: sizes that it would take into memory, and calls.

The SDK takes some formats into memory whole, and of all formats the manifest store; it follows as many boxes as a file
has. Here a file is looked at by its outer boxes, a bounded number of them, before the SDK does. Judges no credential.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from .errors import FormatError
from .sections import length


@dataclass(frozen=True)
class Bounds:
    """In bytes: `largest` file that is read at all, `whole` for what is read into memory, `store` for manifest stores.

    `boxes` are followed in a file that is larger than `whole`; `calls` are reads and seeks of the SDK in a small file.
    """

    largest: int = 4 << 30
    whole: int = 256 << 20
    store: int = 64 << 20
    boxes: int = 100_000
    calls: int = 200_000

    def calls_in(self, size: int, media_type: str) -> int:
        """Return how many reads and seeks the SDK may do: it reads large parts at once, but zips by small ones."""
        return self.calls + size // (100 if media_type == "application/zip" else 4096)


BOUNDS = Bounds()


def size_fault(stream: BinaryIO, media_type: str, sidecar: bytes | None, bounds: Bounds = BOUNDS) -> str:
    """Say why a file is too large for its credential to be read; `""` where it is not. The stream stands at its start.

    `sidecar` is the manifest store beside it, None for one inside.
    """
    size = length(stream)
    if size > bounds.largest:
        return f"has {size:,} bytes, and no file of more than {bounds.largest:,} is read; --largest allows more"
    if sidecar is not None:
        return f"its sidecar has {len(sidecar):,} bytes; {_most(bounds.store)}" if len(sidecar) > bounds.store else ""
    if size <= bounds.whole and media_type != "application/zip":
        return ""
    fault = _parts_fault(stream, size, media_type, bounds)
    stream.seek(0)
    return f"has {size:,} bytes, {fault}" if fault else ""


def _parts_fault(stream: BinaryIO, size: int, media_type: str, bounds: Bounds) -> str:
    walk = _WALKS.get(media_type)
    if walk is None:
        return f"and credentials in this format are read from at most {bounds.whole:,}"
    try:
        for number, (name, held) in enumerate(walk(stream, size)):
            most = bounds.store if name in _STORES else bounds.whole
            if held > most:
                return f"of which {name.decode('latin-1')!r} claims {held:,}; {_most(most)}"
            if number >= bounds.boxes:
                return f"in more than {bounds.boxes:,} parts"
    except (FormatError, struct.error, OSError) as error:
        return f"and its parts cannot be followed: {error}"
    return ""


def _most(most: int) -> str:
    return f"at most {most:,} are read"


_STORES = (b"caBX", b"C2PA", b"uuid")
_FREE = (b"mdat", b"free", b"skip")
"""BMFF boxes whose inside nobody reads but to hash it."""

Parts = Iterator[tuple[bytes, int]]
"""Name of an outer part of a file, and how many of its bytes a reader takes into memory."""


def _png(stream: BinaryIO, size: int) -> Parts:
    at = 8
    while at < size:
        stream.seek(at)
        held, name = struct.unpack(">I4s", stream.read(8))
        yield name, held if name == b"caBX" else 0
        at += 12 + held


def _riff(stream: BinaryIO, size: int) -> Parts:
    at = 12
    while at + 8 <= size:
        stream.seek(at)
        name, held = struct.unpack("<4sI", stream.read(8))
        yield name, held if name == b"C2PA" else 0
        at += 8 + held + (held & 1)


def _bmff(stream: BinaryIO, size: int) -> Parts:
    at = 0
    while at + 8 <= size:
        stream.seek(at)
        held, name = struct.unpack(">I4s", stream.read(8))
        if held == 1:
            (held,) = struct.unpack(">Q", stream.read(8))
        elif held == 0:
            held = size - at
        if held < 8 or held > size - at:
            raise FormatError(f"the box at byte {at:,} claims {held:,} bytes")
        yield name, 0 if name in _FREE else held
        at += held


def _zip(stream: BinaryIO, size: int) -> Parts:
    from .zip_disk import CREDENTIAL, ZipDisk  # noqa: PLC0415  (which uses bundles, and they credentials)

    del size
    yield from ((b"C2PA", info.file_size) for info in ZipDisk(stream).infos if info.filename == CREDENTIAL)


_WALKS: Mapping[str, Callable[[BinaryIO, int], Parts]] = {
    "image/png": _png,
    "image/webp": _riff,
    "audio/wav": _riff,
    "video/x-msvideo": _riff,
    "video/mp4": _bmff,
    "video/quicktime": _bmff,
    "audio/mp4": _bmff,
    "application/zip": _zip,
}
"""The formats that the SDK does not take into memory whole."""


class Bounded(io.RawIOBase):
    """A stream to read, that says no after so many calls; `spent` tells whether it did."""

    def __init__(self, stream: BinaryIO, calls: int) -> None:
        super().__init__()
        self._stream, self._left = stream, calls

    @property
    def spent(self) -> bool:
        """Whether more calls were made than are allowed."""
        return self._left < 0

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read; raises OSError after too many calls."""
        self._count()
        return cast("io.RawIOBase", self._stream).readinto(buffer) or 0

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place; raises OSError after too many calls."""
        self._count()
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        """Where the next byte is read."""
        return self._stream.tell()

    def _count(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise OSError("too many reads")
