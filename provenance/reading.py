"""Reads credentials back and validates them, through the C2PA SDK. Bad evidence raises nothing: it is the result."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import BinaryIO

from . import certificates
from .bounds import BOUNDS, Bounded, Bounds, size_fault
from .c2pa_sdk import sdk_context, sdk_error
from .credential import MISSING, UNREADABLE, Credential
from .errors import FormatError, KeystoreError
from .foreign_media import carries_inside
from .media import EXTENSIONS, sdk_format
from .sdk_report import told
from .sections import length

_ODD_EVIDENCE = (
    FormatError,
    KeystoreError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    RecursionError,
    StopIteration,
)
"""What reading hostile claims can raise here, where the SDK has let them pass."""


def read_credential(
    data: bytes | BinaryIO,
    media_type: str,
    sidecar: bytes | None,
    anchors: Sequence[bytes] = (),
    bounds: Bounds = BOUNDS,
) -> Credential:
    """Read and validate a credential, at the time of the machine's clock; bad evidence is in the result.

    A large file is given as a stream; `bounds` say how much of it is read. Validity at another time is judged by
    `trust.chain_faults` over `chain_pem`. Raises KeystoreError when an anchor is no certificate.
    """
    from c2pa import Reader  # noqa: PLC0415  (heavy)

    for pem in anchors:
        certificates.load_certificates(pem, "anchor")
    known = media_type in EXTENSIONS
    if sidecar is None and not carries_inside(media_type):
        return Credential(MISSING, ("worldloom.sidecar.missing",))
    name = sdk_format(media_type) if known else media_type
    context = sdk_context(tuple(anchors))
    stream = io.BytesIO(data) if isinstance(data, bytes) else data
    fault = size_fault(stream, media_type, sidecar, bounds)
    if fault:
        return Credential(UNREADABLE, (f"worldloom.bounds: {fault}",))
    bounded = Bounded(stream, bounds.calls_in(length(stream), media_type))
    try:
        with Reader(name, bounded, manifest_data=sidecar, context=context) as reader:
            read = told(reader, sidecar, stream, media_type)
        return read if not bounded.spent else _TOO_MANY
    except sdk_error() as error:
        if bounded.spent:
            return _TOO_MANY
        missing = sidecar is None and type(error).__name__.endswith("ManifestNotFound")
        return Credential(MISSING if missing else UNREADABLE, (f"worldloom.sdk: {error}",))
    except _ODD_EVIDENCE as error:
        return Credential(UNREADABLE, (f"worldloom.report: {type(error).__name__}: {error}",))


_TOO_MANY = Credential(UNREADABLE, ("worldloom.bounds: has more parts than are followed",))
