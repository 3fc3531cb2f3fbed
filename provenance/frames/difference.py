"""Compares a part of a file with the bytes that should stand there, and says where they part."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO


def difference(stream: BinaryIO, at: int, wanted: bytes) -> Iterator[str]:
    """Say at which byte of the file it differs from `wanted`, which should stand at byte `at`; nothing if nowhere."""
    stream.seek(at)
    found = stream.read(len(wanted))
    if found != wanted:
        pairs = zip(found, wanted, strict=False)
        same = next((number for number, (one, other) in enumerate(pairs) if one != other), len(found))
        yield f"byte {at + same:,} is not as the credential is written into this format"
