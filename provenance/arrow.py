"""Columns of Arrow from Python values. Not for what pyarrow's own functions are needed for: they import pandas."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

from .errors import FormatError

if TYPE_CHECKING:
    import pyarrow as pa


def integers(values: Sequence[int]) -> pa.Array:
    """Return a column of int64 without gaps; raises FormatError for what does not fit in 64 bits.

    `pyarrow.array` asks of everything whether it is of pandas, and so imports it where it is installed: half a second
    of the first block that a run logs.
    """
    import pyarrow as pa  # noqa: PLC0415  (heavy)

    try:
        data = array("q", values)
    except OverflowError as error:
        raise FormatError(f"an integer is beyond 64 bits: {max(values, key=abs)}") from error
    return pa.Array.from_buffers(pa.int64(), len(values), [None, pa.py_buffer(data)])


def texts(values: Sequence[str | None]) -> pa.Array:
    """Return a column of texts, None where there is none."""
    import pyarrow as pa  # noqa: PLC0415  (heavy)

    said = [value or "" for value in values]
    data = "".join(said).encode()
    lengths = list(map(len, said))
    if len(data) != sum(lengths):  # not of ASCII alone
        lengths = [len(value.encode()) for value in said]
    ends = array("i", [0, *accumulate(lengths)])  # of a list: twice as fast as of what accumulate gives
    return pa.Array.from_buffers(pa.string(), len(said), [_present(values), pa.py_buffer(ends), pa.py_buffer(data)])


def _present(values: Sequence[str | None]) -> pa.Buffer | None:
    """Return a bit for each value, the first lowest, set where there is one; None where all are there."""
    import pyarrow as pa  # noqa: PLC0415  (heavy)

    if None not in values:
        return None
    bits = int("".join(["0" if value is None else "1" for value in reversed(values)]), 2)
    return pa.py_buffer(bits.to_bytes((len(values) + 7) // 8, "little"))
