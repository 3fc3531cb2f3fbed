"""Bodies of the log's entries as an audit reads them: each checked against its entry's digests. Raises nothing.

A body is looked at and let go; what later checks need of it is its `gists.Gist`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from worldloom.provenance.entry import Entry
from worldloom.provenance.errors import FormatError, ProvenanceError
from worldloom.provenance.events_block import EventBlock
from worldloom.provenance.stored import Stored, content_of, evidence_of, stored_of

from .segment import Segment
from .shapes import content_fault, evidence_fault

UNREADABLE = "cannot be read: "


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
    erased: tuple[str, ...] = ()

    @property
    def json(self) -> Mapping[str, Any]:
        """The content where it is a map."""
        return self.content if isinstance(self.content, Mapping) else {}

    @property
    def block(self) -> EventBlock | None:
        """The content where it is a block of events."""
        return self.content if isinstance(self.content, EventBlock) else None


def bodies_of(segment: Segment) -> Iterator[Body]:
    """Yield the body of each entry of a segment; of one that cannot be read, the first body says so."""
    entries = [Entry.decode(raw) for raw in segment.entries]
    fault, stored = segment.fault, []
    if segment.data is not None:
        try:
            stored = stored_of(entries, segment.items)
        except FormatError as error:
            fault = UNREADABLE + str(error)
    for place, entry in enumerate(entries):
        index = segment.first + place
        if stored:
            yield _read(stored[place], index, entry, segment.path)
        else:
            yield Body(index, entry, segment.path, fault=fault if place == 0 or segment.each else "")


def _read(stored: Stored, index: int, entry: Entry, path: str) -> Body:
    erased = tuple(item.digest.hex() for item in stored if item is not None and item.data is None)
    try:
        content, evidence = content_of(stored, index), evidence_of(stored, index)
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
