"""The assertion `c2pa.soft-binding`: ISCC units of a payload, written and read back. Takes no fingerprints.

Draft IEP-0020 of the ISCC Foundation wants the units' bytes as a CBOR byte string. What the SDK takes is JSON, which
has none: the bytes stand as a list of numbers, which is also what the SDK's reports make of a byte string.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from worldloom.provenance.errors import FingerprintError

from .iscc import sequence, units
from .taking import ISCC

SOFT_BINDING = "c2pa.soft-binding"


def soft_binding(codes: Sequence[str]) -> dict[str, Any]:
    """Return the assertion for ISCC units; raises FingerprintError for text that is none."""
    return {"alg": ISCC, "blocks": [{"scope": {}, "value": list(sequence(codes))}]}


def bound_codes(assertion: Any) -> tuple[str, ...]:
    """Return the units of an assertion; raises FingerprintError for one that does not have this shape."""
    if not isinstance(assertion, Mapping) or assertion.get("alg") != ISCC:
        raise FingerprintError(f"{SOFT_BINDING} is not by {ISCC}")
    blocks = assertion.get("blocks")
    if not isinstance(blocks, list) or len(blocks) != 1 or not isinstance(blocks[0], Mapping):
        raise FingerprintError(f"{SOFT_BINDING} has not one block")
    value = blocks[0].get("value")
    if not isinstance(value, list) or not all(type(each) is int and 0 <= each < 256 for each in value):
        raise FingerprintError(f"{SOFT_BINDING} has no value of bytes")
    return tuple(units(bytes(value)))
