"""Lineage of one run out of lineage.sqlite: pages, counts, paths, orphans, differences. The log is the truth."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from worldloom.provenance.errors import LineageError
from worldloom.provenance.folder import read_run
from worldloom.provenance.log_reader import LogReader
from worldloom.provenance.storage import Storage

from . import orphans, walk
from .bodies import body_of
from .cache import Cache
from .comparing import compare
from .find import Found, find, unknown
from .kinds import NodeKind
from .part import Part, Source
from .reading import NamedBranches, Reader
from .rows import Difference, Orphan, Page, Row
from .table_names import TableNames
from .tree import text_tree
from .walk import Direction, Step

if TYPE_CHECKING:
    import networkx as nx

Name = str | bytes | Path
"""An id, a digest or at least six digits of it, a path in the run, a file's bytes, a file on the disk. Also what is no
node: a prompt's digest (all requests with it), a model's weights or name, an agent of a crowd (all its events)."""

PAGE = 1000
"""Rows of a page, unless said otherwise."""

T = TypeVar("T")


class StoredLineage:
    """What led to what in one run, answered from a cache that is made of its log; made by `of` or `Run.lineage`.

    Every method raises LineageError for a name that stands for nothing or for several things. Answers cost what is
    shown of them, not what the run holds; where that is not so, the method says it.
    """

    def __init__(self, log: LogReader, cache: Cache) -> None:
        self._log = log
        self._cache = cache
        self._tables = cache.open()

    @classmethod
    def of(cls, storage: Storage, trainings: Iterable[Storage] = (), cache: Path | None = None) -> StoredLineage:
        """Open the lineage of a run folder: made from its log if there is none yet, read on where the log grew.

        `trainings` are logs of trainings at hand, `cache` a folder for lineage.sqlite instead of the user's own.
        Raises LineageError for a log that contradicts itself; FormatError, StorageError or LogError as LogReader does.
        """
        log = LogReader(storage)
        return cls(log, Cache(log, tuple(trainings), cache))

    def close(self) -> None:
        """Let go of the cache's file."""
        self._tables.close()

    @property
    def source(self) -> Source:
        """The log that the answers are from."""
        checkpoint = self._log.checkpoint
        run = read_run(self._log.storage).run_id
        return Source(run, checkpoint.origin, checkpoint.size, checkpoint.root.hex())

    @property
    def cache_path(self) -> Path:
        """Where lineage.sqlite of this run lies, if its folder can be written."""
        return self._cache.path

    def __len__(self) -> int:
        return sum(self.kinds().values())

    def kinds(self) -> dict[str, int]:
        """Return how many nodes of each kind the run has."""
        return self._sure(lambda: Reader(self._tables).kinds())

    def find(self, name: Name) -> Found:
        """Return the one node that a name stands for, and by what it was found."""
        found = self._sure(lambda: find(TableNames(self._tables), name))
        if found is None:
            raise unknown(name)
        return found

    def resolve(self, name: Name) -> tuple[str, ...]:
        """Return the nodes that a name stands for: mostly one; all requests of a prompt, and so on."""
        return self._sure(lambda: Reader(self._tables).names(self._ids(name)))

    def row(self, node: str) -> Row:
        """Return the row of one node."""
        return self._sure(lambda: Reader(self._tables).row(self._id(node)))

    def facts(self, node: str) -> dict[str, Any]:
        """Return all facts of one node, as the graph in memory has them (`Lineage`)."""
        return self._sure(lambda: Reader(self._tables).facts(self._id(node)))

    def body(self, node: str) -> Any:
        """Return what the log says of a node: a map, or an EventRow; None where it says nothing or was erased."""
        return body_of(self._log, self.facts(node))

    def ancestors(
        self, name: Name, *, limit: int = PAGE, after: str = "", depth: int | None = None, kinds: Collection[str] = ()
    ) -> Page:
        """Return what something rests on, nearest first: at most `limit` rows, those that follow the id `after`.

        `depth` is how many edges away at most; `kinds` leaves out all others. Pages cost what lies before them, too,
        and so does what `kinds` leaves out.
        """
        return self._page(name, Direction.ANCESTORS, limit, after, depth, kinds)

    def descendants(
        self, name: Name, *, limit: int = PAGE, after: str = "", depth: int | None = None, kinds: Collection[str] = ()
    ) -> Page:
        """Return what rests on something, as `ancestors` does: the impact of a model, a prompt, an agent, an event."""
        return self._page(name, Direction.DESCENDANTS, limit, after, depth, kinds)

    def count_ancestors(self, name: Name) -> dict[str, int]:
        """Return how many nodes of each kind something rests on. Walks over all of them, inside SQLite."""
        return self._count(name, Direction.ANCESTORS)

    def count_descendants(self, name: Name) -> dict[str, int]:
        """Return how many nodes of each kind rest on something. Walks over all of them, inside SQLite."""
        return self._count(name, Direction.DESCENDANTS)

    def path(self, effect: Name, cause: Name) -> tuple[Row, ...]:
        """Return a shortest chain from an effect back to a cause, both ends in it; empty where there is none.

        Each row's `relation` says how the row before it (`via`) rests on it.
        """

        def answer() -> tuple[Row, ...]:
            ids = walk.shortest(self._tables, self._ids(effect), self._ids(cause))
            return Reader(self._tables).chain(ids)

        return self._sure(answer)

    def orphans(self, *, limit: int = PAGE) -> tuple[Orphan, ...]:
        """Return what leads nowhere: erased and unknown nodes, those that rest on nothing, files that no entry names.

        Looks at the names of all files in artifacts/ and world/.
        """
        return self._sure(lambda: orphans.find(self._tables, self._log.storage, limit))

    def diff(self, other: StoredLineage, *, limit: int = PAGE) -> Difference:
        """Return how another run's lineage differs: nodes of one only, and nodes about which the logs say other things.

        The first comparison of a run reads all of its nodes; later ones look where the two part, and from there as far
        as `limit` differences of each sort take them.
        """
        return self._sure(lambda: compare(self._tables, other._tables, limit))

    def causes(self, node: str) -> tuple[Row, ...]:
        """Return what a node rests on directly."""
        return self.ancestors(node, limit=-1, depth=1).rows

    def effects(self, node: str, limit: int = PAGE) -> tuple[Row, ...]:
        """Return what rests on a node directly."""
        return self.descendants(node, limit=limit, depth=1).rows

    def tree(self, name: Name, depth: int = 6) -> str:
        """Return what something rests on as plain text, a line a node, `depth` steps deep."""

        def answer() -> str:
            branches = NamedBranches(self._tables)
            return "\n".join(text_tree(branches, node, depth, self.body) for node in self.resolve(name))

        return self._sure(answer)

    def part(self, name: Name, *, downwards: bool = False, limit: int | None = None, depth: int | None = None) -> Part:
        """Return something and what it rests on (`downwards`: what rests on it), the nearest `limit` nodes of it."""
        direction = Direction.DESCENDANTS if downwards else Direction.ANCESTORS

        def answer() -> Part:
            starts = self._ids(name)
            steps = walk.spread(self._tables, starts, direction, depth)
            found = [*starts, *(step.node for step in islice(steps, limit))]
            whole = next(steps, None) is None
            return Reader(self._tables).part(self.source, starts, found, whole, self._log)

        return self._sure(answer)

    def chain_part(self, effect: Name, cause: Name) -> Part:
        """Return a shortest chain from an effect to a cause as a part; LineageError where there is none."""
        ids = self._sure(lambda: walk.shortest(self._tables, self._ids(effect), self._ids(cause)))
        if not ids:
            raise LineageError(f"{_said(effect)} does not rest on {_said(cause)}: there is nothing to draw or export")
        return self._sure(lambda: Reader(self._tables).part(self.source, ids[:1], ids, True, self._log))

    def graph(self, name: Name | None = None) -> nx.DiGraph:
        """Return a networkx DiGraph, edges from effect to cause: of all, or of something and what it rests on.

        Everything in it is in memory then.
        """
        if name is not None:
            return self.part(name).graph()
        return self._sure(lambda: Reader(self._tables).everything(self.source)).graph()

    # ------------------------------------------------------------------------------------------------------------

    def _page(
        self, name: Name, direction: Direction, limit: int, after: str, depth: int | None, kinds: Collection[str]
    ) -> Page:
        wanted = _kinds(kinds)

        def answer() -> Page:
            reader = Reader(self._tables)
            starts = self._ids(name)
            steps: Iterator[Step] = walk.spread(self._tables, starts, direction, depth)
            if after:
                steps = _behind(steps, self._id(after), after)
            if wanted:
                steps = (step for step in steps if reader.kind(step.node) in wanted)
            found = list(islice(steps, None if limit < 0 else limit))
            more = next(steps, None) is not None
            rows = reader.rows(found)
            return Page(reader.names(starts), rows, rows[-1].id if more and rows else "")

        return self._sure(answer)

    def _count(self, name: Name, direction: Direction) -> dict[str, int]:
        return self._sure(lambda: Reader.by_kind(walk.count(self._tables, self._ids(name), direction)))

    def _ids(self, name: Name) -> tuple[int, ...]:
        return TableNames(self._tables).ids(name)

    def _id(self, node: str) -> int:
        number = TableNames(self._tables).id(self.find(node).node)
        if number is None:
            raise unknown(node)
        return number

    def _sure(self, answer: Callable[[], T]) -> T:
        """Answer; a cache that turns out to be damaged is made anew first."""
        try:
            return answer()
        except sqlite3.DatabaseError:
            self._tables.close()
            self._tables = self._cache.renew()
            return answer()


def _kinds(names: Collection[str]) -> frozenset[NodeKind]:
    try:
        return frozenset(map(NodeKind, names))
    except ValueError as error:
        raise LineageError(f"{error}: no kind of node; there are {', '.join(NodeKind)}") from error


def _behind(steps: Iterator[Step], number: int, node: str) -> Iterator[Step]:
    for step in steps:
        if step.node == number:
            return steps
    raise LineageError(f"{node[:200]}: is not in this answer, so no page can follow it; give the last row of a page")


def _said(name: Name) -> str:
    return f"a file of {len(name)} bytes" if isinstance(name, bytes) else str(name)[:200]
