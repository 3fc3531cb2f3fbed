"""Checks that a manifest's hard binding covers the bytes at hand: data, ZIP collection and box hash."""

from __future__ import annotations

import hashlib
from typing import Any

from .carried import Carried
from .containers import CREDENTIAL
from .manifest import Manifest, decode
from .media_boxes import boxes_hash, exclusion_faults
from .result import MalformedError
from .zips import Archive

DATA, COLLECTION, BOXES = "c2pa.hash.data", "c2pa.hash.collection.data", "c2pa.hash.bmff"


def hard_binding(manifest: Manifest) -> tuple[str, dict[str, Any]]:
    """(label, value) of the one hard binding, which the signer must have made."""
    found = [
        (base, box) for base in (DATA, COLLECTION, BOXES) for box in manifest.named(base) if box.label.startswith(base)
    ]
    if len(found) != 1 or not manifest.named(found[0][0], created_only=True):
        raise MalformedError(f"{len(found)} hard bindings, expected one among the created assertions")
    base, box = found[0]
    value = decode(box.content(b"cbor"), base)
    if not isinstance(value, dict) or value.get("alg", manifest.claim.get("alg")) != "sha256":
        raise MalformedError(f"{base}: not a map with SHA-256")
    return base, value


def shape_faults(base: str, value: dict[str, Any], carried: Carried, *, grown: bool = False) -> list[str]:
    """Whether the binding leaves out what it must and nothing else, and is of the right kind for the file.

    `grown`: updates lie above it, so that the store is longer than it was, at the same place.
    """
    if (base == COLLECTION) != (carried.archive is not None):
        return [f"{base} does not bind this kind of file"]
    if (base == BOXES) != bool(carried.boxes):
        return [f"{base} does not bind this kind of file"]
    if base == COLLECTION:
        return []
    if base == BOXES:
        return exclusion_faults(value)
    faults = [] if not any(value.get("pad", b"")) else ["pad of the data hash is not all zeros"]
    want = [] if carried.span is None else [{"start": carried.span[0], "length": carried.span[1]}]
    said = value.get("exclusions", [])
    if grown and len(said) == len(want) == 1:
        said = [{"start": said[0].get("start"), "length": want[0]["length"]}]
    if said != want:
        faults.append(f"exclusions {value.get('exclusions')} where the manifest lies at {want}")
    return faults


def grown(value: dict[str, Any], carried: Carried) -> dict[str, Any]:
    """The binding with the room that the store takes now, where updates made it longer (C2PA 2.2, 15.12.1)."""
    if carried.span is None or len(value.get("exclusions", [])) != 1:
        return value
    return value | {"exclusions": [{"start": value["exclusions"][0]["start"], "length": carried.span[1]}]}


def bytes_faults(base: str, value: dict[str, Any], carried: Carried, data: bytes) -> list[str]:
    """Whether the bytes are those that were signed."""
    if base == COLLECTION and carried.archive is not None:
        return collection_faults(value, carried.archive, data)
    if base == BOXES:
        return [] if boxes_hash(carried, data) == value.get("hash") else ["boxes differ from the signed ones"]
    left = hashlib.sha256()
    at = 0
    for gap in value.get("exclusions", []):
        left.update(data[at : gap["start"]])
        at = gap["start"] + gap["length"]
    left.update(data[at:])
    return [] if left.digest() == value.get("hash") else ["file differs from the signed bytes"]


def collection_faults(value: dict[str, Any], archive: Archive, data: bytes) -> list[str]:
    """Every member with its local header, and the directory without the credential's CRC."""
    listed = dict(value["uris"])
    faults = []
    directory = hashlib.sha256()
    at = archive.directory
    for member in archive.members:
        if member.name == CREDENTIAL:  # its CRC is known only after signing
            directory.update(data[at : member.crc_at])
            at = member.crc_at + 4
        elif member.name.endswith("/") and member.body == member.end:
            continue
        else:
            entry = listed.pop(member.name, {})
            whole = data[member.start : member.end]
            if (entry.get("hash"), entry.get("size")) != (hashlib.sha256(whole).digest(), len(whole)):
                faults.append(f"{member.name} differs from the signed bytes or is not listed")
    directory.update(data[at:])
    if directory.digest() != value.get("zip_central_directory_hash"):
        faults.append("the ZIP directory differs from the signed one")
    return [*faults, *(f"{name} is missing" for name in listed)]
