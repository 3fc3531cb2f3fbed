"""Events of one step and one range of ids as one log body, each row provable. Not for what events mean."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from . import arrow
from .canonical import canonical, parse_canonical
from .digests import CONTENT, digest_bytes
from .errors import CanonicalError, FormatError
from .merkle import Tree, leaf_hash, verify_inclusion

_TEXT = ("actor", "kind", "target", "place", "cause")
_INTEGERS = ("time", "duration")


class EventRow(NamedTuple):
    """One event: start and duration in seconds, ids and words as text or None, details as a JSON value."""

    time: int
    duration: int
    actor: str | None
    kind: str | None
    target: str | None
    place: str | None
    cause: str | None
    detail: Any

    def encode(self) -> bytes:
        """Return the row as a canonical JSON array: a leaf of the block's tree; raises CanonicalError."""
        return canonical(list(self))


@dataclass(frozen=True)
class EventBlock:
    """Rows in order, the simulated time of their step (seconds) and their range (`ids.id_range`)."""

    time: int
    range: int
    rows: tuple[EventRow, ...]

    def __init__(self, time: int, range: int, rows: Iterable[Iterable[Any]]) -> None:  # noqa: A002
        object.__setattr__(self, "time", time)
        object.__setattr__(self, "range", range)
        object.__setattr__(self, "rows", tuple(read_row(row) for row in rows))
        if not self.rows:
            raise FormatError(f"event block of time {time}, range {range}: has no rows; leave it out")

    @cached_property
    def tree(self) -> Tree:
        """Merkle tree whose leaves are the rows."""
        return Tree(leaf_hash(row.encode()) for row in self.rows)

    @cached_property
    def digest(self) -> bytes:
        """Content digest: of the header and the root over the rows."""
        return block_digest(*self.head)

    @property
    def head(self) -> BlockHead:
        """Time, range, number of rows and their root."""
        return BlockHead(self.time, self.range, len(self.rows), self.tree.root())

    def inclusion_proof(self, row: int) -> list[bytes]:
        """Return the audit path of one row; `verify_row` checks it. Raises LogError beyond the rows."""
        return self.tree.inclusion_proof(row)

    def encode(self) -> bytes:
        """Return the storage form: an Arrow IPC stream."""
        import pyarrow as pa  # noqa: PLC0415  (heavy)

        columns = list(zip(*self.rows, strict=True))
        arrays = [arrow.integers(column) for column in columns[:2]]
        arrays += [arrow.texts(column) for column in columns[2:7]]
        arrays.append(arrow.texts([canonical(detail).decode() for detail in columns[7]]))
        batch = pa.record_batch(arrays, schema=_schema(self.time, self.range))
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, batch.schema) as writer:
            writer.write_batch(batch)
        return bytes(sink.getvalue().to_pybytes())

    @classmethod
    def decode(cls, data: bytes, digest: bytes) -> EventBlock:
        """Read the storage form, whose rows must give that digest; raises FormatError."""
        block = cls(*_read(data))
        try:
            again = block.digest
        except CanonicalError as error:
            raise FormatError(f"event block: {error}") from error
        if again != digest:
            raise FormatError(f"event block: its rows give digest {again.hex()}, not {digest.hex()}")
        return block


class BlockHead(NamedTuple):
    """What the content digest of a block is made of: enough to prove one row without the others."""

    time: int
    range: int
    rows: int
    root: bytes


def block_digest(time: int, range_: int, rows: int, root: bytes) -> bytes:
    """Content digest of a block: header as canonical JSON, then the RFC 6962 root over its rows."""
    return digest_bytes(CONTENT, canonical({"type": "events", "time": time, "range": range_, "rows": rows}) + root)


def verify_row(block: BlockHead, row: EventRow, index: int, proof: Sequence[bytes], digest: bytes) -> bool:
    """Whether the head belongs to that content digest and the proof shows the row at that index of its
    block.
    """
    if block_digest(*block) != digest:
        return False
    return verify_inclusion(leaf_hash(row.encode()), index, block.rows, proof, block.root)


def read_row(values: Iterable[Any]) -> EventRow:
    """Return eight values as a row; raises FormatError for what is none."""
    fields = tuple(values)
    if len(fields) != len(EventRow._fields):
        raise FormatError(f"event row: {len(fields)} fields, not {len(EventRow._fields)}: {EventRow._fields}")
    row = EventRow(*fields)
    for name in _INTEGERS:
        if type(getattr(row, name)) is not int:
            raise FormatError(f"event row: {name} is {getattr(row, name)!r}, not an integer of seconds")
    for name in _TEXT:
        if not isinstance(getattr(row, name), str | None):
            raise FormatError(f"event row: {name} is {getattr(row, name)!r}, not text")
    return row


def stored_range(data: bytes) -> int | None:
    """Return the range that the storage form says it is of, None where it says none; `EventBlock.decode` checks it."""
    import pyarrow as pa  # noqa: PLC0415  (heavy)

    try:
        return int((pa.ipc.open_stream(pa.BufferReader(data)).schema.metadata or {})[b"range"])
    except (pa.ArrowException, KeyError, ValueError, OSError):
        return None


def _schema(time: int, range_: int) -> Any:
    import pyarrow as pa  # noqa: PLC0415  (heavy)

    fields = [(name, pa.int64()) for name in _INTEGERS] + [(name, pa.string()) for name in (*_TEXT, "detail")]
    return pa.schema(fields, metadata={"time": str(time), "range": str(range_)})


def _read(data: bytes) -> tuple[int, int, list[EventRow]]:
    import pyarrow as pa  # noqa: PLC0415  (heavy)

    try:
        table = pa.ipc.open_stream(pa.BufferReader(data)).read_all()
        table.validate(full=True)
        metadata = table.schema.metadata or {}
        time, range_ = int(metadata[b"time"]), int(metadata[b"range"])
        if not table.schema.equals(_schema(time, range_), check_metadata=True):
            raise FormatError("event block: its columns are not those of an event block")
        columns = [column.to_pylist() for column in table.columns]
        details = [parse_canonical(text.encode()) for text in columns.pop()]
    except (pa.ArrowException, KeyError, ValueError, AttributeError, OSError, CanonicalError) as error:
        raise FormatError(f"event block: not the Arrow stream of one: {error}") from error
    return time, range_, [EventRow(*row) for row in zip(*columns, details, strict=True)]
