"""The past that a fork takes over from its parent: answers and what they must come to. Runs nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from worldloom.provenance.answers import AnswerBook
from worldloom.provenance.log_reader import LogReader
from worldloom.provenance.parent import Parent, SharedPast, parent_of
from worldloom.provenance.veil import Veil

from .errors import DivergedError
from .ledger import Known

TERRAIN = "terrain"
"""Kind of the requests for land, which precede every step."""


@dataclass(frozen=True)
class Shared:
    """A parent with its log's content and its answers; `veil` has its secret, if it is private."""

    parent: Parent
    logged: Sequence[Known]
    answers: AnswerBook
    veil: Veil | None = None

    def copy_answers(self, book: AnswerBook) -> int:
        """Put the answers of the shared past into a fork's own, for a fork stands alone; returns how many.

        Raises FormatError and StorageError for answers that are not what they are named after; those that were erased
        are left out, and the fork stops where it misses one.
        """
        copied = 0
        for digest in self.answers:
            found = self.answers.get(digest)
            if found is None or not _is_past(found.request, self.parent.time):
                continue
            book.put(found.request, found.answer, found.payload)
            copied += 1
        return copied


def shared_past(log: LogReader) -> tuple[Parent | None, SharedPast | None]:
    """Return the parent that a fork's own log names, and the past as far as that log has followed it; None, None.

    A past that the log has whole is not read again. Raises FormatError for a log that was changed, DivergedError for
    one that is not what it says.
    """
    content = [(index, entry) for index, entry in enumerate(log.entries()) if entry.has_content]
    parent = parent_of(log.content(content[0][0])) if content else None
    if parent is None or len(content) >= parent.content_count:
        return parent, None
    past = SharedPast(parent)
    for number, (index, entry) in enumerate(content):
        fault = past.follow(number, entry.kind, entry.time, log.content(index))
        if fault:
            raise DivergedError(f"the fork's log does not share the past that it names: {fault}")
    return parent, past


def _is_past(request: object, time: int) -> bool:
    if not isinstance(request, dict):
        return False
    when = request.get("time")
    return request.get("kind") == TERRAIN or (type(when) is int and when < time)
