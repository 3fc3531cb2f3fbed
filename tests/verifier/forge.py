"""Rewrites signed manifest stores for tests: edits claim and assertions, signs anew. Not for use."""

from __future__ import annotations

import copy
import hashlib
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import cbor2
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from throwaway_certificates import Holder

from .jumbf import Box, parse, split


@dataclass
class Draft:
    """The active manifest laid open: claim, assertions' decoded CBOR by label, COSE pad."""

    claim: dict[str, Any]
    assertions: dict[str, Any]
    padding: bytes = b""


def pack(kind: bytes, payload: bytes) -> bytes:
    """One box."""
    return struct.pack(">I4s", 8 + len(payload), kind) + payload


def heading(box: Box) -> bytes:
    """The description box of a superbox, as it was."""
    return pack(*split(box.payload, box.label)[0])


def sign(claim: bytes, chain: list[Holder], padding: bytes) -> bytes:
    """A COSE_Sign1 by the first of `chain` over this claim."""
    ders = [each.certificate.public_bytes(serialization.Encoding.DER) for each in chain]
    protected = cbor2.dumps({1: -8, 33: ders})
    key = chain[0].key
    assert isinstance(key, Ed25519PrivateKey)
    signature = key.sign(cbor2.dumps(["Signature1", protected, b"", claim]))
    return bytes(cbor2.dumps(cbor2.CBORTag(18, [protected, {"pad": padding}, None, signature])))


def assertion_bytes(box: Box, value: Any) -> bytes:
    """An assertion's payload with a new value, or as it was where it holds no CBOR."""
    if value is None:
        return box.payload
    return heading(box) + pack(b"cbor", cbor2.dumps(value))


def forge(
    store: bytes,
    edit: Callable[[Draft], object],
    chain: list[Holder],
    *,
    rehash: bool = True,
    extra: bytes = b"",
) -> bytes:
    """The store with its active manifest edited and signed by `chain`, whose keys are Ed25519.

    `extra` is a manifest's box to put in front; with `rehash` the claim's links follow the edited assertions.
    """
    root = parse(store)
    active = root.children[-1]
    boxes, claim_box, signature_box = active.children
    by_label = {box.label: box for box in boxes.children}
    draft = Draft(
        cbor2.loads(claim_box.content(b"cbor")),
        {
            label: cbor2.loads(box.content(b"cbor")) if box.children[0].kind == b"cbor" else None
            for label, box in by_label.items()
        },
    )
    before = copy.deepcopy(draft.assertions)
    edit(draft)
    written = {
        label: by_label[label].payload if value == before[label] else assertion_bytes(by_label[label], value)
        for label, value in draft.assertions.items()
    }
    if rehash:
        relink(draft.claim, written)
    claim = cbor2.dumps(draft.claim)
    parts = pack(b"jumb", heading(boxes) + b"".join(pack(b"jumb", each) for each in written.values()))
    parts += pack(b"jumb", heading(claim_box) + pack(b"cbor", claim))
    parts += pack(b"jumb", heading(signature_box) + pack(b"cbor", sign(claim, chain, draft.padding)))
    others = b"".join(pack(b"jumb", each.payload) for each in root.children[:-1])
    return pack(b"jumb", heading(root) + extra + others + pack(b"jumb", heading(active) + parts))


def relink(claim: dict[str, Any], written: dict[str, bytes]) -> None:
    """Put the hashes of the written assertions into the claim's links."""
    for link in [*claim["created_assertions"], *claim.get("gathered_assertions", [])]:
        label = link["url"].rpartition("/")[2]
        if label in written:
            link["hash"] = hashlib.sha256(written[label]).digest()
