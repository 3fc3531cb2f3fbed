"""Finds what leads nowhere: gaps in the log, things without a cause, files without an entry. Judges nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import islice

from worldloom.provenance.folder import ARTIFACTS, WORLD
from worldloom.provenance.storage import PART, Storage

from .rows import Orphan, Why
from .sink import By
from .table_names import TableNames

_SIDECAR = ".c2pa"


def find(tables: sqlite3.Connection, storage: Storage, limit: int) -> tuple[Orphan, ...]:
    """Return the first orphans: nodes in the order of the log, then files in the order of their paths."""
    return tuple(islice(_all(tables, storage), limit))


def _all(tables: sqlite3.Connection, storage: Storage) -> Iterator[Orphan]:
    for name, entry, what in tables.execute("SELECT name, entry, what FROM node WHERE kind = 0 ORDER BY id"):
        yield Orphan(name, Why.UNKNOWN if entry < 0 else Why.ERASED, what)
    for name, what in tables.execute("SELECT name, what FROM loose JOIN node ON node.id = loose.node ORDER BY id"):
        yield Orphan(name, Why.LOOSE, what)
    names = TableNames(tables)
    for folder in (ARTIFACTS, WORLD):
        for path in storage.files(folder):
            known = names.called(By.PATH, path.removesuffix(_SIDECAR)) or names.called(By.PATH, path)
            if known is None and not path.endswith(PART):
                yield Orphan(path, Why.FILE)
