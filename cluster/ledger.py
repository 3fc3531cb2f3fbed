"""Content in its one order: appended when it is new, compared when the log has it already. Not for bodies' meaning."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from worldloom.provenance.digests import CONTENT, digest_json
from worldloom.provenance.entry import content_leaf
from worldloom.provenance.events_block import EventBlock
from worldloom.provenance.log import LogWriter
from worldloom.provenance.log_reader import LogReader
from worldloom.provenance.merkle import Frontier, leaf_hash
from worldloom.provenance.parent import SharedPast

from .errors import DivergedError

Body = Mapping[str, Any] | EventBlock
Evidence = Callable[[], Mapping[str, Any]]
"""Makes an entry's evidence (and signs what it names); called only for content that is new."""


class Known(NamedTuple):
    """What the log says at one content number."""

    kind: int
    time: int
    digest: bytes


class Ledger:
    """Counts content numbers from `position` on; below `len(known)` content must equal what is logged.

    A step that is done again, after a crash or a lost worker, therefore appends nothing and signs nothing.
    """

    def __init__(self, writer: LogWriter, known: list[Known] | None = None) -> None:
        self.writer = writer
        self.position = 0
        self.past: SharedPast | None = None
        """Followed, if there is one, by all content up to where a fork leaves its parent."""
        self._known = known or []

    @classmethod
    def recovered(cls, writer: LogWriter, reader: LogReader) -> Ledger:
        """Return the ledger of a log that has entries already."""
        entries = (entry for entry in reader.entries() if entry.has_content)
        return cls(writer, [Known(entry.kind, entry.time, entry.content) for entry in entries])

    @property
    def replaying(self) -> bool:
        """Whether the next content is in the log already."""
        return self.position < len(self._known)

    def record(self, kind: int, time: int, body: Body, evidence: Evidence | None = None) -> bytes:
        """Append content, or compare it with the logged content of the same number; returns its digest.

        Raises DivergedError where they differ, and where a fork's content is not its parent's.
        """
        digest = self._compare(kind, time, body) if self.replaying else self._append(kind, time, body, evidence)
        fault = self.past.follow(self.position, kind, time, body) if self.past is not None else ""
        if fault:
            raise DivergedError(f"the fork does not share the past that it should: {fault}")
        self.position += 1
        return digest

    def rewind(self, position: int) -> None:
        """Go back to a content number: what was recorded from there on will be compared."""
        self.position = position

    def _append(self, kind: int, time: int, body: Body, evidence: Evidence | None) -> bytes:
        added = self.writer.append(kind, time, body, None if evidence is None else evidence())
        if added.content_digest is None or added.content_number != self.position:
            raise DivergedError(f"content number {self.position} became {added.content_number}: two writers?")
        self._known.append(Known(kind, time, added.content_digest))
        return added.content_digest

    def _compare(self, kind: int, time: int, body: Body) -> bytes:
        logged = self._known[self.position]
        digest = body.digest if isinstance(body, EventBlock) else digest_json(CONTENT, body)
        if logged != (kind, time, digest):
            raise DivergedError(
                f"content {self.position} differs from the log: logged kind {logged.kind:#x} at {logged.time} s with "
                f"digest {logged.digest.hex()[:16]}…, now {_name(kind, body)} at {time} s with {digest.hex()[:16]}…"
            )
        return digest


class RootOnly:
    """A ledger that keeps only the content root: for replays, which write nothing."""

    def __init__(self, logged: list[Known] | None = None) -> None:
        self.position = 0
        self.past: SharedPast | None = None
        self.first_difference = ""
        self._logged = logged or []
        self._frontier = Frontier()

    @property
    def replaying(self) -> bool:
        """Nothing is ever signed or stored."""
        return True

    @property
    def root(self) -> bytes:
        """Content root of what was recorded so far."""
        return self._frontier.root

    def record(self, kind: int, time: int, body: Body, evidence: Evidence | None = None) -> bytes:
        """Count content in; the first that differs from the log is noted, not raised."""
        del evidence
        digest = body.digest if isinstance(body, EventBlock) else digest_json(CONTENT, body)
        if not self.first_difference:
            logged = self._logged[self.position] if self.position < len(self._logged) else None
            if logged != (kind, time, digest):
                self.first_difference = f"content {self.position}: {_name(kind, body)} at {time} s"
            elif self.past is not None:
                self.first_difference = self.past.follow(self.position, kind, time, body)
        self._frontier.append(leaf_hash(content_leaf(kind, time, digest)))
        self.position += 1
        return digest

    def rewind(self, position: int) -> None:
        """Refuse: a replay that loses a worker begins anew."""
        raise DivergedError(f"a replay cannot go back to content {position}; start it again")


def _name(kind: int, body: Body) -> str:
    if isinstance(body, EventBlock):
        return f"events of range {body.range}"
    who = body.get("agent") or body.get("recipe", {}).get("agent", "")
    return f"{body.get('type', hex(kind))} {body.get('id', '')} {who}".strip()
