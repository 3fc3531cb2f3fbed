"""Joins vertices of a surface that are alike in everything. No shape and no shade changes."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .solids import Surface

_COLUMNS = tuple(field.name for field in fields(Surface) if field.name != "indices")


def welded(surface: Surface) -> Surface:
    """Return the surface with each vertex once, in the order of first appearance, and no zero below zero."""
    columns = {name: _no_minus(column) for name in _COLUMNS if (column := getattr(surface, name)) is not None}
    rows = np.concatenate([column.view(np.uint8).reshape(len(column), -1) for column in columns.values()], axis=1)
    whole = np.ascontiguousarray(rows).view(np.dtype((np.void, rows.shape[1])))[:, 0]
    _, first, at = np.unique(whole, return_index=True, return_inverse=True)
    kept = np.sort(first)
    place = np.searchsorted(kept, first)
    indices = place[at][surface.indices].astype(np.uint32)
    return replace(surface, indices=indices, **{name: column[kept] for name, column in columns.items()})


def _no_minus(column: NDArray[Any]) -> NDArray[Any]:
    """Return the column in its own memory; -0.0 is 0.0, which looks the same and is stored once."""
    return np.ascontiguousarray(column + column.dtype.type(0))
