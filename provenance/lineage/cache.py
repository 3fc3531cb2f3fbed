"""Where lineage.sqlite lies, and when it must be made anew or may grow. A cache, no evidence.

A cache is of one run id, format and set of trainings (its name), and says up to which size and root of the log it was
read and how long the bodies' segments were. Another root, or a segment of another length (an erasure), makes it worth
nothing; a log that only grew is read on. A new one is written beside and renamed, growth is one transaction: several
processes may do either at once.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

import platformdirs
from worldloom.provenance.errors import ProvenanceError
from worldloom.provenance.folder import BODIES, CHECKPOINT, body_segment, read_run
from worldloom.provenance.log_reader import LogReader
from worldloom.provenance.merkle import leaf_hash, root
from worldloom.provenance.storage import Storage

from .build import Builder, Reading, refuse_circle
from .schema import INDEXES, KIND_NUMBERS, KINDS, ROOTS, TABLES, VERSION
from .tables import TableSink

CACHE_VARIABLE = "WORLDLOOM_CACHE"
"""Environment variable that names another folder for caches than the user's own."""

_WAIT_SECONDS = 600.0
"""How long a process waits for another that lets the same cache grow."""
_MAPPED = 1 << 30
_UNUSABLE = (OSError, sqlite3.OperationalError)


def cache_folder() -> Path:
    """Return the folder of this user's lineage caches; it need not be there."""
    named = os.environ.get(CACHE_VARIABLE)
    home = Path(named) if named else platformdirs.user_cache_path("worldloom", appauthor=False)
    return home / "lineage"


class Cache:
    """The tables of one run, made or brought up to date by `open`."""

    def __init__(self, log: LogReader, trainings: Sequence[Storage], folder: Path | None = None) -> None:
        self._log = log
        self._trainings = tuple(trainings)
        folder = cache_folder() if folder is None else folder
        self.path = folder / f"{read_run(log.storage).run_id}-{_name(self._trainings)}.sqlite"

    def open(self) -> sqlite3.Connection:
        """Return tables that hold the whole log; where the folder cannot be written, temporary ones.

        Raises LineageError for a log that contradicts itself; FormatError, StorageError or LogError as LogReader does.
        """
        try:
            if not self._is_whole():
                self._write()
            return _reading(self.path)
        except _UNUSABLE:
            return self._temporary()

    def renew(self) -> sqlite3.Connection:
        """Return tables made anew, whatever stands there: for one that turned out to be damaged."""
        try:
            self._write()
            return _reading(self.path)
        except _UNUSABLE:
            return self._temporary()

    def _temporary(self) -> sqlite3.Connection:
        tables = _connect("")  # SQLite's own temporary file, gone with the connection
        self._fill(tables)
        tables.execute("PRAGMA query_only = 1")
        return tables

    def _is_whole(self) -> bool:
        """Whether the cache holds the whole log, after reading what the log has more; False for one to be replaced."""
        if not self.path.is_file():
            return False
        tables = None
        try:
            tables = _connect(str(self.path))
            return self._holds(_meta(tables)) or self._grow(tables)
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise
            return False
        except (sqlite3.DatabaseError, ValueError, LookupError, TypeError):
            return False  # damaged, or no cache at all
        finally:
            if tables is not None:
                tables.close()

    def _holds(self, meta: dict[str, str]) -> bool:
        checkpoint = self._log.checkpoint
        same = (meta["size"], meta["root"]) == (str(checkpoint.size), checkpoint.root.hex())
        return same and meta["bodies"] == self._bodies(checkpoint.size)

    def _grow(self, tables: sqlite3.Connection) -> bool:
        """Read on from where the cache ends; False where it is not of the beginning of this log."""
        tables.execute("BEGIN IMMEDIATE")
        try:
            meta = _meta(tables)  # another process may have been here
            if self._holds(meta):
                return True
            size = int(meta["size"])
            if not 0 < size < self._log.size or self._root(size) != meta["root"]:
                return False
            if meta["bodies"] != self._bodies(size):
                return False
            reading = Reading(**json.loads(meta["reading"]))
            self._read(tables, reading, size)
            tables.execute("COMMIT")
            return True
        finally:
            if tables.in_transaction:
                tables.execute("ROLLBACK")

    def _write(self) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=f"{self.path.stem}-", suffix=".part")
        os.close(handle)
        part = Path(name)
        try:
            tables = _connect(name)
            try:
                self._fill(tables)
            finally:
                tables.close()
            part.replace(self.path)
        finally:
            part.unlink(missing_ok=True)

    def _fill(self, tables: sqlite3.Connection) -> None:
        # Nobody else sees the file yet, and one that a crash left is never renamed.
        tables.execute("PRAGMA journal_mode = OFF")
        tables.execute("PRAGMA synchronous = OFF")
        tables.execute("BEGIN")
        for statement in TABLES.split(";"):
            tables.execute(statement)
        self._read(tables, Reading(), 0)
        tables.execute("COMMIT")

    def _read(self, tables: sqlite3.Connection, reading: Reading, start: int) -> None:
        sink = TableSink(tables, grown=start > 0)
        first = sink.size
        builder = Builder(self._log, sink, self._trainings, reading)
        builder.read(start)
        sink.flush()
        circle = sink.spans.circle(tables)
        refuse_circle("" if circle is None else _name_of(tables, circle))
        tables.execute("DELETE FROM span")
        tables.executemany("INSERT INTO span VALUES (?, ?)", sink.spans.merged())
        tables.execute("DELETE FROM mark")
        for statement in INDEXES.split(";"):
            tables.execute(statement)
        _note_loose(tables, first)
        self._note(tables, builder.reading)

    def _note(self, tables: sqlite3.Connection, reading: Reading) -> None:
        counts = tables.execute("SELECT kind, count(*) FROM node GROUP BY kind").fetchall()
        facts = {
            "version": str(VERSION),
            "size": str(self._log.size),
            "root": self._root(self._log.size),
            "bodies": self._bodies(self._log.size),
            "reading": json.dumps(asdict(reading)),
            "nodes": json.dumps({str(KINDS[kind]): count for kind, count in counts}),
            "edges": str(tables.execute("SELECT count(*) FROM edge").fetchone()[0]),
        }
        tables.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", facts.items())

    def _root(self, size: int) -> str:
        """Return the root of the first entries as they are, not as the checkpoint says; hex."""
        return root(leaf_hash(self._log.raw_entry(index)) for index in range(size)).hex()

    def _bodies(self, size: int) -> str:
        """Return a digest of how long the segments of the first `size` entries' bodies are; an erasure shortens one."""
        digest = hashlib.sha256()
        for start in self._log.segment_starts:
            if start < size:
                length = self._log.storage.disk.size(body_segment(start))
                digest.update(f"{BODIES} {start} {length}\n".encode())
        return digest.hexdigest()


