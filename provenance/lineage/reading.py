"""Reads nodes and edges out of lineage.sqlite as the values that answers are made of. Walks nowhere."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from worldloom.provenance.errors import FormatError, LogError
from worldloom.provenance.log_reader import LogReader

from .kinds import NodeKind, prov_type
from .part import Edge, Part, Source
from .rows import Row
from .schema import KINDS, RELATIONS
from .table_names import TableNames
from .tables import facts_of
from .walk import Step

_ROW = "SELECT name, kind, what, time, agent, entry FROM node WHERE id = ?"
_FACTS = 'SELECT name, kind, entry, "row", time, agent, what, status, prompt, more FROM node'
_CAUSES = "SELECT cause, relation FROM edge WHERE effect = ? ORDER BY cause"


class Reader:
    """Reads the tables of one run; ids are those of `node`, which must be there."""

    def __init__(self, tables: sqlite3.Connection) -> None:
        self._tables = tables

    def kinds(self) -> dict[str, int]:
        """Return how many nodes of each kind there are."""
        (counts,) = self._tables.execute("SELECT value FROM meta WHERE key = 'nodes'").fetchone()
        return dict(json.loads(counts))

    def kind(self, number: int) -> NodeKind:
        """Return the kind of a node."""
        (kind,) = self._tables.execute("SELECT kind FROM node WHERE id = ?", (number,)).fetchone()
        return KINDS[int(kind)]

    def name(self, number: int) -> str:
        """Return the name of a node."""
        return str(self._tables.execute("SELECT name FROM node WHERE id = ?", (number,)).fetchone()[0])

    def names(self, numbers: Iterable[int]) -> tuple[str, ...]:
        """Return the names of nodes."""
        return tuple(map(self.name, numbers))

    def row(self, number: int, depth: int = 0, relation: str = "", via: str = "") -> Row:
        """Return the row of a node."""
        name, kind, what, time, agent, entry = self._tables.execute(_ROW, (number,)).fetchone()
        return Row(name, KINDS[kind], what, time, agent or "", entry, depth, relation, via)

    def rows(self, steps: Iterable[Step]) -> tuple[Row, ...]:
        """Return the rows of what was reached."""
        names: dict[int, str] = {}
        found = []
        for node, depth, via, relation in steps:
            if via not in names:
                names[via] = self.name(via)
            row = self.row(node, depth, str(RELATIONS[relation]), names[via])
            names[node] = row.id
            found.append(row)
        return tuple(found)

    def chain(self, numbers: Sequence[int]) -> tuple[Row, ...]:
        """Return the rows of a chain from effect to cause."""
        found: list[Row] = []
        for depth, number in enumerate(numbers):
            if not found:
                found.append(self.row(number))
                continue
            query = "SELECT relation FROM edge WHERE effect = ? AND cause = ?"
            (relation,) = self._tables.execute(query, (numbers[depth - 1], number)).fetchone()
            found.append(self.row(number, depth, str(RELATIONS[relation]), found[-1].id))
        return tuple(found)

    def facts(self, number: int) -> dict[str, Any]:
        """Return all facts of a node."""
        return _facts(self._tables.execute(f"{_FACTS} WHERE id = ?", (number,)).fetchone())[1]

    def causes(self, number: int) -> list[tuple[int, str]]:
        """Return the ids of what a node rests on directly, and how."""
        return [(cause, str(RELATIONS[relation])) for cause, relation in self._tables.execute(_CAUSES, (number,))]

    def part(self, source: Source, of: Sequence[int], numbers: Iterable[int], whole: bool, log: LogReader) -> Part:
        """Return nodes and the edges between them; `of` are those that were asked about."""
        ordered = sorted(set(numbers))
        nodes = {}
        names: dict[int, str] = {}
        for number in ordered:
            name, facts = _facts(self._tables.execute(f"{_FACTS} WHERE id = ?", (number,)).fetchone())
            nodes[name], names[number] = facts, name
        edges = tuple(
            Edge(names[effect], names[cause], relation)
            for effect in ordered
            for cause, relation in self.causes(effect)
            if cause in names
        )
        about = tuple(names[number] for number in of)
        return Part(source, about, nodes, edges, whole, _contents(log, {name: nodes[name] for name in about}))

    def everything(self, source: Source) -> Part:
        """Return all nodes and edges."""
        names = dict(self._tables.execute("SELECT id, name FROM node"))
        nodes = dict(_facts(row) for row in self._tables.execute(f"{_FACTS} ORDER BY id"))
        query = "SELECT effect, cause, relation FROM edge ORDER BY effect, cause"
        edges = (
            Edge(names[effect], names[cause], str(RELATIONS[relation]))
            for effect, cause, relation in self._tables.execute(query)
        )
        return Part(source, (), nodes, tuple(edges))

    @staticmethod
    def by_kind(counts: Iterable[tuple[int, int]]) -> dict[str, int]:
        """Return counts by the words of kinds instead of their numbers."""
        return {str(KINDS[kind]): number for kind, number in counts}


def _facts(row: Sequence[Any]) -> tuple[str, dict[str, Any]]:
    name, kind, entry, *columns = row
    word = KINDS[kind]
    return name, {"kind": str(word), "prov": prov_type(word), "entry": entry, **facts_of(*columns)}


def _contents(log: LogReader, nodes: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Return the hex content digests of those nodes that are entries of the log, not parts of one."""
    found = {}
    for name, facts in nodes.items():
        if facts["entry"] < 0 or "row" in facts or facts["kind"] in (NodeKind.REQUEST, NodeKind.RUN):
            continue
        try:
            found[name] = log.entry(facts["entry"]).content.hex()
        except (FormatError, LogError):
            continue
    return found


class NamedBranches:
    """The tables of one run by names instead of ids, as a text tree asks for them."""

    def __init__(self, tables: sqlite3.Connection) -> None:
        self._reader, self._names = Reader(tables), TableNames(tables)

    def known(self, node: str) -> dict[str, Any] | None:
        """Return a node's facts; None for what is no node."""
        number = self._names.id(node)
        return None if number is None else self._reader.facts(number)

    def rests_on(self, node: str) -> list[tuple[str, str]]:
        """Return a node's causes in the order of the log, each with its relation."""
        number = self._names.id(node)
        causes = () if number is None else self._reader.causes(number)
        return [(self._reader.name(cause), relation) for cause, relation in causes]
