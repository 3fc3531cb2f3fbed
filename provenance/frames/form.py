"""Whether the frame around an embedded credential has the one form in which the C2PA SDK writes it, by kind of hash."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from .archive import archive_faults
from .boxes import box_faults
from .difference import difference
from .left_out import unhashed
from .spans import SPANS

_SPAN, _BOXES, _MEMBERS = "c2pa.hash.data", "c2pa.hash.bmff", "c2pa.hash.collection"


def frame_faults(
    data: bytes | BinaryIO, media_type: str, store: bytes, assertions: Mapping[str, Any], bound: object = None
) -> Iterator[str]:
    """Say where a file differs from how its credential is written into it, in bytes that its hash leaves out.

    `store` is the credential's manifest store, `assertions` those of the manifest that hashes the file; `bound` what
    the signer says of its left out bytes (`unhashed`), if anything. Raises FormatError for what is not of that format.
    """
    stream = io.BytesIO(data) if isinstance(data, bytes) else data
    for label, said in assertions.items():
        if label.startswith(_SPAN) and media_type in SPANS:
            yield from _span_faults(stream, SPANS[media_type](store), said)
        elif label.startswith(_BOXES):
            yield from box_faults(stream, store)
        elif label.startswith(_MEMBERS):
            yield from archive_faults(stream, store)
    if bound is not None and bound != unhashed(stream, media_type, signed=True):
        yield "bytes that the hash of this format leaves out are not those that were signed"


def _span_faults(stream: BinaryIO, wanted: bytes, said: Mapping[str, Any]) -> Iterator[str]:
    # The SDK has compared the span's length with where it found the store.
    left_out: list[Mapping[str, Any]] = said.get("exclusions") or []
    if len(left_out) != 1:
        yield f"its hash leaves out {len(left_out)} parts of the file, and a credential stands in one"
        return
    yield from difference(stream, int(left_out[0]["start"]), wanted)
