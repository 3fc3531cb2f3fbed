"""What a file of unknown origin is looked up by: its kind, told from its bytes, and codes. Looks nothing up."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from worldloom.provenance.errors import FingerprintError
from worldloom.provenance.fingerprints import iscc

if TYPE_CHECKING:
    from PIL.Image import Image


_PICTURE = re.compile(rb"\x89PNG\r\n|\xff\xd8\xff|GIF8|BM|II\*\0|MM\0\*|RIFF....WEBP", re.DOTALL)
_SOUND = re.compile(rb"RIFF....WAVE|fLaC|OggS|ID3|\xff[\xe2-\xfb]", re.DOTALL)
_SVG = re.compile(rb"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*|<!DOCTYPE[^>]*>\s*)*<svg\b", re.DOTALL)
_HEAD = 4_096
_SIDE = 256


@dataclass(frozen=True)
class Asked:
    """A file: `kind` is picture, drawing, sound, text or data; `codes` pairs of family and 32 bytes to look up.

    `pictures` (as it is, and with its ground white) or `text` are what a closer look is taken at;
    `why` says what could not be read, empty where all could.
    """

    kind: str
    data: bytes = field(repr=False)
    codes: tuple[tuple[str, bytes], ...] = ()
    pictures: tuple[Image, ...] = field(default=(), repr=False)
    text: str | None = None
    why: str = ""


def ask(data: bytes) -> Asked:
    """Return what to look up; never raises for what the bytes hold."""
    kind = kind_of(data)
    bytes_code = iscc.unit_bytes(iscc.data_codes(data)[0])[2:] if data else b""
    by_bytes = (("data", bytes_code),) if data else ()
    try:
        if kind in ("picture", "drawing"):
            return _seen(kind, data, by_bytes)
        if kind == "sound":
            from worldloom.provenance.fingerprints.sounds import sound_code  # noqa: PLC0415  (start-up time)

            return Asked(kind, data, (("sound", bytes.fromhex(sound_code(data))), *by_bytes))
        if kind == "text":
            from worldloom.provenance.fingerprints.texts import read_text  # noqa: PLC0415

            text = read_text(data)
            return Asked(kind, data, (("text", iscc.unit_bytes(iscc.text_code(text))[2:]),), text=text)
    except FingerprintError as error:
        return Asked(kind, data, by_bytes, why=str(error))
    return Asked(kind, data, by_bytes)


def kind_of(data: bytes) -> str:
    """Tell the kind of a file from its first bytes; its name says nothing."""
    head = data[:_HEAD]
    if _PICTURE.match(head):
        return "picture"
    if _SOUND.match(head):
        return "sound"
    if _SVG.match(head.removeprefix(b"\xef\xbb\xbf")):
        return "drawing"
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4 or len(data) <= _HEAD:
            return "data"
    return "data" if b"\0" in head or not data else "text"


def _seen(kind: str, data: bytes, by_bytes: tuple[tuple[str, bytes], ...]) -> Asked:
    from worldloom.provenance.fingerprints import pictures  # noqa: PLC0415

    picture = pictures.open_picture(data if kind == "picture" else pictures.draw(data, _SIDE))
    codes: list[tuple[str, bytes]] = []
    for each in (picture, lifted := pictures.lifted(picture)):
        trimmed, whole = pictures.asked_codes(each)
        codes += [(family, iscc.unit_bytes(code)[2:]) for code in trimmed for family in ("picture", "drawn")]
        codes += [(family, bytes.fromhex(whole)) for family in ("whole", "drawn_whole")]
    return Asked(kind, data, (*codes, *by_bytes), pictures=(picture, lifted))
