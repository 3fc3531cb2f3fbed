"""Asks a witness for its cosignature on a run's head: over HTTP, or a book on this machine. Keeps and trusts nothing.

The conversation is C2SP tlog-witness's: offer the head; where the witness has seen another size, show how the log grew
from there. A witness that does not know the log is shown the conductor's certificates first.
"""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from .cosignature import with_lines
from .errors import FormatError, ProvenanceError, WitnessError
from .merkle import Prover
from .note import Checkpoint, parse_note
from .tlog_proof import ConsistencyProof
from .witness import CONFLICT, NOT_FOUND, OK, Outcome, rolled_back
from .witness_book import WitnessBook

ADD_CHECKPOINT, ADD_LOG = "add-checkpoint", "add-log"
_TRIES = 4
_MOST_ANSWERED = 65_536

Post = Callable[[str, bytes], tuple[int, str]]
"""Sends a body to one of the witness's calls; returns HTTP status and answer. Raises WitnessError where none comes."""


def ask(post: Post, note: bytes, chains: Sequence[bytes], tree: Prover) -> bytes:
    """Return the signed head with the witness's cosignature added.

    `chains` are the certificates (PEM, leaf first) of who signed, `tree` is the log's. Raises WitnessError with what
    the witness said, or with what it means that the witness has seen a longer log.
    """
    head = Checkpoint.parse(parse_note(note, foreign=True)[0], extended=True)
    old = 0
    path: list[bytes] = []
    for _ in range(_TRIES):
        status, answer = post(ADD_CHECKPOINT, ConsistencyProof(old, tuple(path), note).encode())
        if status == OK:
            return _joined(note, answer)
        if status == NOT_FOUND and chains:
            _introduce(post, chains)
            chains = ()
        elif status == CONFLICT:
            old = _size(answer)
            if old > head.size:
                raise WitnessError(rolled_back(head, Checkpoint(head.origin, old, bytes(32))))
            path = tree.consistency_proof(old, head.size)
        else:
            raise WitnessError(f"the witness refused ({status}): {_shown(answer)}")
    raise WitnessError("the witness asked for one more proof each time; ask again later")


def over_http(url: str, deadline: float) -> Post:
    """Return a way to a witness at a URL, each answer of which must come before `deadline` (time.monotonic seconds).

    Redirections are not followed. Raises WitnessError for what is no http or https address.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise WitnessError(f"witness {url[:200]!r}: is no address such as http://127.0.0.1:8080")
    opener = urllib.request.build_opener(_NoRedirect)

    def post(call: str, body: bytes) -> tuple[int, str]:
        left = deadline - time.monotonic()
        if left <= 0:
            raise WitnessError(f"witness {url[:200]}: did not answer in time")
        request = urllib.request.Request(f"{url.rstrip('/')}/{call}", data=body, method="POST")  # noqa: S310
        request.add_header("Content-Type", "text/plain; charset=utf-8")
        try:
            with opener.open(request, timeout=left) as answer:
                return int(answer.status), _text(answer.read(_MOST_ANSWERED))
        except urllib.error.HTTPError as error:
            return error.code, _text(error.read(_MOST_ANSWERED))
        except (OSError, ValueError) as error:
            raise WitnessError(f"witness {url[:200]}: cannot be reached: {getattr(error, 'reason', error)}") from error

    return post


def of_book(book: WitnessBook) -> Post:
    """Return a way to a witness whose book is on this machine."""

    def post(call: str, body: bytes) -> tuple[int, str]:
        outcome: Outcome = book.add_log(body) if call == ADD_LOG else book.add_checkpoint(body)
        return outcome.status, outcome.answer

    return post


def _introduce(post: Post, chains: Sequence[bytes]) -> None:
    for chain in chains:
        status, answer = post(ADD_LOG, chain)
        if status != OK:
            raise WitnessError(
                f"the witness does not know this log and does not take it up ({status}): {_shown(answer)}"
            )


def _joined(note: bytes, answer: str) -> bytes:
    lines = answer.splitlines(keepends=True)
    if not lines:
        raise WitnessError("the witness said yes and signed nothing")
    try:
        return with_lines(note, lines)
    except ProvenanceError as error:
        raise WitnessError(f"the witness answered with what is no cosignature: {error}") from error


def _size(answer: str) -> int:
    text = answer.strip()
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        raise WitnessError(f"the witness answered {_shown(answer)} where a size should stand")
    return int(text)


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise FormatError("the witness's answer is not UTF-8") from error


def _shown(answer: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in answer).split())[:300] or "nothing"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Leaves a redirection as the answer that it is: a witness has one address."""

    def redirect_request(self, *_: object, **__: object) -> None:
        """Follow none."""
        return
