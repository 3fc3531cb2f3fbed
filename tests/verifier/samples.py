"""Small whole files of the formats that take long to write by hand: WebP, FLAC, MP3, MP4, PDF. Signs nothing."""

from __future__ import annotations

import base64
import struct
import zlib

_WEBP = "UklGRh4AAABXRUJQVlA4TBEAAAAvAUAAAAdQrSLXo/+BiOh/AAA="
_FLAC = (
    "ZkxhQwAAACIQABAAAAAMAAAMAfQA8AAAAEDwnzWlY3g5RY5GLmNQ7LzkhAAAKCAAAAByZWZlcmVuY2UgbGliRkxBQyAxLjQuMyAyMDIzMDYyMwAA"
    "AAD/+GQIAD9eAAAAxjw="
)
_MP3 = (
    "eNr7/9jjCAMMRGTmpQMpfiBmZmBg/MEQSgisIgT+EwJAu2x8HH1djfUMDQxYNGBOEeVQYXFQZGA8A3LHd67IToaBAf8fS4DCh9kDxIG7M5RkADLH"
    "GmZOKPkAZE4ZFcwBAGIwkbs="
)
_MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_PAGES = (
    b"<</Type/Catalog/Pages 2 0 R>>",
    b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Resources<<>>>>",
)


def webp() -> bytes:
    """2 by 2 pixels of one colour, without loss."""
    return base64.b64decode(_WEBP)


def flac() -> bytes:
    """64 samples of silence."""
    return base64.b64decode(_FLAC)


def mp3() -> bytes:
    """Four frames of silence."""
    return zlib.decompress(base64.b64decode(_MP3))


def box(kind: bytes, body: bytes) -> bytes:
    """A box of an ISO base media file."""
    return struct.pack(">I4s", 8 + len(body), kind) + body


def full_box(kind: bytes, body: bytes, flags: int = 0) -> bytes:
    """A box with version 0 and flags."""
    return box(kind, struct.pack(">I", flags) + body)


def mp4() -> bytes:
    """A second of one frame of 400 bytes that no decoder has to understand."""
    kind = box(b"ftyp", b"isom\0\0\2\0isomiso2mp41")
    length = len(_movie(0))  # the offset has the same length whatever it is
    return kind + _movie(len(kind) + length + 8) + box(b"mdat", bytes(range(200)) * 2)


def _movie(offset: int) -> bytes:
    head = struct.pack(">4I", 0, 0, 1000, 1000) + struct.pack(">IH10x", 0x10000, 0x100) + _MATRIX + bytes(24)
    track = struct.pack(">5I", 0, 0, 1, 0, 1000) + bytes(16) + _MATRIX + struct.pack(">II", 16 << 16, 16 << 16)
    media = full_box(b"mdhd", struct.pack(">4IHH", 0, 0, 1000, 1000, 0x55C4, 0))
    media += full_box(b"hdlr", struct.pack(">I4s12x", 0, b"vide") + b"v\0")
    place = box(b"dinf", full_box(b"dref", struct.pack(">I", 1) + full_box(b"url ", b"", 1)))
    info = box(b"minf", full_box(b"vmhd", bytes(8), 1) + place + _samples(offset))
    return box(
        b"moov",
        full_box(b"mvhd", head + struct.pack(">I", 2))
        + box(b"trak", full_box(b"tkhd", track, 3) + box(b"mdia", media + info)),
    )


def _samples(offset: int) -> bytes:
    size = struct.pack(">HHIIIH", 16, 16, 0x480000, 0x480000, 0, 1)
    entry = box(b"mp4v", bytes(6) + struct.pack(">H", 1) + bytes(16) + size + bytes(32) + struct.pack(">Hh", 24, -1))
    return box(
        b"stbl",
        full_box(b"stsd", struct.pack(">I", 1) + entry)
        + full_box(b"stts", struct.pack(">3I", 1, 1, 1000))
        + full_box(b"stsc", struct.pack(">4I", 1, 1, 1, 1))
        + full_box(b"stsz", struct.pack(">3I", 0, 1, 400))
        + full_box(b"stco", struct.pack(">2I", 1, offset)),
    )


def pdf() -> bytes:
    """One empty page."""
    written, places = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", []
    for number, each in enumerate(_PAGES, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    count, start = len(_PAGES) + 1, len(written)
    written += b"xref\n0 %d\n" % count + table
    return written + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (count, start)
