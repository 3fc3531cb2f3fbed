"""The log by the segments of its bodies, one after the other: bytes that any process can judge. Judges none of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from worldloom.provenance.errors import ProvenanceError
from worldloom.provenance.folder import BODIES, body_segment
from worldloom.provenance.log_reader import LogReader
from worldloom.provenance.segments import Item, decode_segment
from worldloom.provenance.tiles import WIDTH


@dataclass(frozen=True)
class Segment:
    """Entries (84 bytes each) from index `first` on, and the file of their bodies; `data` None: it cannot be read.

    Then `fault` says why: of the first entry, or of `each`.
    """

    first: int
    entries: tuple[bytes, ...]
    path: str
    data: bytes | None = None
    fault: str = ""
    each: bool = False

    @cached_property
    def items(self) -> list[Item]:
        """The bodies as stored; raises FormatError."""
        return decode_segment(self.data or b"")


def segments_of(log: LogReader) -> Iterator[Segment]:
    """Yield the segments of a log whose entries can be read."""
    try:
        starts = log.segment_starts
    except ProvenanceError as error:
        for first in range(0, log.size, WIDTH):
            entries = _entries(log, first, min(first + WIDTH, log.size))
            yield Segment(first, entries, BODIES, fault=str(error), each=True)
        return
    if log.size and (not starts or starts[0] > 0):
        stop = starts[0] if starts else log.size
        fault = f"cannot be read: entry 0: no bodies; the log has {log.size} entries"
        yield Segment(0, _entries(log, 0, stop), BODIES, fault=fault)
    for first, stop in zip(starts, [*starts[1:], log.size], strict=True):
        path, entries = body_segment(first), _entries(log, first, stop)
        try:
            yield Segment(first, entries, path, log.storage.read(path))
        except ProvenanceError as error:
            yield Segment(first, entries, path, fault=f"cannot be read: {str(error).removeprefix(f'{path}: ')}")


def _entries(log: LogReader, first: int, stop: int) -> tuple[bytes, ...]:
    return tuple(map(log.raw_entry, range(first, stop)))
