"""What an audit keeps of a log's bodies: the gist of each entry, and what nothing in the log settles. Judges nothing.

Bodies are read a segment at a time, in one process or in several; a part is what comes of one segment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from sys import intern
from typing import NamedTuple

from worldloom.provenance.errors import FormatError
from worldloom.provenance.seal import SealedSegment, seal_of_items

from .bodies import UNREADABLE, bodies_of
from .gists import Decided, Gist, gist_of
from .references import Known, Named, Place, References
from .segment import Segment


class Part(NamedTuple):
    """Gists of the entries of a segment, what they refer to outside it, what a seal says of it if it can be read."""

    gists: Sequence[Gist]
    places: dict[Named, list[Place]]
    seal: SealedSegment | None


def part_of(segment: Segment) -> Part:
    """Read the bodies of a segment."""
    gists, references = [], References()
    for body in bodies_of(segment):
        gists.append(gist_of(body))
        references.add(body)
    return Part(gists, references.unsettled(Known(gists)).places, _seal(segment))


def _seal(segment: Segment) -> SealedSegment | None:
    try:
        return None if segment.data is None else seal_of_items(segment.path, segment.items)
    except FormatError:
        return None


def lost_part(segment: Segment) -> Part:
    """Return what stands for a segment that ends the process that reads it."""
    return part_of(replace(segment, data=None, fault=f"{UNREADABLE}reading it ended the process that did"))


@dataclass
class LogIndex:
    """Gists by index, ids that the log defines, what is referred to and was not defined yet where it was read; what a
    seal says of the segments that could be read, by their paths.
    """

    gists: list[Gist] = field(default_factory=list)
    known: Known = field(default_factory=Known)
    references: References = field(default_factory=References)
    seals: dict[str, SealedSegment] = field(default_factory=dict)
    _shared: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)

    def take(self, part: Part) -> None:
        """Take the part of the next segment."""
        for gist in part.gists:
            kept = self._lean(gist)
            self.known.learn(kept)
            self.gists.append(kept)
        self.references.add_unsettled(self.known, part.places)
        if part.seal is not None:
            self.seals[part.seal.path] = part.seal

    def unsettled(self) -> list[tuple[Place, Named]]:
        """Return what is referred to and nowhere in the log, in the order of the log."""
        return self.references.unsettled(self.known).in_order()

    def _lean(self, gist: Gist) -> Gist:
        """Return the gist of a decision, which most entries are, with its texts shared with others."""
        said = gist.said
        if not isinstance(said, Decided):
            return gist
        lean = said._replace(
            agent=intern(said.agent),
            request=intern(said.request),
            answer=intern(said.answer),
            generator=intern(said.generator),
        )
        return gist._replace(said=lean, parents=self._shared.setdefault(gist.parents, gist.parents))
