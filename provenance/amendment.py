"""One amendment: the operator's signed word on what was erased or redacted after the seal. Reading a run's is `audit`.

Text, in one byte form only:

    worldloom/amendment/2
    <origin>
    after <hex SHA-256>                         of SEAL, or of the amendment before this one: they form a chain
    at <time>                                   wall time in UTC, to the second
    why <one line>
    erased item <hex digest> <segment>          content, evidence or request digest of the item whose bytes are gone
    erased file <hex SHA-256> <path>
    redacted file <hex SHA-256> <new hex SHA-256> <path>
    kept file <hex SHA-256> <path>              answers without their prompts, beside the amendment

Version 1 has neither `after`, `at` nor `kept`. An amendment is a redo log, too: it is written before anything that it
names goes, so whoever holds it can finish what was interrupted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from .digests import file_digest, from_hex
from .errors import FormatError
from .folder import AMENDMENTS
from .text import clean_text

HEADER = "worldloom/amendment/2"
OLD_HEADER = "worldloom/amendment/1"

KEPT = ".answers"
"""Ending of the file that keeps answers whose prompts were erased."""

STAGED = ".new"
"""Ending of a file that waits to take another's place; its name is the hex SHA-256 of its bytes."""

_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z\Z")
_LONGEST_WHY = 500


@dataclass(frozen=True)
class Amendment:
    """One note: items erased (digest, segment), files erased (digest, path), redacted (old, new, path) or kept.

    `after` is a hex digest and `at` a time as text; both are empty in version 1.
    """

    origin: str
    why: str
    items: tuple[tuple[str, str], ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    redacted: tuple[tuple[str, str, str], ...] = ()
    after: str = ""
    at: str = ""
    kept: tuple[tuple[str, str], ...] = ()

    def text(self) -> str:
        """Return the text that is signed."""
        head = (
            [HEADER, self.origin, f"after {self.after}", f"at {self.at}"] if self.after else [OLD_HEADER, self.origin]
        )
        lines = [*head, f"why {self.why}"]
        lines += [f"erased item {digest} {path}" for digest, path in self.items]
        lines += [f"erased file {digest} {path}" for digest, path in self.files]
        lines += [f"redacted file {old} {new} {path}" for old, new, path in self.redacted]
        lines += [f"kept file {digest} {path}" for digest, path in self.kept if self.after]
        return "\n".join(lines) + "\n"

    @classmethod
    def parse(cls, text: str) -> Amendment:
        """Read the text in its one byte form; raises FormatError."""
        lines = text.split("\n")
        head = 5 if lines[0] == HEADER else 3
        if lines[0] not in (HEADER, OLD_HEADER) or len(lines) <= head or not lines[head - 1].startswith("why "):
            raise FormatError(f"amendment: does not begin with {HEADER!r}, an origin and why")
        after, at = _chained(lines[2], lines[3]) if head == 5 else ("", "")
        found: dict[str, list[tuple[str, ...]]] = {name: [] for name in _LINES}
        for line in lines[head:-1]:
            words = line.split(" ")
            name, fields = " ".join(words[:2]), tuple(words[2:])
            if len(fields) != _LINES.get(name):
                raise FormatError(f"amendment: {line[:80]!r} is no line of one")
            for digest in fields[:-1]:
                from_hex(digest)
            found[name].append(fields)
        items, files, redacted, kept = (tuple(found[name]) for name in _LINES)
        amendment = cls(lines[1], lines[head - 1][4:], items, files, redacted, after, at, kept)  # type: ignore[arg-type]  # their lengths were checked
        if amendment.text() != text:
            raise FormatError("amendment: not in its one byte form")
        return amendment


_LINES = {"erased item": 2, "erased file": 2, "redacted file": 3, "kept file": 2}
"""Words after the name of each line, in their order."""


def _chained(after: str, at: str) -> tuple[str, str]:
    if not after.startswith("after ") or not at.startswith("at ") or not _TIME.match(at[3:]):
        raise FormatError("amendment: does not say after what and at which time it was written")
    from_hex(after[6:])
    return after[6:], at[3:]


def amendment_path(number: int) -> str:
    """Return where amendment number n (from 1) stands."""
    return f"{AMENDMENTS}{number:06d}"


def kept_path(number: int) -> str:
    """Return where the answers that amendment number n keeps stand."""
    return f"{AMENDMENTS}{number:06d}{KEPT}"


def staged_path(data: bytes) -> str:
    """Return where bytes wait that are to take a file's place."""
    return f"{AMENDMENTS}{file_digest(data).hex()}{STAGED}"


def is_note(path: str) -> bool:
    """Whether a file of amendments/ is an amendment itself, not one that goes with it."""
    return not path.endswith((KEPT, STAGED))


def one_reason(text: str) -> str:
    """Return a reason as the one line that an amendment can hold; raises FormatError for one without words."""
    reason = " ".join(clean_text(text, _LONGEST_WHY).split())
    if not reason:
        raise FormatError("an amendment says why: give a reason of a few words")
    return reason


def time_text(when: datetime) -> str:
    """Return an aware time as amendments have it."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