def _name(trainings: Sequence[Storage]) -> str:
    """Return eight digits for the format and the trainings at hand, which decide what a cache says."""
    digest = hashlib.sha256(f"{VERSION}\n".encode())
    for storage in trainings:
        with suppress(ProvenanceError):
            digest.update(hashlib.sha256(storage.read(CHECKPOINT)).digest())
    return digest.hexdigest()[:8]


def _connect(path: str) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=_WAIT_SECONDS, isolation_level=None)


def _reading(path: Path) -> sqlite3.Connection:
    tables = _connect(str(path))
    tables.execute(f"PRAGMA mmap_size = {_MAPPED}")
    tables.execute("PRAGMA query_only = 1")
    return tables


def _meta(tables: sqlite3.Connection) -> dict[str, str]:
    return dict(tables.execute("SELECT key, value FROM meta"))


def _name_of(tables: sqlite3.Connection, number: int) -> str:
    return str(tables.execute("SELECT name FROM node WHERE id = ?", (number,)).fetchone()[0])


def _note_loose(tables: sqlite3.Connection, first: int) -> None:
    """Find the nodes that rest on nothing and ought to, among those from `first` on and those found before."""
    roots = ", ".join(str(KIND_NUMBERS[kind]) for kind in ROOTS)
    tables.execute("DELETE FROM loose WHERE EXISTS (SELECT 1 FROM edge WHERE effect = loose.node)")
    tables.execute(
        f"INSERT OR IGNORE INTO loose SELECT id FROM node WHERE id >= ? AND kind NOT IN ({roots}) "  # noqa: S608
        "AND NOT EXISTS (SELECT 1 FROM edge WHERE effect = node.id)",
        (first,),
    )
