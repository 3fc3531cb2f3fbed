"""A witness over HTTP: C2SP tlog-witness's add-checkpoint and checkpoints for monitors, and add-log. Judges nothing.

Plain HTTP, meant for the loopback address or for behind a proxy that adds TLS: answers are signed, requests too.
"""

from __future__ import annotations

import hashlib
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .errors import ProvenanceError, WitnessError
from .witness import CONFLICT, NOT_FOUND, Outcome
from .witness_book import WitnessBook
from .witness_client import ADD_CHECKPOINT, ADD_LOG

MOST_BYTES = 262_144
"""Of a request."""

PATIENCE = 10
"""Seconds in which a request must have come."""

_PLAIN = "text/plain; charset=utf-8"


class WitnessServer(ThreadingHTTPServer):
    """Serves one witness until `shutdown`; raises WitnessError where the address cannot be had."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], book: WitnessBook) -> None:
        self.book = book
        try:
            super().__init__(address, _Handler)
        except OSError as error:
            raise WitnessError(
                f"{address[0]}:{address[1]}: {error.strerror or error}; choose another --serve"
            ) from error

    @property
    def url(self) -> str:
        """Where it listens."""
        host, port = self.server_address[:2]
        return f"http://{host!s}:{port}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "worldloom-witness"
    sys_version = ""
    timeout = PATIENCE
    server: WitnessServer

    def do_POST(self) -> None:
        """Take a call of the protocol."""
        calls = {f"/{ADD_CHECKPOINT}": self.server.book.add_checkpoint, f"/{ADD_LOG}": self.server.book.add_log}
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit() and int(length) <= MOST_BYTES):
            self.close_connection = True  # what follows is not read, so it cannot be told from a next request
            self._answer(413 if length.isdigit() else 411, "say how long the body is, in Content-Length\n", _PLAIN)
            return
        body = self.rfile.read(int(length))
        call = calls.get(self.path)
        if call is None:
            self._answer(NOT_FOUND, f"POST /{ADD_CHECKPOINT} or /{ADD_LOG}\n", _PLAIN)
            return
        try:
            outcome = call(body)
        except ProvenanceError as error:  # the book cannot be read or written: nothing was cosigned
            sys.stderr.write(f"witness: {error}\n")
            outcome = Outcome(500, "the witness cannot keep its book; see its own output\n")
        conflict = outcome.status == CONFLICT
        self._answer(outcome.status, outcome.answer, "text/x.tlog.size" if conflict else _PLAIN)

    def do_GET(self) -> None:
        """Give monitors the last cosigned head of a log: /<SHA-256 of its origin>/checkpoint."""
        try:
            logs = self.server.book.logs()
        except ProvenanceError:
            self._answer(500, "the witness cannot read its book\n", _PLAIN)
            return
        for name, seen in logs.items():
            if seen.note and self.path == f"/{hashlib.sha256(name.encode()).hexdigest()}/checkpoint":
                self._answer(200, seen.note.decode(), _PLAIN)
                return
        self._answer(NOT_FOUND, "this witness has cosigned no such log\n", _PLAIN)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the base class names it so)
        """Tell of requests on standard error, without what the sender wrote."""
        del format
        status = args[1] if len(args) > 1 else ""
        sys.stderr.write(f"witness: {self.command or '?'} {status}\n")

    def _answer(self, status: int, text: str, media_type: str) -> None:
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(data)
