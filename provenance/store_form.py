"""Whether a manifest store holds bytes that no hash covers and that say something: a channel for what nobody signed.

C2PA hashes boxes without their headers, and pads signatures; readers pass over both. In the stores that Worldloom signs
these bytes have one form. Verifies nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .errors import FormatError
from .jumbf import boxes, padding, signature_of

_SUFFIX = bytes.fromhex("00110010800000aa00389b71")
_PLAIN, _SALTED = 0b00011, 0b10011
"""Toggles of a description box: requestable and labelled, and the same with a salt (ISO 19566-5, 6.3)."""

_PARTS = {b"c2as": b"c2pa.assertions", b"c2cl": b"c2pa.claim.v2", b"c2cs": b"c2pa.signature"}
_MANIFESTS = (b"c2ma", b"c2um")
_DEEPEST = 8


def hidden_bytes(store: bytes) -> list[str]:
    """Return where a store has such bytes; raises FormatError where its boxes do not fit into each other."""
    return list(dict.fromkeys(_walk(boxes(store), "store", 0)))


def _walk(held: Iterable[tuple[bytes, bytes]], where: str, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        raise FormatError(f"{where}: boxes nested deeper than {_DEEPEST}")
    for kind, body in held:
        if kind == b"bfdb" and body[:1] != b"\0":
            yield f"{where[:80]!r} describes embedded data with toggles"
        if kind != b"jumb":
            continue
        parts = list(boxes(body))
        if not parts or parts[0][0] != b"jumd" or len(parts[0][1]) < 18:
            raise FormatError(f"{where}: a box without a description")
        uuid, toggles, label = _described(parts[0][1])
        name = label.decode("ascii", "replace")
        if toggles not in (_PLAIN, _SALTED):
            yield f"the description of {name[:80]!r} has toggles {toggles:#04x}"
        if uuid[4:] == _SUFFIX and _PARTS.get(uuid[:4], label) != label:
            yield f"a box of type {uuid[:4]!r} is called {name[:80]!r}"
        if depth == 0 and label != b"c2pa":
            yield f"the store is called {name[:80]!r}"
        if uuid[:4] in _MANIFESTS:
            yield from padding(signature_of(body, name), name)
        yield from _walk(parts, name, depth + 1)


def _described(description: bytes) -> tuple[bytes, int, bytes]:
    """Return UUID, toggles and label of a description box."""
    return description[:16], description[16], description[17:].split(b"\0", 1)[0]
