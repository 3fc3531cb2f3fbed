"""Files that were made to harm who reads them: lengths that lie, deep nesting, bombs, sparse giants, by name."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

GIB = 1 << 30
TEN_GIB = 10 * GIB
PNG = b"\x89PNG\r\n\x1a\n"
_UUIDS = {name: name + bytes.fromhex("00110010800000aa00389b71") for name in (b"c2pa", b"c2ma", b"c2as", b"cbor")}
_UUIDS |= {name: name + bytes.fromhex("00110010800000aa00389b71") for name in (b"c2cl", b"c2cs")}
_MP4_MANIFEST = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
FTYP = struct.pack(">I4s", 20, b"ftyp") + b"isom\0\0\0\0isom"


def chunk(kind: bytes, body: bytes) -> bytes:
    """A PNG chunk."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


HEAD = chunk(b"IHDR", struct.pack(">IIBBBBB", 12, 12, 8, 2, 0, 0, 0))


def picture(store: bytes) -> bytes:
    """A PNG with those bytes where its manifest store stands."""
    return PNG + HEAD + chunk(b"caBX", store) + chunk(b"IDAT", zlib.compress(b"x")) + chunk(b"IEND", b"")


def box(kind: bytes, body: bytes, size: int | None = None) -> bytes:
    """A box of JUMBF or BMFF, whose size may lie."""
    return struct.pack(">I4s", 8 + len(body) if size is None else size, kind) + body


def named(uuid: bytes, label: bytes, body: bytes = b"", size: int | None = None) -> bytes:
    """A JUMBF superbox."""
    description = box(b"jumd", _UUIDS[uuid] + b"\x03" + label + b"\0")
    return box(b"jumb", description + body, size)


def nested_boxes(depth: int) -> bytes:
    """JUMBF superboxes in each other, innermost last."""
    each = len(named(b"c2ma", b"x"))
    heads = (named(b"c2ma", b"x", size=each * left) for left in range(depth, 0, -1))
    return named(b"c2pa", b"c2pa", b"".join(heads))


def claim(cbor: bytes) -> bytes:
    """A manifest store whose CBOR is all the same."""
    content = box(b"cbor", cbor)
    actions = named(b"c2as", b"c2pa.assertions", named(b"cbor", b"c2pa.actions.v2", content))
    rest = named(b"c2cl", b"c2pa.claim.v2", content) + named(b"c2cs", b"c2pa.signature", content)
    return named(b"c2pa", b"c2pa", named(b"c2ma", b"urn:c2pa:1", actions + rest))


