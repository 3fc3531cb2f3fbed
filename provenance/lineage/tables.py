"""Fills the tables of lineage.sqlite: a sink, like the graph in memory. Opens no file, answers no question."""

from __future__ import annotations

import json
import sqlite3
from operator import itemgetter
from typing import Any

from .circles import Spans
from .kinds import NodeKind, Relation
from .schema import KIND_NUMBERS, RELATION_NUMBERS
from .sink import By
from .told import Telling

BATCH = 20_000
"""Edges that wait in memory before they are written."""

_HEX = frozenset("0123456789abcdef")
_COLUMNS = ("row", "time", "agent", "what", "status", "prompt")
_ENDS = itemgetter(0, 1)
_INSERT = (
    'INSERT OR REPLACE INTO node (id, name, kind, entry, "row", time, agent, what, status, prompt, more) '
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_SELECT = 'SELECT kind, entry, "row", time, agent, what, status, prompt, more FROM node WHERE id = ?'


class TableSink:
    """Writes nodes and edges into open tables; `finish` writes what still waits. The transaction is the caller's.

    `grown` says that there may be nodes already, which are then looked up; else all names are in memory.
    """

    def __init__(self, tables: sqlite3.Connection, *, grown: bool) -> None:
        self._tables = tables
        self._grown = grown
        (count,) = tables.execute("SELECT coalesce(max(id), -1) + 1 FROM node").fetchone()
        self._next = self._first = int(count)
        self._ids: dict[str, int] = {}
        self._waiting: dict[int, tuple[str, int, int, dict[str, Any]]] = {}
        self._edges: list[tuple[int, int, int]] = []
        self._aliases: dict[tuple[By, str], int] = {}
        self._names: dict[int, str] = {}
        self.spans = Spans(tables.execute("SELECT first, last FROM span ORDER BY first"))

    @property
    def size(self) -> int:
        """How many nodes there are: the id of the next."""
        return self._next

    def add(self, node: str, kind: NodeKind, entry: int, **facts: Any) -> None:
        """Add a node, or facts to one that is there."""
        number = self._find(node)
        if number is None:
            number = self._ids[node] = self._next
            self._next += 1
            self._waiting[number] = (node, KIND_NUMBERS[kind], entry, facts)
        else:
            self._waiting[number] = (node, KIND_NUMBERS[kind], entry, self._facts(number) | facts)

    def note(self, node: str, **facts: Any) -> None:
        """Add facts to a node that is there."""
        number = self._id(node)
        known = self._facts(number)
        waiting = self._waiting[number]
        self._waiting[number] = (*waiting[:3], known | facts)

    def knows(self, node: str) -> bool:
        """Whether the node is there."""
        return node in self._ids or self._find(node) is not None

    def link(self, effect: str, cause: str, relation: Relation) -> None:
        """Add an edge; of two between the same nodes the first stays."""
        one, two = self._id(effect), self._id(cause)
        self._edges.append((one, two, RELATION_NUMBERS[relation]))
        if two >= one:
            self.spans.add(one, two)
        elif one < self._first:
            self.spans.touch(one)
        if len(self._edges) >= BATCH:
            self.flush()

    def call(self, by: By, name: str, node: str) -> None:
        """Remember another name of a node."""
        self._aliases[by, name] = self._id(node)

    def called(self, by: By, name: str) -> str | None:
        """Return the node of that name."""
        number = self._aliases.get((by, name))
        if number is None:
            query = "SELECT node FROM alias WHERE key = ? AND kind = ?"
            row = self._tables.execute(query, (key(name), int(by))).fetchone()
            if row is None:
                return None
            number = int(row[0])
        waiting = self._waiting.get(number)
        if waiting is not None:
            return waiting[0]
        # Parents are named by digest over and over: the genesis by every decision.
        if number not in self._names:
            (self._names[number],) = self._tables.execute("SELECT name FROM node WHERE id = ?", (number,)).fetchone()
        return self._names[number]

    def tell(self, telling: Telling) -> None:
        """Forget it: who knows what is asked of the graph in memory."""

    def flush(self) -> None:
        """Write what waits."""
        self._tables.executemany(_INSERT, (_row(number, *node) for number, node in self._waiting.items()))
        # In the order of the index, so that its pages are filled one after the other.
        self._edges.sort(key=_ENDS)  # stable: of two between the same nodes the first stays
        self._tables.executemany("INSERT OR IGNORE INTO edge VALUES (?, ?, ?)", self._edges)
        aliases = ((key(name), int(by), node) for (by, name), node in self._aliases.items())
        self._tables.executemany("INSERT OR REPLACE INTO alias VALUES (?, ?, ?)", aliases)
        self._waiting, self._edges, self._aliases = {}, [], {}

    def _id(self, node: str) -> int:
        number = self._ids.get(node)
        if number is None and (number := self._find(node)) is None:
            raise KeyError(node)
        return number

    def _find(self, node: str) -> int | None:
        number = self._ids.get(node)
        if number is None and self._grown:
            row = self._tables.execute("SELECT id FROM node WHERE name = ?", (node,)).fetchone()
            if row is not None:
                number = self._ids[node] = int(row[0])
        return number

    def _facts(self, number: int) -> dict[str, Any]:
        """Return the facts of a node that is there, which then waits to be written again."""
        waiting = self._waiting.get(number)
        if waiting is None:
            kind, entry, *values = self._tables.execute(_SELECT, (number,)).fetchone()
            (name,) = self._tables.execute("SELECT name FROM node WHERE id = ?", (number,)).fetchone()
            waiting = self._waiting[number] = (name, kind, entry, facts_of(*values))
        return waiting[3]


def facts_of(
    row: int | None,
    time: int | None,
    agent: str | None,
    what: str,
    status: str | None,
    prompt: bytes | str | None,
    more: str | None,
) -> dict[str, Any]:
    """Return the facts of a node from its columns, as a graph in memory has them."""
    facts: dict[str, Any] = {"what": what}
    values = (("row", row), ("time", time), ("agent", agent), ("status", status))
    facts |= {name: value for name, value in values if value is not None}
    if prompt is not None:
        facts["prompt"] = key_name(prompt)
    return facts | json.loads(more) if more else facts


def key(name: str) -> bytes | str:
    """Return a name as its column holds it: 32 bytes for a digest, else text."""
    return bytes.fromhex(name) if len(name) == 64 and _HEX.issuperset(name) else name


def key_name(key: bytes | str) -> str:
    """Return the name that `key` made a column's value of."""
    return key.hex() if isinstance(key, bytes) else key


def _row(number: int, node: str, kind: int, entry: int, facts: dict[str, Any]) -> tuple[Any, ...]:
    get = facts.get
    prompt = get("prompt")
    more = {name: value for name, value in facts.items() if name not in _COLUMNS}
    return (
        number,
        node,
        kind,
        entry,
        get("row"),
        get("time"),
        get("agent"),
        facts["what"],
        get("status"),
        None if prompt is None else key(prompt),
        json.dumps(more) if more else None,
    )
