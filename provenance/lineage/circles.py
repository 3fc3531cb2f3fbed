"""Finds whether something rests on itself, looking only where it could. Knows ids and edges, not what they stand for.

Ids follow the log, and nearly every edge goes from an effect to an earlier cause. A circle needs an edge that goes the
other way, and it cannot leave the ranges that such edges cover: who is below a range can never come up into it again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter

_WITHIN = "SELECT effect, cause FROM edge WHERE effect BETWEEN ?1 AND ?2 AND cause BETWEEN ?1 AND ?2"


class Spans:
    """Ranges of ids that edges to later causes cover, merged where they overlap; `changed` are those not looked at."""

    def __init__(self, spans: Iterable[tuple[int, int]] = ()) -> None:
        self._merged = [(int(first), int(last)) for first, last in spans]
        self._old = frozenset(self._merged)
        self._fresh: list[tuple[int, int]] = []
        self._touched: set[int] = set()

    def add(self, effect: int, cause: int) -> None:
        """Take in an edge whose cause is not earlier than its effect."""
        self._fresh.append((effect, cause))

    def touch(self, effect: int) -> None:
        """Take in that a node that was there before rests on something more, which may close a circle."""
        self._touched.add(effect)

    def merged(self) -> list[tuple[int, int]]:
        """Return the ranges in order, none touching another."""
        if self._fresh:
            found: list[tuple[int, int]] = []
            for first, last in sorted([*self._merged, *self._fresh]):
                if found and first <= found[-1][1]:
                    found[-1] = (found[-1][0], max(last, found[-1][1]))
                else:
                    found.append((first, last))
            self._merged, self._fresh = found, []
        return self._merged

    def circle(self, tables: sqlite3.Connection) -> int | None:
        """Return a node that rests on itself, None where there is none; reads the changed ranges only."""
        for span in self.merged():
            if span in self._old and not any(span[0] <= effect <= span[1] for effect in self._touched):
                continue
            causes: dict[int, list[int]] = {}
            for effect, cause in tables.execute(_WITHIN, span):
                causes.setdefault(effect, []).append(cause)
            try:
                TopologicalSorter(causes).prepare()
            except CycleError as error:
                return int(error.args[1][0])
        return None
