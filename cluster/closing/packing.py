"""Rows of integers as one short text that a page's script unpacks (`page/unpack.js`). Knows not what they mean."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray


def pack(columns: Sequence[Iterable[int]]) -> str:
    """Return columns of integers (|value| < 2^31) one after the other as base64.

    Each column is its length and then the differences from one value to the next, all as zigzag varints: small numbers
    and slow changes take one byte.
    """
    parts: list[NDArray[np.int64]] = []
    for column in columns:
        values = np.fromiter(column, np.int64)
        parts += [np.array([len(values)], np.int64), np.diff(values, prepend=0)]
    return base64.b64encode(_varints(np.concatenate(parts) if parts else np.zeros(0, np.int64))).decode()


def _varints(values: NDArray[np.int64]) -> bytes:
    """Return zigzag varints: seven bits a byte, the lowest first, the highest bit says that more follow."""
    left = (values << 1) ^ (values >> 63)
    columns = []
    while True:
        more = left > 0x7F
        columns.append(np.where(more, left & 0x7F | 0x80, left & 0x7F))
        if not more.any():
            break
        left = left >> 7
    table = np.stack(columns, axis=1)
    lengths = 1 + (table[:, :-1] >= 0x80).cumprod(axis=1).sum(axis=1) if table.shape[1] > 1 else np.ones(len(table))
    keep = np.arange(table.shape[1])[None, :] < lengths[:, None]
    return table[keep].astype(np.uint8).tobytes()
