"""RFC 3161 timestamps on SEAL: asked of any authority, read and verified. Judges no run.

A timestamp binds the operator too: whoever trusts the authority knows that the seal, and so the whole run, existed at
that time. It stands beside the folder, `<run>.tsr` (the whole response, DER), since the seal closes the folder.
"""

from __future__ import annotations

import hashlib
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from . import certificates
from .errors import FormatError, StorageError

if TYPE_CHECKING:
    from rfc3161_client import TimeStampResponse

TIMESTAMP = ".tsr"
"""What is added to the name of a run for its timestamp."""

_LONGEST = 65_536
_WAIT_SECONDS = 30


@dataclass(frozen=True)
class Stamp:
    """When a timestamp says that the bytes existed (UTC), and why nobody vouches for that; `""`: an anchor does."""

    time: datetime
    doubt: str

    @property
    def trusted(self) -> bool:
        """Whether an anchor of the auditor vouches for the time."""
        return not self.doubt


def ask_timestamp(url: str, data: bytes) -> bytes:
    """Return the response of a timestamp authority for these bytes, of which it sees the SHA-256 only.

    Raises StorageError when the authority cannot be reached, FormatError for an answer that is no timestamp of them.
    """
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder  # noqa: PLC0415  (start-up time)

    if not url.startswith(("http://", "https://")):
        raise StorageError(f"timestamp authority {url[:200]!r}: give an address that begins with http:// or https://")
    request = TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).nonce(nonce=True).build()
    call = urllib.request.Request(  # noqa: S310  (http and https only, see above)
        url, request.as_bytes(), {"Content-Type": "application/timestamp-query"}, method="POST"
    )
    try:
        with urllib.request.urlopen(call, timeout=_WAIT_SECONDS) as answer:  # noqa: S310
            response: bytes = answer.read(_LONGEST)
    except (urllib.error.URLError, OSError, ValueError) as error:
        raise StorageError(f"timestamp authority {url[:200]!r}: {error}; check the address and the network") from error
    if _parsed(response).tst_info.nonce != request.nonce:
        raise FormatError(f"timestamp authority {url[:200]!r}: answered another question; ask again")
    read_timestamp(response, data, ())
    return response


def read_timestamp(response: bytes, data: bytes, anchors: Sequence[bytes]) -> Stamp:
    """Read a response over these bytes; trusted if it is signed under one of the anchors (PEM), valid at its time.

    Raises FormatError for a response that is malformed, refused or of other bytes; KeystoreError for an anchor that is
    no certificate.
    """
    from rfc3161_client import VerifierBuilder  # noqa: PLC0415  (start-up time)

    roots = [each for pem in anchors for each in certificates.load_certificates(pem, "timestamp anchor")]
    found = _parsed(response)
    if found.tst_info.message_imprint.message != hashlib.sha256(data).digest():
        raise FormatError("timestamp: is of other bytes")
    why = "no anchor for timestamps was given"
    if roots:
        try:
            VerifierBuilder(roots=roots).build().verify_message(found, data)
            why = ""
        except Exception as error:  # hostile tokens raise the library's error, and others
            why = str(error)[:300] or type(error).__name__
    return Stamp(found.tst_info.gen_time, why)


def _parsed(response: bytes) -> TimeStampResponse:
    from rfc3161_client import decode_timestamp_response  # noqa: PLC0415  (start-up time)

    try:
        found = decode_timestamp_response(_in_order(response))
        status = found.status
        if status == 0:
            found.tst_info.gen_time  # noqa: B018  (is read on demand, and may be malformed)
    except Exception as error:  # hostile DER raises many types
        raise FormatError(f"timestamp: cannot be read ({type(error).__name__}: {error})") from None
    if status != 0:
        raise FormatError(f"timestamp: the authority did not grant it (status {status})")
    return found


def _in_order(response: bytes) -> bytes:
    """Return the response with its certificates in the order that DER asks of a set; OpenSSL leaves them as given.

    No signature covers them as a set, and lengths stay; raises ValueError or IndexError for what is no such structure.
    """
    _, answer, _ = _element(response, 0)
    _, _, token = _element(response, answer)  # after the status stands the token, a ContentInfo (RFC 5652, 3)
    if token >= len(response):
        return response
    at = _element(response, token)[1]
    at = _element(response, _element(response, at)[2])[1]  # after its type, in the [0] around the SignedData
    at = _element(response, at)[1]
    for _ in range(3):  # version, digest algorithms, content (RFC 5652, 5.1)
        at = _element(response, at)[2]
    tag, start, end = _element(response, at)
    if tag != _CERTIFICATES:
        return response
    found, at = [], start
    while at < end:
        after = _element(response, at)[2]
        found.append(response[at:after])
        at = after
    return response[:start] + b"".join(sorted(found)) + response[end:]


_CERTIFICATES = 0xA0


def _element(data: bytes, at: int) -> tuple[int, int, int]:
    """Return tag, start and end of the content of the DER element at an offset."""
    size, start = data[at + 1], at + 2
    if size & 0x80:
        start += size & 0x7F
        size = int.from_bytes(data[at + 2 : start], "big")
    if start + size > len(data):
        raise ValueError(f"element at byte {at} runs past the end")
    return data[at], start, start + size
