"""Pictures and sounds that a page holds in itself, as data: URIs within a budget of bytes. Reads files, no log."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from typing import NamedTuple

from worldloom.provenance.storage import Storage

PICTURES = ("image/png", "image/svg+xml", "image/jpeg")
SOUNDS = ("audio/wav",)

MOST_FACES, MOST_PICTURES, MOST_SOUNDS = 700_000, 1_700_000, 2_000_000
"""Bytes of portraits, of other pictures and of sounds on one page, before base64.

With the map, the world (`world_copy.MOST_PACKED`) and the data at their bounds the page stays below 15 MB. What comes
after is named with the path of its file and not shown.
"""

MAP_SIDE = 1200
"""Pixels of the map's longer side on the page; the whole map lies beside it."""


class Shown(NamedTuple):
    """A data: URI, or "" and why there is none."""

    uri: str
    note: str = ""


def data_uri(data: bytes, media_type: str) -> str:
    """Return the bytes as a data: URI."""
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"


@dataclass
class Budget:
    """Bytes that are left of a page for one sort of media."""

    left: int
    what: str

    def __post_init__(self) -> None:
        self._most = self.left

    def take(self, data: bytes, media_type: str) -> str:
        """Return the data: URI of bytes that fit, "" for others."""
        if len(data) > self.left:
            return ""
        self.left -= len(data)
        return data_uri(data, media_type)

    def file(self, storage: Storage, path: str, media_type: str) -> Shown:
        """Return a stored file whole, its credential in it."""
        if not path:
            return Shown("", "its file was erased")
        if not storage.exists(path):
            return Shown("", f"{path} is missing")
        if storage.size(path) > self.left:
            return Shown("", f"not here: this page holds {self._most / 1e6:.1f} MB of {self.what} at most; see {path}")
        return Shown(self.take(storage.read(path), media_type))


def map_preview(storage: Storage, path: str) -> Shown:
    """Return a smaller copy of the map, which needs no credential since it links to the map that has one."""
    if not storage.exists(path):
        return Shown("", f"{path} is missing")
    small = _smaller(storage.read(path))
    return Shown("", f"{path} cannot be read") if small is None else Shown(data_uri(small, "image/jpeg"))


def _smaller(picture_file: bytes) -> bytes | None:
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415  (an extra; an auditor needs no Pillow)

    try:
        picture = Image.open(io.BytesIO(picture_file)).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None  # an audit before the seal says what is wrong with it
    picture.thumbnail((MAP_SIDE, MAP_SIDE), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()
