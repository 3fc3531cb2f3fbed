"""Bodies of the log's entries as an audit reads them: each checked against its entry's digests. Raises nothing."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from worldloom.provenance.entry import Entry
from worldloom.provenance.errors import ProvenanceError
from worldloom.provenance.events_block import EventBlock
from worldloom.provenance.folder import BODIES, body_segment
from worldloom.provenance.log_reader import LogReader

from .shapes import content_fault, evidence_fault


@dataclass(frozen=True)
class Body:
    """Content and evidence of the entry at `index`; None where there is none, it was erased, or it is not as it should.

    `fault` says that the bytes do not give the digests, `shapes` that what they say has not its shape; `erased` are
    the hex digests of items whose bytes are gone.
    """

    index: int
    entry: Entry
    path: str
    content: Mapping[str, Any] | EventBlock | None = None
    evidence: Mapping[str, Any] | None = None
    fault: str = ""
    shapes: tuple[str, ...] = ()
    erased: tuple[str, ...] = field(default=())

    @property
    def json(self) -> Mapping[str, Any]:
        """The content where it is a map."""
        return self.content if isinstance(self.content, Mapping) else {}

    @property
    def block(self) -> EventBlock | None:
        """The content where it is a block of events."""
        return self.content if isinstance(self.content, EventBlock) else None


def read_bodies(log: LogReader, entries: Sequence[Entry]) -> tuple[Body, ...]:
    """Read the bodies of all entries; what cannot be read is a body with a fault."""
    try:
        starts = log.segment_starts
    except ProvenanceError as error:
        return tuple(Body(index, entry, BODIES, fault=str(error)) for index, entry in enumerate(entries))
    found, broken = [], ""
    for index, entry in enumerate(entries):
        at = bisect_right(starts, index) - 1
        path = body_segment(starts[at]) if at >= 0 else BODIES
        if path == broken:
            found.append(Body(index, entry, path))  # one fault a segment is enough
            continue
        body = _read(log, index, entry, path)
        broken = path if body.fault.startswith(_UNREADABLE) else ""
        found.append(body)
    return tuple(found)


_UNREADABLE = "cannot be read: "


def _read(log: LogReader, index: int, entry: Entry, path: str) -> Body:
    try:
        stored = log.stored(index)
    except ProvenanceError as error:
        return Body(index, entry, path, fault=_UNREADABLE + str(error).removeprefix(f"{path}: "))
    erased = tuple(item.digest.hex() for item in stored if item is not None and item.data is None)
    try:
        content, evidence = log.content(index), log.evidence(index)
    except (ProvenanceError, RecursionError) as error:
        return Body(index, entry, path, fault=str(error), erased=erased)
    shapes = []
    if content is not None and not isinstance(content, EventBlock) and (why := content_fault(entry.kind, content)):
        shapes.append(f"content of entry {index} {why}")
        content = None
    if isinstance(content, EventBlock) and content.time != entry.time:
        shapes.append(f"events of entry {index} are of time {content.time}, the entry of {entry.time}")
        content = None
    gone = stored.evidence is not None and stored.evidence.data is None
    if not gone and (why := evidence_fault(entry.kind, evidence)):
        shapes.append(f"evidence of entry {index} {why}")
        evidence = None
    return Body(index, entry, path, content, evidence, shapes=tuple(shapes), erased=erased)
