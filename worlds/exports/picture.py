"""How large a PNG or JPEG is, read from its own head; whatever is neither is refused. Pixels are not decoded."""

from __future__ import annotations

import struct
import zlib

from worldloom.worlds.land_errors import ExportError

_LARGEST = 8192


def size_of(data: bytes, media_type: str) -> tuple[int, int]:
    """Return (width, height) in pixels; raises ExportError for data that is not of the media type, or is huge."""
    readers = {"image/png": _png, "image/jpeg": _jpeg}
    if media_type not in readers:
        raise ExportError(f"{media_type} is no picture that glTF can hold; give it as PNG")
    width, height = readers[media_type](data)
    if not (0 < width <= _LARGEST and 0 < height <= _LARGEST):
        raise ExportError(f"a picture of {width} x {height} pixels; a side is 1 to {_LARGEST}")
    return width, height


def _png(data: bytes) -> tuple[int, int]:
    """PNG (third edition) sections 5.2 and 11.2.1; every chunk's length and checksum up to IEND."""
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        raise ExportError("not a PNG: its first eight bytes are others")
    at, size, ended = 8, (0, 0), False
    while at + 12 <= len(data) and not ended:
        length, kind = struct.unpack_from(">I4s", data, at)
        body = data[at + 8 : at + 8 + length]
        if (
            at + 12 + length > len(data)
            or zlib.crc32(kind + body) != struct.unpack_from(">I", data, at + 8 + length)[0]
        ):
            raise ExportError("not a sound PNG: a chunk is cut off or its checksum is wrong")
        if at == 8:
            if kind != b"IHDR" or length != 13:
                raise ExportError("not a sound PNG: it does not begin with its header")
            size = struct.unpack_from(">II", body)
        ended = kind == b"IEND"
        at += 12 + length
    if not ended or at != len(data):
        raise ExportError("not a sound PNG: it has no end, or goes on behind it")
    return size


def _jpeg(data: bytes) -> tuple[int, int]:
    """ITU-T T.81 annex B: markers up to the frame header."""
    if data[:3] != b"\xff\xd8\xff":
        raise ExportError("not a JPEG: its first three bytes are others")
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], struct.unpack_from(">H", data, at + 2)[0]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        if length < 2:
            break
        at += 2 + length
    raise ExportError("not a sound JPEG: no frame header")
