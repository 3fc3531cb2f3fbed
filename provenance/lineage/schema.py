"""The tables of lineage.sqlite and the numbers that stand in them for words. Reads and writes nothing.

`node.id` counts nodes in the order in which the log tells of them. A later format has another VERSION: a cache of
another version is made anew, never converted.
"""

from __future__ import annotations

from .kinds import NodeKind, Relation

VERSION = 1

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE node (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, kind INTEGER NOT NULL, entry INTEGER NOT NULL, "row" INTEGER,
  time INTEGER, agent TEXT, what TEXT NOT NULL, status TEXT, prompt BLOB, more TEXT
);
CREATE TABLE edge (
  effect INTEGER NOT NULL, cause INTEGER NOT NULL, relation INTEGER NOT NULL, PRIMARY KEY (effect, cause)
) WITHOUT ROWID;
CREATE TABLE alias (key BLOB NOT NULL, kind INTEGER NOT NULL, node INTEGER NOT NULL, PRIMARY KEY (key, kind))
  WITHOUT ROWID;
CREATE TABLE span (first INTEGER PRIMARY KEY, last INTEGER NOT NULL);
CREATE TABLE loose (node INTEGER PRIMARY KEY);
CREATE TABLE mark (first INTEGER PRIMARY KEY, chain BLOB NOT NULL);
"""
"""`node.more`: the rarer facts as JSON. `alias`: other names (`By`), digests as 32 bytes, paths as text. `span`: ranges
of ids within which an effect may stand before its cause; no edge leads upwards from one range to another. `loose`:
nodes that rest on nothing and ought to. `mark`: a chain of digests over all before a node, made when two runs are
compared first."""

INDEXES = """
CREATE UNIQUE INDEX IF NOT EXISTS node_by_name ON node (name);
CREATE INDEX IF NOT EXISTS node_by_agent ON node (agent) WHERE agent IS NOT NULL;
CREATE INDEX IF NOT EXISTS node_by_prompt ON node (prompt) WHERE prompt IS NOT NULL;
CREATE INDEX IF NOT EXISTS node_missing ON node (kind) WHERE kind = 0;
CREATE INDEX IF NOT EXISTS edge_by_cause ON edge (cause, effect, relation);
"""
"""Made after the first filling, which is faster; both directions of an edge can be read from an index alone."""

KINDS: tuple[NodeKind, ...] = (
    NodeKind.MISSING,
    NodeKind.SCENARIO,
    NodeKind.GENESIS,
    NodeKind.PERSONA,
    NodeKind.MODEL,
    NodeKind.TRAINING,
    NodeKind.DATA,
    NodeKind.REQUEST,
    NodeKind.DECISION,
    NodeKind.MEMORY,
    NodeKind.EVENT,
    NodeKind.ARTIFACT,
    NodeKind.EXPORT,
    NodeKind.OTHER,
    NodeKind.RUN,
)
"""By number; a change of order is a change of VERSION."""

ROOTS = (
    NodeKind.MISSING,
    NodeKind.SCENARIO,
    NodeKind.MODEL,
    NodeKind.TRAINING,
    NodeKind.DATA,
    NodeKind.REQUEST,
    NodeKind.RUN,
)
"""What may rest on nothing."""

RELATIONS: tuple[Relation, ...] = tuple(Relation)

KIND_NUMBERS = {kind: number for number, kind in enumerate(KINDS)}
RELATION_NUMBERS = {relation: number for number, relation in enumerate(RELATIONS)}
