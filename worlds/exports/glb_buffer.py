"""The binary half of a GLB: arrays by use, each stored once, one that begins another inside it. Knows no nodes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

INDICES = "indices"
"""The use of what is no attribute of vertices."""

_VERTEX_TARGET, _INDEX_TARGET = 34962, 34963
_COMPONENT = {"float32": 5126, "uint8": 5121, "uint16": 5123, "uint32": 5125}
_SHAPE = {2: "VEC2", 3: "VEC3", 4: "VEC4"}


class _Kind(NamedTuple):
    """What the arrays of one view have in common; `stride` is the bytes of a vertex, 0 for indices."""

    use: str
    component: str
    stride: int

    def view(self) -> dict[str, int]:
        return {"target": _VERTEX_TARGET, "byteStride": self.stride} if self.stride else {"target": _INDEX_TARGET}


class Binary(NamedTuple):
    """The buffer's bytes, its views, and its accessors, as glTF 2.0 sections 3.6.2 and 5.1 have them."""

    data: bytes
    views: list[dict[str, Any]]
    accessors: list[dict[str, Any]]


class GlbBuffer:
    """Arrays and files on their way into a buffer; the same array is one accessor, however often it is added.

    Files get a view each, numbered from 0; then comes a view for each use and type of arrays, in order of first use.
    """

    def __init__(self) -> None:
        self._files: list[bytes] = []
        self._kinds: dict[_Kind, dict[bytes, int]] = {}
        self._rows: list[dict[str, Any]] = []

    def file(self, data: bytes) -> int:
        """Add a file and return the number of its view."""
        self._files.append(data)
        return len(self._files) - 1

    def array(self, use: str, values: NDArray[Any], *, bounds: bool = False) -> int:
        """Add vertices [n, m] whose rows are whole times four bytes, or indices [n]; return the accessor's number."""
        little = np.ascontiguousarray(values, values.dtype.newbyteorder("<")).tobytes()
        kind = _Kind(use, values.dtype.name, 0 if use == INDICES else len(little) // len(values))
        arrays = self._kinds.setdefault(kind, {})
        if little not in arrays:
            arrays[little] = len(self._rows)
            self._rows.append(_accessor(values, bounds))
        return arrays[little]

    def accessor(self, number: int) -> dict[str, Any]:
        """Return an accessor as it is before the buffer is laid out."""
        return self._rows[number]

    def file_size(self) -> int:
        """Return how many bytes all files have."""
        return sum(map(len, self._files))

    def lay_out(self) -> Binary:
        """Return everything at its place."""
        binary = bytearray()
        rows = [dict(row) for row in self._rows]
        views = [_appended(binary, data) for data in self._files]
        for kind, arrays in self._kinds.items():
            block, starts = _packed(list(arrays))
            for number, start in zip(arrays.values(), starts, strict=True):
                rows[number] = {"bufferView": len(views), "byteOffset": start, **rows[number]}
            views.append(_appended(binary, block) | kind.view())
        return Binary(bytes(binary), views, rows)


def _accessor(values: NDArray[Any], bounds: bool) -> dict[str, Any]:
    flat = values.ndim == 1
    row: dict[str, Any] = {
        "componentType": _COMPONENT[values.dtype.name],
        "count": len(values),
        "type": "SCALAR" if flat else _SHAPE[values.shape[1]],
    }
    if bounds:
        row["min"], row["max"] = _shortest(values.min(0)), _shortest(values.max(0))
    if values.dtype in (np.uint8, np.uint16) and not flat:
        row["normalized"] = True
    return row


def _shortest(bound: NDArray[np.float32]) -> list[float]:
    """Return numbers with as few digits as still round to the same float32 (section 3.6.2.5 says that one rounds)."""
    return [float(str(value)) for value in bound]


def _appended(binary: bytearray, data: bytes) -> dict[str, Any]:
    binary += b"\0" * (-len(binary) % 4)
    view = {"buffer": 0, "byteOffset": len(binary), "byteLength": len(data)}
    binary += data
    return view


def _packed(arrays: Sequence[bytes]) -> tuple[bytes, list[int]]:
    """Return the arrays one behind the other, and where each begins; one that another begins with lies inside that.

    In the order of bytes, an array that begins any other also begins the next one.
    """
    ordered = sorted(range(len(arrays)), key=arrays.__getitem__)
    inside = {one: following for one, following in pairwise(ordered) if arrays[following].startswith(arrays[one])}
    block = bytearray()
    starts = [0] * len(arrays)
    for number, data in enumerate(arrays):
        if number not in inside:
            block += b"\0" * (-len(block) % 4)
            starts[number] = len(block)
            block += data
    for number in reversed(ordered):
        if number in inside:
            starts[number] = starts[inside[number]]
    return bytes(block), starts
