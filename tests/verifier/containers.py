"""Finds the manifest store in PNG, JPEG, RIFF, SVG and ZIP, or beside the file; others by name. Does not read it."""

from __future__ import annotations

import base64
import binascii
import re
import struct
import zlib
from collections.abc import Callable
from functools import partial

from .carried import Carried, only
from .documents import from_pdf
from .media_boxes import from_boxes
from .result import MalformedError
from .sound_tags import from_sound
from .zips import read_archive

CREDENTIAL = "META-INF/content_credential.c2pa"
PNG = b"\x89PNG\r\n\x1a\n"


def from_png(data: bytes) -> Carried:
    """The caBX chunk; its own length and CRC are checked because no hash covers them."""
    if not data.startswith(PNG):
        raise MalformedError("not a PNG")
    found, at = [], len(PNG)
    while at < len(data):
        if at + 12 > len(data):
            raise MalformedError(f"PNG chunk cut short at {at}")
        length, kind = struct.unpack_from(">I4s", data, at)
        if at + 12 + length > len(data):
            raise MalformedError(f"PNG chunk {kind!r} at {at} runs past the end")
        body = data[at + 8 : at + 8 + length]
        if kind == b"caBX":
            if zlib.crc32(kind + body) != struct.unpack_from(">I", data, at + 8 + length)[0]:
                raise MalformedError("caBX chunk has a wrong CRC")
            found.append(Carried(body, (at, 12 + length)))
        at += 12 + length
        if kind == b"IEND":
            break
    return only(found, "caBX chunks")


def from_riff(data: bytes, form: bytes) -> Carried:
    """The C2PA chunk of a RIFF file of that form, which has the length that it states."""
    if data[:4] + data[8:12] != b"RIFF" + form or struct.unpack_from("<I", data, 4)[0] != len(data) - 8:
        raise MalformedError(f"not a RIFF file of form {form!r} of its stated length")
    found, at = [], 12
    while at + 8 <= len(data):
        kind, length = struct.unpack_from("<4sI", data, at)
        if at + 8 + length > len(data):
            raise MalformedError(f"RIFF chunk {kind!r} at {at} runs past the end")
        if kind == b"C2PA":
            found.append(Carried(data[at + 8 : at + 8 + length], (at, 8 + length)))
        at += 8 + length + length % 2
    return only(found, "C2PA chunks")


def from_svg(data: bytes) -> Carried:
    """The base64 text of c2pa:manifest; padding bits must be zero, so that the text has one form only."""
    hits = re.findall(rb"</?c2pa:manifest>", data)
    if hits != [b"<c2pa:manifest>", b"</c2pa:manifest>"]:
        raise MalformedError(f"{len(hits)} c2pa:manifest tags, expected one pair")
    start = data.index(hits[0]) + len(hits[0])
    text = data[start : data.index(hits[1])]
    try:
        store = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise MalformedError(f"c2pa:manifest is not base64: {error}") from error
    if base64.b64encode(store) != text:
        raise MalformedError("c2pa:manifest is not canonical base64")
    return Carried(store, (start, len(text)))


def app11_segments(data: bytes) -> list[tuple[int, bytes]]:
    """(offset, payload after the length) of each JPEG XT segment before the image data."""
    if data[:2] != b"\xff\xd8":
        raise MalformedError("not a JPEG")
    segments, at = [], 2
    while at + 4 <= len(data) and data[at + 1] != 0xDA:
        length = struct.unpack_from(">H", data, at + 2)[0]
        if data[at] != 0xFF or length < 2 or at + 2 + length > len(data):
            raise MalformedError(f"JPEG segment at {at} is broken")
        body = data[at + 4 : at + 2 + length]
        if data[at + 1] == 0xEB and body[:2] == b"JP":
            segments.append((at, body))
        at += 2 + length
    return segments


def from_jpeg(data: bytes) -> Carried:
    """The APP11 segments, in sequence and touching; each after the first repeats the box header."""
    segments = app11_segments(data)
    if not segments:
        raise MalformedError("no APP11 segments")
    start = end = segments[0][0]
    first = segments[0][1]
    store = b""
    for number, (at, body) in enumerate(segments, start=1):
        if len(body) < 16 or at != end or body[2:4] != first[2:4] or body[8:16] != first[8:16]:
            raise MalformedError(f"APP11 segment at {at} does not continue the first")
        if struct.unpack_from(">I", body, 4)[0] != number:
            raise MalformedError(f"APP11 segment at {at} is out of sequence")
        store += body[8:] if number == 1 else body[16:]
        end = at + 4 + len(body)
    return Carried(store, (start, end - start))


def from_zip(data: bytes) -> Carried:
    """The credential member of a ZIP; the archive is handed on because its binding needs the members."""
    archive = read_archive(data)
    found = [
        Carried(data[member.body : member.end], archive=archive)
        for member in archive.members
        if member.name == CREDENTIAL and member.body == member.start + 30 + len(CREDENTIAL)  # no extra field
    ]
    return only(found, f"members called {CREDENTIAL}")


READERS: dict[str, Callable[[bytes], Carried]] = {
    "image/png": from_png,
    "image/jpeg": from_jpeg,
    "image/svg+xml": from_svg,
    "image/webp": partial(from_riff, form=b"WEBP"),
    "audio/wav": partial(from_riff, form=b"WAVE"),
    "audio/x-wav": partial(from_riff, form=b"WAVE"),
    "audio/flac": partial(from_sound, media_type="audio/flac"),
    "audio/mpeg": partial(from_sound, media_type="audio/mpeg"),
    "video/mp4": from_boxes,
    "application/pdf": from_pdf,
    "application/zip": from_zip,
    "application/x-zip": from_zip,
    "zip": from_zip,
}


def find_store(data: bytes, media_type: str, sidecar: bytes | None) -> Carried:
    """The store that speaks for `data`: the sidecar when one is given, else the embedded one."""
    if sidecar is not None:
        return Carried(sidecar)
    reader = READERS.get(media_type)
    if reader is None:
        raise MalformedError(f"{media_type} carries no manifest inside, and no sidecar was given")
    return reader(data)
