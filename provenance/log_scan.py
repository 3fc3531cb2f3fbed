"""Entry bundles read whole, fields of many entries checked at once: what makes a long log open quickly. Writes nothing.

An entry takes 86 bytes of a bundle: its length and the 84 bytes of `entry`. Anything else is left to `Entry.decode`,
whose errors say what is wrong.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .entry import FIRST_PLUGIN_KIND, NO_CONTENT, SIZE, VERSION, WITHOUT_CONTENT, Entry, EntryKind
from .tiles import decode_entries

_ROW = struct.Struct(">HHHQQ32s32s")
_FIELDS = np.dtype(
    [
        ("length", ">u2"),
        ("version", ">u2"),
        ("kind", ">u2"),
        ("time", ">u8"),
        ("number", ">u8"),
        ("content", ">u8", 4),
        ("evidence", ">u8", 4),
    ]
)
_STRIDE = _ROW.size
_KIND, _TIME_END, _CONTENT, _CONTENT_END = 4, 14, 22, 54
"""Where kind, time and content digest stand in a row."""

_sha256 = hashlib.sha256


class Bundle:
    """Some entries, one after the other, from the bytes of their entry bundle; raises FormatError for a malformed one.

    `first` is the log index of the first, `width` how many they are.
    """

    def __init__(self, first: int, data: bytes, width: int) -> None:
        self.first = first
        self.width = width
        self.fields: NDArray[Any] | None = None
        """Columns of the entries (`numbered` tells which have content); None where one of them is out of form."""
        self._data = data
        if width > 0 and len(data) == width * _STRIDE:
            fields = np.frombuffer(data, _FIELDS)
            self.fields = fields if _in_form(fields) else None
        self._raw = decode_entries(data, width) if self.fields is None else None

    def raw(self) -> list[bytes]:
        """Return the bytes of each entry."""
        if self._raw is None:
            data = self._data
            self._raw = [data[at : at + SIZE] for at in range(2, len(data), _STRIDE)]
        return self._raw

    def raw_at(self, place: int) -> bytes:
        """Return the bytes of one entry, counted from the bundle's first."""
        if self._raw is not None:
            return self._raw[place]
        return self._data[2 + place * _STRIDE : (place + 1) * _STRIDE]

    def leaf_hashes(self) -> list[bytes]:
        """Return the leaf hash of each entry (RFC 6962)."""
        return [_sha256(b"\x00" + entry).digest() for entry in self.raw()]

    def entries(self) -> Iterator[Entry]:
        """Yield the entries; raises FormatError at the first that may not be."""
        if self.fields is None:
            yield from map(Entry.decode, self.raw())
            return
        for _, *values in _ROW.iter_unpack(self._data):
            yield Entry(*values)

    def numbers(self) -> list[int]:
        """Return the content numbers of those that have content; raises FormatError for an entry out of form."""
        if self.fields is None:
            return [entry.content_number for entry in self.entries() if entry.has_content]
        return self.fields["number"][self.fields["number"] != NO_CONTENT].tolist()  # type: ignore[no-any-return]

    def ends(self) -> bool:
        """Whether one of them is the `end` entry; raises FormatError for an entry out of form."""
        if self.fields is None:
            return any(entry.kind == EntryKind.END for entry in self.entries())
        return bool((self.fields["kind"] == EntryKind.END).any())

    def content_leaf_hashes(self) -> list[bytes]:
        """Return the leaf hashes of the content tree for those that have content; raises FormatError."""
        if self.fields is None:
            return [_sha256(b"\x00" + entry.content_leaf()).digest() for entry in self.entries() if entry.has_content]
        data = self._data
        rows = np.flatnonzero(self.fields["number"] != NO_CONTENT) * _STRIDE
        return [
            _sha256(b"\x00" + data[at + _KIND : at + _TIME_END] + data[at + _CONTENT : at + _CONTENT_END]).digest()
            for at in rows.tolist()
        ]


def _fit() -> NDArray[np.bool_]:
    """Whether an entry of a kind (row) may be without content (column 0), and with it (column 1)."""
    fit = np.zeros((0x10000, 2), np.bool_)
    fit[FIRST_PLUGIN_KIND:] = True
    for kind in EntryKind:
        fit[kind, int(kind not in WITHOUT_CONTENT)] = True
    return fit


_FIT = _fit()


def _in_form(fields: NDArray[Any]) -> bool:
    """Whether each row is an entry that `Entry.decode` takes."""
    if (fields["length"] != SIZE).any() or (fields["version"] != VERSION).any():
        return False
    numbered = fields["number"] != NO_CONTENT
    if (numbered != fields["content"].any(axis=1)).any():
        return False
    return bool(_FIT[fields["kind"], numbered.view(np.uint8)].all())
