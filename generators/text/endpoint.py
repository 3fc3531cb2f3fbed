"""One exchange with an HTTP server: where it is, how it is asked, what its reply means for us. Knows no protocol above.

The key of OPENAI_API_KEY goes into one header and nowhere else: it is taken out of everything that comes back.
"""

from __future__ import annotations

import asyncio
import os
import ssl
import time
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from worldloom.generators.errors import EndpointError, UnknownGeneratorError

KEY_VARIABLE = "OPENAI_API_KEY"
LARGEST = 4 << 20
"""Bytes of a reply that are read."""
CONNECT_SECONDS = 10


class Outcome(Enum):
    """What a reply means for the request."""

    GOOD = "good"
    BUSY = "busy"
    """Asked to come again: 429, 503, 529."""
    BROKEN = "broken"
    """The server or the line failed; another try may do."""
    SILENT = "silent"
    """Nothing came within the time of one try."""
    UNREACHED = "unreached"
    """Nobody listens there."""
    REFUSED = "refused"
    """The request itself is not liked: 4xx."""


class Reply(NamedTuple):
    """What came back: its meaning, its bytes, why it is not good, how long the server wants to be left alone."""

    outcome: Outcome
    data: bytes = b""
    why: str = ""
    wait_s: float = 0.0
    status: int = 0


class Endpoint:
    """The place that `BASE_URL#MODEL` names."""

    def __init__(self, subject: str) -> None:
        """Read the URL and the model; raises UnknownGeneratorError without repeating a password."""
        base, _, self.model = subject.partition("#")
        try:
            parts = urlsplit(base)
            port = parts.port
        except ValueError as error:
            raise UnknownGeneratorError(f"generator openai: the base URL cannot be read: {error}") from error
        if parts.username is not None or parts.password is not None:
            raise UnknownGeneratorError(
                "generator openai: the base URL holds a user name or password, which would be recorded; "
                f"take it out and set the environment variable {KEY_VARIABLE}"
            )
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or not self.model:
            raise UnknownGeneratorError(
                "generator openai: give openai:BASE_URL#MODEL, such as openai:http://localhost:8000/v1#my-model"
            )
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        self.base = f"{parts.scheme}://{host}{f':{port}' if port else ''}{parts.path.rstrip('/')}"
        self._tls = ssl.create_default_context()

    def client(self, connections: int) -> Any:
        """Return an httpx2.AsyncClient for the loop that runs; redirects are not followed, they would take the key."""
        import httpx2  # noqa: PLC0415  (an extra)

        key = os.environ.get(KEY_VARIABLE, "")
        return httpx2.AsyncClient(
            verify=self._tls,
            headers={"Accept-Encoding": "identity", **({"Authorization": f"Bearer {key}"} if key else {})},
            timeout=httpx2.Timeout(None, connect=CONNECT_SECONDS),
            limits=httpx2.Limits(max_connections=connections, max_keepalive_connections=connections),
            follow_redirects=False,
        )

    async def ask(self, client: Any, body: dict[str, Any], seconds: float) -> Reply:
        """Put one chat request; raises EndpointError when no request can be put there at all."""
        import httpx2  # noqa: PLC0415

        try:
            async with asyncio.timeout(seconds), client.stream("POST", self._url, json=body) as response:
                data = await _read(response)
        except TimeoutError:
            return Reply(Outcome.SILENT, why=f"nothing came within {seconds:.0f} s")
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
            self._require_trust(error)
            return Reply(Outcome.UNREACHED, why=self.safe(f"nobody answers there ({error or type(error).__name__})"))
        except httpx2.TransportError as error:
            return Reply(Outcome.BROKEN, why=self.safe(f"the line broke ({type(error).__name__}: {error})"))
        return self._judge(response, data)

    def safe(self, words: str) -> str:
        """Return words without the key, should a server repeat it."""
        key = os.environ.get(KEY_VARIABLE, "")
        return words.replace(key, f"[{KEY_VARIABLE}]") if key else words

    @property
    def _url(self) -> str:
        return f"{self.base}/chat/completions"

    def _judge(self, response: Any, data: bytes | None) -> Reply:
        status = response.status_code
        if data is None:
            return Reply(Outcome.BROKEN, why=f"the reply is larger than {LARGEST >> 20} MiB")
        if status in (429, 503, 529):
            return Reply(Outcome.BUSY, data, f"status {status}", _wait(response.headers.get("Retry-After", "")))
        if 300 <= status < 400:
            there = urlsplit(response.headers.get("Location", ""))._replace(query="", fragment="")
            place = f"{there.scheme}://{there.hostname}{there.path}" if there.hostname else there.path
            raise EndpointError(
                f"{self._url} points to {self.safe(place[:200])!r}; it is not followed, since it would be handed "
                "the key. Give the right base URL"
            )
        if status in (408, 409, 425) or status >= 500:
            return Reply(Outcome.BROKEN, data, f"status {status}")
        if response.headers.get("Content-Encoding", "identity") != "identity":
            return Reply(Outcome.BROKEN, data, "the reply is compressed, though that was not asked for")
        return Reply(Outcome.GOOD if status == 200 else Outcome.REFUSED, data, f"status {status}", status=status)

    def _require_trust(self, error: BaseException) -> None:
        """Raise EndpointError when TLS is what failed: another try changes nothing, and nobody else may be asked."""
        cause: BaseException | None = error
        while cause is not None and not isinstance(cause, ssl.SSLError):
            cause = cause.__cause__ or cause.__context__
        if cause is None:
            return
        if isinstance(cause, ssl.SSLCertVerificationError):
            what = f"its certificate is not trusted ({cause.verify_message})"
            todo = "If it is yours, name its authority's file in SSL_CERT_FILE; else correct the URL"
        else:
            what, todo = f"TLS failed ({cause.reason or cause})", "Is it a plain http:// server?"
        raise EndpointError(f"{self.base}: {what}. {todo}. The key was not sent") from error


async def _read(response: Any) -> bytes | None:
    """Return the body as it was sent, None when it is too large."""
    data = bytearray()
    async for chunk in response.aiter_raw():
        data += chunk
        if len(data) > LARGEST:
            return None
    return bytes(data)


def _wait(header: str) -> float:
    """Return the seconds that a Retry-After asks for (RFC 9110, section 10.2.3: a number or a date), 0 if none."""
    if header.strip().isascii() and header.strip().isdigit():
        return float(header.strip()[:9])
    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - time.time())
    except (TypeError, ValueError, OverflowError):
        return 0.0
