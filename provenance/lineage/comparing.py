"""Compares the lineage of two runs: where their accounts part, and what only one of them has. Reads tables only.

As long as two logs tell of the same nodes in the same order, with the same facts and causes, these have the same ids in
both. A chain of digests at every 1,024th node finds the place where that ends in a few steps.
"""

from __future__ import annotations

import hashlib
import sqlite3
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Any

from .reading import Reader
from .rows import Change, Difference, Row

_EVERY = 1024
_NODES = 'SELECT name, kind, "row", time, agent, what, status, prompt FROM node WHERE id >= ? AND id < ? ORDER BY id'
_EDGES = "SELECT effect, cause, relation FROM edge WHERE effect >= ? AND effect < ?"
_UNCOMPARED = frozenset({"entry", "file"})
"""Facts that are evidence, or say only where in the log something stands: they differ between equal runs."""


def compare(first: sqlite3.Connection, second: sqlite3.Connection, limit: int) -> Difference:
    """Return how two runs differ; each of the three lists ends at `limit`."""
    since = _parting(first, second)
    one, two = Reader(first), Reader(second)
    rows: list[list[Row]] = [[], []]
    changed: list[Change] = []
    more = False
    for number, name in _from(first, since):
        other = _id(second, name)
        if other is None:
            rows[0].append(one.row(number))
        elif (change := _change(name, _told(one, number), _told(two, other))) is not None:
            changed.append(change)
        if more := max(len(rows[0]), len(changed)) > limit:
            break
    lacking = (number for number, name in _from(second, since) if _id(first, name) is None)
    rows[1] = [two.row(number) for number in islice(lacking, limit + 1)]
    more = more or len(rows[1]) > limit
    only_first, only_second = (tuple(side[:limit]) for side in rows)
    same = not (only_first or only_second or changed)
    counts = _counts(one.kinds(), two.kinds())
    return Difference(same, since, only_first, only_second, tuple(changed[:limit]), more, counts)


def _parting(first: sqlite3.Connection, second: sqlite3.Connection) -> int:
    """Return an id up to which both runs say the same of the same ids: to within `_EVERY`."""
    chains = _marks(first), _marks(second)
    equal = bisect_left(range(min(map(len, chains))), 1, key=lambda at: int(chains[0][at] != chains[1][at]))
    return equal * _EVERY


def _marks(tables: sqlite3.Connection) -> list[bytes]:
    """Return the digest of the first 1,024 nodes, of the first 2,048 and so on; kept for the next time."""
    found = [bytes(chain) for (chain,) in tables.execute("SELECT chain FROM mark ORDER BY first")]
    (size,) = tables.execute("SELECT count(*) FROM node").fetchone()
    if len(found) == size // _EVERY:
        return found
    with suppress(sqlite3.OperationalError):  # somebody else writes, or it is somebody else's file: not kept then
        tables.execute("PRAGMA query_only = 0")
        tables.execute("BEGIN IMMEDIATE")
        found = _chain(tables)
        values = ((at * _EVERY, chain) for at, chain in enumerate(found))
        tables.executemany("INSERT OR REPLACE INTO mark VALUES (?, ?)", values)
        tables.execute("COMMIT")
        return found
    if tables.in_transaction:
        tables.execute("ROLLBACK")
    return _chain(tables)


def _chain(tables: sqlite3.Connection) -> list[bytes]:
    (size,) = tables.execute("SELECT count(*) FROM node").fetchone()
    found, chain = [], b""
    for start in range(0, size - size % _EVERY, _EVERY):
        digest = hashlib.sha256(chain)
        for query in (_NODES, _EDGES):
            digest.update(repr(tables.execute(query, (start, start + _EVERY)).fetchall()).encode())
        chain = digest.digest()
        found.append(chain)
    return found


def _from(tables: sqlite3.Connection, start: int) -> Iterator[tuple[int, str]]:
    return iter(tables.execute("SELECT id, name FROM node WHERE id >= ? ORDER BY id", (start,)))


def _id(tables: sqlite3.Connection, name: str) -> int | None:
    row = tables.execute("SELECT id FROM node WHERE name = ?", (name,)).fetchone()
    return None if row is None else int(row[0])


def _told(reader: Reader, number: int) -> dict[str, Any]:
    facts = {name: value for name, value in reader.facts(number).items() if name not in _UNCOMPARED}
    causes = sorted(f"{relation} {reader.name(cause)}" for cause, relation in reader.causes(number))
    return facts | {"causes": causes}


def _change(name: str, first: dict[str, Any], second: dict[str, Any]) -> Change | None:
    """Return the facts that differ; None where none does."""
    differing = [fact for fact in {**first, **second} if first.get(fact) != second.get(fact)]
    if not differing:
        return None
    sides = ({fact: side[fact] for fact in differing if fact in side} for side in (first, second))
    return Change(name, *sides)


def _counts(first: dict[str, int], second: dict[str, int]) -> dict[str, tuple[int, int]]:
    return {kind: (first.get(kind, 0), second.get(kind, 0)) for kind in {**first, **second}}