def zipped(members: Mapping[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    """A zip."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as packed:
        for name, data in members.items():
            packed.writestr(name, data)
    return stream.getvalue()


def overlapping(count: int, size: int) -> bytes:
    """A zip of which every member is the same bytes: together far more than the file."""
    whole = zipped({"x": b"k" * size})
    start = whole.rindex(b"PK\x01\x02")
    record = whole[start:-22]
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(record) * count, start, 0)
    return whole[:start] + record * count + end


def claiming_a_huge_directory() -> bytes:
    """A zip64 whose directory would be 9 GiB."""
    end64 = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 1 << 27, 1 << 27, 9 * GIB, 0)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, TEN_GIB - 22 - 20 - len(end64), 1)
    return end64 + locator + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)


def nested_bomb(depth: int) -> bytes:
    """A zip in a zip in a zip, at the bottom twenty megabytes of nothing."""
    data = zipped({"nothing": bytes(20_000_000)}, zipfile.ZIP_DEFLATED)
    for _ in range(depth):
        data = zipped({f"{number}.zip": data for number in range(4)}, zipfile.ZIP_DEFLATED)
    return data


def nested_riff(depth: int) -> bytes:
    """Lists in each other."""
    body = b"".join(b"LIST" + struct.pack("<I", 12 * left - 8) + b"WAVE" for left in range(depth, 0, -1))
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WAVE" + body


def billion_laughs() -> bytes:
    """Entities of entities: 10^11 characters, if anybody wrote them out."""
    entities = b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12))
    start = b'<!DOCTYPE s [<!ENTITY a0 "aaaaaaaaaa">' + entities
    return start + b']><svg xmlns="http://www.w3.org/2000/svg">&a11;</svg>'


SMALL: Mapping[str, Callable[[], bytes]] = {
    "boxes-nested-100000-deep.png": lambda: picture(nested_boxes(100_000)),
    "cbor-nested-a-million-deep.png": lambda: picture(claim(b"\x81" * 1_000_000 + b"\0")),
    "cbor-tags-a-million-deep.png": lambda: picture(claim(b"\xc1" * 1_000_000 + b"\0")),
    "cbor-list-of-549-billion.png": lambda: picture(claim(b"\x9b\0\0\0\x7f\xff\xff\xff\xff")),
    "cbor-text-of-549-gigabytes.png": lambda: picture(claim(b"\x7b\0\0\0\x7f\xff\xff\xff\xff")),
    "box-longer-than-its-file.png": lambda: picture(named(b"c2pa", b"c2pa", size=0xFFFFFFF0)),
    "box-of-2-to-the-62.png": lambda: picture(struct.pack(">I4sQ", 1, b"jumb", 2**62)),
    "box-without-end.png": lambda: picture(struct.pack(">I4s", 0, b"jumb")),
    "chunk-longer-than-its-file.png": lambda: PNG + HEAD + struct.pack(">I4s", 0xFFFFFFF0, b"caBX") + b"x",
    "hundred-thousand-chunks.png": lambda: PNG + HEAD + chunk(b"tEXt", b"") * 100_000 + chunk(b"IEND", b""),
    "chunk-longer-than-its-file.wav": lambda: b"RIFF\xf0\xff\xff\xffWAVEC2PA\xf0\xff\xff\xffx",
    "lists-nested-200000-deep.wav": lambda: nested_riff(200_000),
    "boxes-nested-100000-deep.mp4": lambda: (
        FTYP + b"".join(struct.pack(">I4s", 8 * left, b"moov") for left in range(100_000, 0, -1))
    ),
    "box-longer-than-its-file.mp4": lambda: FTYP + box(b"mdat", b"x", 0xFFFFFFF0),
    "manifest-longer-than-its-file.mp4": lambda: FTYP + box(b"uuid", _MP4_MANIFEST + b"x", 0xFFFFFFF0),
    "thirty-thousand-boxes.mp4": lambda: FTYP + box(b"free", b"") * 30_000,
    "four-billion-samples.mp4": lambda: FTYP + box(b"moov", box(b"trak", box(b"stco", b"\0\0\0\0\xff\xff\xff\xff"))),
    "billion-laughs.svg": billion_laughs,
    "groups-nested-300000-deep.svg": lambda: (
        b'<svg xmlns="http://www.w3.org/2000/svg">' + b"<g>" * 300_000 + b"</g>" * 300_000 + b"</svg>"
    ),
    "lists-nested-100000-deep.pdf": lambda: (
        b"%PDF-1.7\n1 0 obj\n" + b"[" * 100_000 + b"]" * 100_000 + b"\nendobj\n%%EOF"
    ),
    "tag-longer-than-its-file.mp3": lambda: b"ID3\x04\0\0\x7f\x7f\x7f\x7fGEOB\x7f\x7f\x7f\x7f\0\0x",
    "bomb.zip": lambda: zipped({"nothing": bytes(50_000_000)}, zipfile.ZIP_DEFLATED),
    "credential-is-a-bomb.zip": lambda: zipped(
        {"META-INF/content_credential.c2pa": bytes(50_000_000)}, zipfile.ZIP_DEFLATED
    ),
    "bomb-in-bombs.zip": lambda: nested_bomb(3),
    "members-over-each-other.zip": lambda: overlapping(20_000, 5_000_000),
}
"""Bytes of small files by their names; none carries a credential that holds."""


def sparse(path: Path, head: bytes = b"", tail: bytes = b"", size: int = TEN_GIB) -> None:
    """Write a file of that size that takes hardly any room on the disk."""
    with path.open("wb") as file:
        file.write(head)
        file.truncate(size)
        if tail:
            file.seek(size - len(tail))
            file.write(tail)


SPARSE: Mapping[str, Callable[[Path], None]] = {
    "ten-gigabytes-of-nothing.png": lambda path: sparse(path, PNG + HEAD),
    "two-gigabytes-of-manifest.png": lambda path: sparse(path, PNG + HEAD + struct.pack(">I4s", 0x7FFFFFFF, b"caBX")),
    "ten-gigabytes.jpg": lambda path: sparse(path, b"\xff\xd8\xff\xeb\xff\xffJP\0\1\0\0\0\1\xff\xff\xff\xf0jumb"),
    "three-gigabytes-of-manifest.webp": lambda path: sparse(
        path, b"RIFF\xf0\xff\xff\xffWEBPC2PA" + struct.pack("<I", 3 * GIB), size=4 * GIB
    ),
    "three-gigabytes-of-manifest.wav": lambda path: sparse(
        path, b"RIFF\xf0\xff\xff\xffWAVEC2PA" + struct.pack("<I", 3 * GIB), size=4 * GIB
    ),
    "ten-gigabytes.svg": lambda path: sparse(path, b'<svg xmlns="http://www.w3.org/2000/svg">'),
    "four-gigabytes.svg": lambda path: sparse(path, b'<svg xmlns="http://www.w3.org/2000/svg">', size=4 * GIB),
    "four-gigabytes.mp3": lambda path: sparse(path, b"ID3\x04\0\0\x7f\x7f\x7f\x7f", size=4 * GIB),
    "four-gigabytes.pdf": lambda path: sparse(path, b"%PDF-1.7\n", size=4 * GIB),
    "four-gigabytes-of-manifest.mp4": lambda path: sparse(
        path, FTYP + struct.pack(">I4sQ", 1, b"uuid", 4 * GIB - 20) + _MP4_MANIFEST, size=4 * GIB
    ),
    "ten-gigabytes.zip": lambda path: sparse(path, b"PK\3\4"),
    "nine-gigabytes-of-directory.zip": lambda path: sparse(path, b"PK\3\4", claiming_a_huge_directory()),
}
"""Writers of sparse files by their names."""
