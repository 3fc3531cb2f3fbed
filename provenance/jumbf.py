"""Reads as much of a C2PA manifest store as the SDK does not tell: the certificate chain. Verifies nothing.

JUMBF boxes are ISO 19566-5; the signature is a COSE_Sign1 (RFC 9052) whose protected header 33 is the chain (RFC 9360).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

from .errors import FormatError

_ASSERTIONS, _SIGNATURE = "c2pa.assertions", "c2pa.signature"
_X5CHAIN = 33
_PADS = ("pad", "pad2")
_SIGNED_ELSEWHERE = ("sigTst", "sigTst2", "rVals")
"""Unprotected headers with timestamps and revocation answers, which others signed (C2PA 2.2, 10.3.2.5 and 14.6)."""
_DEEPEST = 16
_SIMPLE = {20: False, 21: True, 22: None}
_HEAD = struct.Struct(">I4s").unpack_from


def active_manifest(store: bytes) -> str:
    """Return the label of the store's active manifest, which is its last (C2PA 2.2, 11.1.4.2); raises FormatError."""
    last = b""
    for kind, body in boxes(_top(store)):
        if kind == b"jumb":
            last = body
    return _text(last)


def assertions(store: bytes) -> dict[str, list[str]]:
    """Return the labels of the assertions that each manifest of the store holds, by manifest; raises FormatError."""
    found: dict[str, list[str]] = {}
    for kind, manifest in boxes(_top(store)):
        if kind == b"jumb":
            held = boxes(_labelled(manifest, _ASSERTIONS))
            found[_text(manifest)] = [_text(body) for kind, body in held if kind == b"jumb"]
    return found


def certificate_chain(store: bytes, manifest: str) -> list[bytes]:
    """Return the certificates (DER, leaf first) that signed the manifest of that label; raises FormatError."""
    return _chain(signature_of(_labelled(_top(store), manifest), manifest))


def signature_of(manifest: bytes, where: str) -> bytes:
    """Return the COSE_Sign1 in the body of a manifest's box; raises FormatError."""
    for kind, body in boxes(_labelled(manifest, _SIGNATURE)):
        if kind == b"cbor":
            return body
    raise FormatError(f"manifest {where}: its signature box holds no CBOR")


def padding(signature: bytes, where: str) -> Iterator[str]:
    """Say which unprotected headers of a COSE_Sign1 do more than fill room; raises FormatError."""
    headers = _message(signature)[1]
    for name, value in headers.items() if isinstance(headers, dict) else ():
        if name in _PADS and (not isinstance(value, bytes) or any(value)):
            yield f"the padding {name!r} of the signature of {where[:80]!r} is not all zeros"
        elif name not in (*_PADS, *_SIGNED_ELSEWHERE):
            yield f"the signature of {where[:80]!r} has a header {str(name)[:40]!r}"


def _message(data: bytes) -> list[Any]:
    message = _Cbor(data).value()
    if not isinstance(message, list) or len(message) != 4 or not isinstance(message[0], bytes):
        raise FormatError("signature: not a COSE_Sign1")
    return message


def _chain(data: bytes) -> list[bytes]:
    message = _message(data)
    # Before C2PA 2 the chain might stand among the unprotected headers, and under its name.
    places = [headers for headers in (_Cbor(message[0]).value(), message[1]) if isinstance(headers, dict)]
    found = next((each[key] for each in places for key in (_X5CHAIN, "x5chain") if key in each), None)
    chain = found if isinstance(found, list) else [found]
    certificates = [each for each in chain if isinstance(each, bytes)]
    if not certificates or len(certificates) != len(chain):
        raise FormatError("signature: no certificate chain among its headers")
    return certificates


def boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield (type, body) of each box that fills the data, the description box `jumd` first; raises FormatError."""
    at, length = 0, len(data)
    while at < length:
        if at + 8 > length:
            raise FormatError(f"manifest store: box cut short at byte {at}")
        size, kind = _HEAD(data, at)
        end = at + size
        if size < 8 or end > length:
            raise FormatError(f"manifest store: box at byte {at} does not fit")
        yield kind, data[at + 8 : end]
        at = end


def _top(store: bytes) -> bytes:
    found = next(boxes(store), None)
    if found is None or found[0] != b"jumb":
        raise FormatError("manifest store: not a JUMBF box")
    return found[1]


def _labelled(parent: bytes, label: str) -> bytes:
    """Return the body of the superbox with that label among the children; raises FormatError."""
    for kind, body in boxes(parent):
        if kind == b"jumb" and _label(body) == label.encode():
            return body
    raise FormatError(f"manifest store: no box {label[:80]!r}")


def _label(body: bytes) -> bytes:
    """Return a superbox's label: after UUID (16 bytes) and toggles (1), up to a zero (ISO 19566-5, 6.3)."""
    description = next(boxes(body), (b"", b""))
    return description[1][17:].split(b"\0", 1)[0]


def _text(body: bytes) -> str:
    return _label(body).decode("utf-8", "replace")


class _Cbor:
    """As much of RFC 8949 as a COSE_Sign1 holds: definite lengths, no floats; raises FormatError."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def value(self, depth: int = 0) -> Any:
        if depth > _DEEPEST:
            raise FormatError("signature: CBOR nested too deep")
        kind, argument = self._head()
        if kind <= 1:
            return -1 - argument if kind else argument
        if kind <= 3:
            taken = self._take(argument)
            return taken.decode("utf-8", "replace") if kind == 3 else taken
        if kind == 4:
            return [self.value(depth + 1) for _ in range(self._items(argument))]
        if kind == 5:
            return {_key(self.value(depth + 1)): self.value(depth + 1) for _ in range(self._items(argument))}
        if kind == 6:  # a tag says what is known already
            return self.value(depth + 1)
        if argument not in _SIMPLE:
            raise FormatError("signature: CBOR of a kind that signatures do not use")
        return _SIMPLE[argument]

    def _head(self) -> tuple[int, int]:
        first = self._take(1)[0]
        kind, short = first >> 5, first & 31
        if short < 24:
            return kind, short
        if short > 27:
            raise FormatError("signature: CBOR of indefinite length")
        return kind, int.from_bytes(self._take(1 << (short - 24)), "big")

    def _items(self, count: int) -> int:
        if count > len(self._data):
            raise FormatError("signature: CBOR list longer than its bytes")
        return count

    def _take(self, count: int) -> bytes:
        if self._at + count > len(self._data):
            raise FormatError("signature: CBOR cut short")
        self._at += count
        return self._data[self._at - count : self._at]


def _key(value: Any) -> Any:
    if isinstance(value, list | dict):
        raise FormatError("signature: CBOR map with a list as a key")
    return value
