"""Codes of ISO 24138 (ISCC) as text and as bytes, made by `iscc_lib`. Reads no media; knows nothing of runs.

All codes are units of 256 bits and version 0. Their text is `ISCC:` and base32 of two bytes of header and 32 of body.
"""

from __future__ import annotations

import base64
import binascii
import io
from collections.abc import Sequence

from worldloom.provenance.errors import FingerprintError

BITS = 256
BODY = BITS // 8
_HEADER = 2
_PREFIX = "ISCC:"
PICTURE_HEADER, TEXT_HEADER, DATA_HEADER, INSTANCE_HEADER = b"\x21\x07", b"\x20\x07", b"\x30\x07", b"\x40\x07"
"""First two bytes of the units that are written here: main type, sub-type, version 0, length 256 bits."""

_HEADERS = (PICTURE_HEADER, TEXT_HEADER, DATA_HEADER, INSTANCE_HEADER)


def picture_code(pixels: bytes) -> str:
    """Return the Image-Code of 32 by 32 grey pixels, row by row."""
    import iscc_lib  # noqa: PLC0415  (start-up time)

    return str(iscc_lib.gen_image_code_v0(list(pixels), bits=BITS)["iscc"])


def text_code(text: str) -> str:
    """Return the Text-Code of a text: case, spaces and line ends do not count."""
    import iscc_lib  # noqa: PLC0415

    return str(iscc_lib.gen_text_code_v0(text, bits=BITS)["iscc"])


def data_codes(payload: bytes) -> list[str]:
    """Return Data-Code (similar bytes give similar codes) and Instance-Code (a digest) of any bytes."""
    import iscc_lib  # noqa: PLC0415

    data = iscc_lib.gen_data_code_v0(io.BytesIO(payload), bits=BITS)["iscc"]
    return [str(data), str(iscc_lib.gen_instance_code_v0(io.BytesIO(payload), bits=BITS)["iscc"])]


def unit_bytes(code: str) -> bytes:
    """Return header and body of a unit; raises FingerprintError for text that is none of the units above."""
    digits = code.removeprefix(_PREFIX)
    try:
        data = base64.b32decode(digits + "=" * (-len(digits) % 8))
    except (binascii.Error, ValueError) as error:
        raise FingerprintError(f"{code[:80]!r} is no ISCC: {error}") from error
    if len(data) != _HEADER + BODY or data[:_HEADER] not in _HEADERS or unit_text(data) != code:
        raise FingerprintError(f"{code[:80]!r} is no ISCC unit of 256 bits for pictures, texts, data or instances")
    return data


def unit_text(data: bytes) -> str:
    """Return the text of a unit's bytes."""
    return _PREFIX + base64.b32encode(data).decode("ascii").rstrip("=")


def sequence(codes: Sequence[str]) -> bytes:
    """Return the units' bytes one after the other: the value of a soft binding by `io.iscc.v0`."""
    return b"".join(unit_bytes(code) for code in codes)


def units(data: bytes) -> list[str]:
    """Return the units of such a value; raises FingerprintError where it is not whole or holds others."""
    size = _HEADER + BODY
    if not data or len(data) % size:
        raise FingerprintError(f"a soft binding of {len(data)} bytes is no sequence of ISCC units of 256 bits")
    found = [unit_text(data[at : at + size]) for at in range(0, len(data), size)]
    for code in found:
        unit_bytes(code)
    return found
