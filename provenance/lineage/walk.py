"""Walks along the edges in lineage.sqlite no further than an answer needs. Knows ids, not names.

A recursive query of SQLite takes a node's edges all at once, and a model or the world's beginning has one to nearly
every node: its first row costs as much as its last. These walks read edges as they are wanted.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Collection, Iterator
from enum import Enum
from typing import NamedTuple


class Direction(Enum):
    """Which way to walk: to what something rests on, or to what rests on it."""

    ANCESTORS = "SELECT cause, relation FROM edge WHERE effect = ? ORDER BY cause"
    DESCENDANTS = "SELECT effect, relation FROM edge WHERE cause = ? ORDER BY effect"

    @property
    def reached(self) -> str:
        """The query that gives all that can be reached, for counting."""
        here, there = ("effect", "cause") if self is Direction.ANCESTORS else ("cause", "effect")
        step = f"SELECT edge.{there} FROM reached JOIN edge ON edge.{here} = reached.id"  # noqa: S608  (words of our own)
        return f"WITH RECURSIVE reached (id) AS (SELECT value FROM json_each(?) UNION {step})"  # noqa: S608


class Step(NamedTuple):
    """A node that was reached: how many edges away, from which node, by which relation (numbers of `schema`)."""

    node: int
    depth: int
    via: int
    relation: int


def spread(
    tables: sqlite3.Connection, starts: Collection[int], direction: Direction, depth: int | None = None
) -> Iterator[Step]:
    """Yield everything that can be reached, nearest first, ties in the order of ids; the starts are not among it."""
    seen = set(starts)
    waiting = deque((start, 1) for start in sorted(seen))
    while waiting:
        node, away = waiting.popleft()
        if depth is not None and away > depth:
            return
        for other, relation in tables.execute(direction.value, (node,)):
            if other not in seen:
                seen.add(other)
                waiting.append((other, away + 1))
                yield Step(other, away, node, relation)


def count(tables: sqlite3.Connection, starts: Collection[int], direction: Direction) -> list[tuple[int, int]]:
    """Return how many nodes of each kind (number) can be reached, the starts not among them."""
    query = f"{direction.reached} SELECT kind, count(*) FROM reached JOIN node USING (id) GROUP BY kind"  # noqa: S608
    found = dict(tables.execute(query, (_json(starts),)))
    own = "SELECT kind, count(*) FROM node WHERE id IN (SELECT value FROM json_each(?)) GROUP BY kind"
    for kind, number in tables.execute(own, (_json(starts),)):
        found[kind] -= number
    return [(kind, number) for kind, number in sorted(found.items()) if number]


def shortest(tables: sqlite3.Connection, effects: Collection[int], causes: Collection[int]) -> list[int]:
    """Return ids from one of the effects back along a shortest way to one of the causes; empty where there is none.

    Both ends are walked from, level by level, the cheaper one first. Ids below the causes' range or above the effects'
    cannot lie between (`schema`, span).
    """
    if both := set(effects) & set(causes):
        return [min(both)]
    low = min((_span(tables, cause)[0] for cause in causes), default=0)
    high = max((_span(tables, effect)[1] for effect in effects), default=-1)
    sides = (_Side(Direction.ANCESTORS, effects), _Side(Direction.DESCENDANTS, causes))
    while all(side.front for side in sides):
        price = sides[0].price(tables)
        up = price <= sides[1].price(tables, price + 1)
        near, far = sides if up else sides[::-1]
        if (met := near.advance(tables, far, low, high)) is not None:
            return [*sides[0].way(met)[::-1], *sides[1].way(met)[1:]]
    return []


class _Side:
    """One end of a search from both ends: what it reached, and from where."""

    def __init__(self, direction: Direction, starts: Collection[int]) -> None:
        self.direction = direction
        self.via: dict[int, int | None] = dict.fromkeys(sorted(starts))
        self.front = list(self.via)

    def price(self, tables: sqlite3.Connection, most: int | None = None) -> int:
        """Return how many edges the next level has; no more than `most` are counted."""
        total = 0
        for node in self.front:
            rest = -1 if most is None else most - total
            query = f"SELECT count(*) FROM ({self.direction.value} LIMIT {rest})"  # noqa: S608  (words of our own)
            total += tables.execute(query, (node,)).fetchone()[0]
            if most is not None and total >= most:
                break
        return total

    def advance(self, tables: sqlite3.Connection, other: _Side, low: int, high: int) -> int | None:
        """Walk one level; returns the node where the other side is met."""
        found: list[int] = []
        for node in self.front:
            for next_, _ in tables.execute(self.direction.value, (node,)):
                if next_ in self.via or not low <= next_ <= high:
                    continue
                self.via[next_] = node
                if next_ in other.via:
                    return int(next_)
                found.append(next_)
        self.front = found
        return None

    def way(self, node: int) -> list[int]:
        """Return the ids from a node back to where this side began."""
        way = [node]
        while (before := self.via[way[-1]]) is not None:
            way.append(before)
        return way


def _span(tables: sqlite3.Connection, node: int) -> tuple[int, int]:
    """Return the range of ids that a node lies in: itself alone where none does."""
    row = tables.execute(
        "SELECT first, last FROM span WHERE first <= ? ORDER BY first DESC LIMIT 1", (node,)
    ).fetchone()
    return (int(row[0]), int(row[1])) if row is not None and node <= row[1] else (node, node)


def _json(numbers: Collection[int]) -> str:
    return f"[{','.join(map(str, numbers))}]"
