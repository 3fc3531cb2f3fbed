"""A witness of logs: cosigns a head only if it follows from the last one (C2SP tlog-witness). No files, no network.

It keeps, for each origin, the last head that it cosigned. A log that goes back, or that shows others another past, gets
no cosignature; who demands one (`audit --witness`) sees that. Beyond C2SP it refuses a second `seal` line for one head:
a run is sealed once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from . import certificates
from .cosignature import CosignerKey, with_lines
from .errors import FormatError, ProvenanceError
from .folder import origin
from .merkle import EMPTY_ROOT, verify_consistency
from .note import Checkpoint, NoteVerifier, parse_note
from .tlog_proof import ConsistencyProof
from .trust import CONDUCTOR, chain_faults

OK, BAD_REQUEST, FORBIDDEN, NOT_FOUND, CONFLICT, UNPROCESSABLE = 200, 400, 403, 404, 409, 422
"""HTTP statuses of C2SP tlog-witness, which stand for outcomes off the net too."""

SEAL_LINE = "worldloom-seal "
"""How the extension line begins with which a run's last head names the SHA-256 of its SEAL."""


@dataclass(frozen=True)
class Seen:
    """What a witness keeps of one log: the keys that may sign for it, and the last head that it cosigned, as a note."""

    keys: tuple[NoteVerifier, ...] = ()
    note: bytes = b""

    @property
    def checkpoint(self) -> Checkpoint | None:
        """The last head; None before the first."""
        return _head(self.note) if self.note else None

    def with_key(self, key: NoteVerifier) -> Seen:
        """Return the same with one more key."""
        return Seen(tuple(dict.fromkeys((*self.keys, key))), self.note)


class Outcome(NamedTuple):
    """How a request ended: HTTP status, what to answer, and what is to be kept from now on (None: as before)."""

    status: int
    answer: str
    seen: Seen | None = None

    @property
    def ok(self) -> bool:
        """Whether the head was cosigned, or the log taken up."""
        return self.status == OK


def add_checkpoint(body: bytes, logs: Mapping[str, Seen], key: CosignerKey, clock: Callable[[], int]) -> Outcome:
    """Judge a request in the form of a consistency proof; the answer is the cosignature's line, or why there is none.

    The caller keeps `seen` before it gives the answer away, and lets nothing come between (C2SP tlog-witness).
    """
    try:
        request = ConsistencyProof.parse(body)
        head = request.checkpoint
    except ProvenanceError as error:
        return Outcome(BAD_REQUEST, f"{error}\n")
    seen = logs.get(head.origin)
    if seen is None:
        return Outcome(NOT_FOUND, f"this witness does not know the log {head.origin[:200]}\n")
    if not _signed(request.note, seen.keys):
        return Outcome(FORBIDDEN, f"no key that may sign for {head.origin[:200]} signed this checkpoint\n")
    last = seen.checkpoint
    if request.old != (last.size if last else 0):
        # The body is for programs: C2SP wants the size alone.
        return Outcome(CONFLICT, f"{last.size if last else 0}\n")
    why = _inconsistency(request, head, last)
    if why:
        return Outcome(UNPROCESSABLE, why + "\n")
    line = key.line(head.text(), clock())
    return Outcome(OK, line, Seen(seen.keys, with_lines(request.note, [line])))


def add_log(pem: bytes, logs: Mapping[str, Seen], anchors: Iterable[bytes], at: datetime) -> Outcome:
    """Take up a run's log whose conductor's certificate chain (PEM, leaf first) ends in an anchor of the witness.

    Not of C2SP, which leaves to each witness how it learns of logs.
    """
    try:
        leaf = certificates.load_certificates(pem, "certificate chain")[0]
        run_id, role = certificates.unit(leaf), certificates.common_name(leaf).rpartition("-")[0]
        key = NoteVerifier(origin(run_id), certificates.raw_public(leaf, "certificate chain"))
    except (ProvenanceError, *certificates.READ_ERRORS) as error:
        return Outcome(BAD_REQUEST, f"{error}\n")
    if role != CONDUCTOR or not run_id:
        return Outcome(FORBIDDEN, f"the certificate is of {role[:80]!r}; a run's conductor signs its log\n")
    faults = chain_faults(pem, list(anchors), at)
    if faults:
        return Outcome(FORBIDDEN, f"{faults[0]}; the witness needs the operator's certificate as an anchor\n")
    return Outcome(OK, f"{key.name}\n", logs.get(key.name, Seen()).with_key(key))


def seal_line(digest: str) -> str:
    """Return the extension line for the hex SHA-256 of a SEAL."""
    return f"{SEAL_LINE}{digest}"


def _head(note: bytes) -> Checkpoint:
    return Checkpoint.parse(parse_note(note, foreign=True)[0], extended=True)


def _signed(note: bytes, keys: Iterable[NoteVerifier]) -> bool:
    """Whether one of the keys signed; a line that names one of them and does not verify spoils the note."""
    text, signatures = parse_note(note, foreign=True)
    good = 0
    for key in keys:
        for name, blob in signatures:
            if (name, blob[:4]) == (key.name, key.key_id):
                if not key.verify(text, blob[4:]):
                    return False
                good += 1
    return good > 0


def _inconsistency(request: ConsistencyProof, head: Checkpoint, last: Checkpoint | None) -> str:
    """Say why a head does not follow from the last one; `""` if it does."""
    if last is None or last.size == 0:
        if request.path:
            return "the proof from the empty log is empty"
        return "" if head.size or head.root == EMPTY_ROOT else "the root of an empty log is that of nothing"
    if head.size == last.size and head.root != last.root:
        return f"FORK: {head.origin[:200]} showed another root for {last.size} entries before"
    if not verify_consistency(last.size, head.size, request.path, last.root, head.root):
        return f"FORK: the log of {head.size} entries does not begin with the {last.size} that were cosigned before"
    before, now = _seals(last), _seals(head)
    if before and now != before:
        return f"FORK: {head.origin[:200]} was cosigned with another seal before; a run is sealed once"
    return ""


def _seals(head: Checkpoint) -> list[str]:
    return [line for line in head.extensions if line.startswith(SEAL_LINE)]


def rolled_back(head: Checkpoint, last: Checkpoint) -> str:
    """Say, for people, what it means that a log shows fewer entries than were cosigned; `""` where it does not."""
    if head.size >= last.size:
        return ""
    return (
        f"ROLLED BACK: {head.origin[:200]} shows {head.size} entries, and {last.size} were cosigned before; "
        "whoever holds the log cut it, or keeps an old copy"
    )


def check_name(name: str) -> str:
    """Return a witness's name; raises FormatError for one that no note can hold."""
    NoteVerifier(name, bytes(32))
    if not name.isascii() or len(name) > 200:
        raise FormatError(f"witness name {name[:80]!r}: use up to 200 ASCII characters, such as witness.example/w1")
    return name
