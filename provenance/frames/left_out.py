"""The digest of those bytes of a file that C2PA's hash of its format leaves out, and that are not of the credential.

Nothing in the file fixes them, so the signer puts this digest into the credential, by which they are bound after all.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable
from typing import BinaryIO

from worldloom.provenance.sections import pieces

from .archive import left_out_of_archive
from .boxes import left_out_of_boxes

MP4, ZIP = "video/mp4", "application/zip"
LEAVES_OUT = frozenset({MP4, ZIP})
"""Media types whose hash leaves out bytes that are not of the credential."""


def unhashed(data: bytes | BinaryIO, media_type: str, *, signed: bool = False) -> str:
    """Return the hex SHA-256 of the bytes that the hash leaves out, `""` for a format whose hash leaves out none.

    `signed` says whether the file carries its credential; either way the digest is the same. Raises FormatError for
    what is not of that format.
    """
    if media_type not in LEAVES_OUT:
        return ""
    stream = io.BytesIO(data) if isinstance(data, bytes) else data
    if media_type == ZIP:
        return _digest(stream, [left_out_of_archive(stream, signed=signed)])
    return _digest(stream, list(left_out_of_boxes(stream)))


def _digest(stream: BinaryIO, spans: Iterable[tuple[int, int]]) -> str:
    digest = hashlib.sha256()
    for start, end in spans:
        stream.seek(start)
        for piece in pieces(stream, end - start):
            digest.update(piece)
    return digest.hexdigest()
