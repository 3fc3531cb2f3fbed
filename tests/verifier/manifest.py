"""Reads a box tree as C2PA manifests: claim, assertions, signature, hashed links. Checks no hash itself."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import cbor2

from .jumbf import Box
from .result import MalformedError

SUFFIX = bytes.fromhex("00110010800000aa00389b71")
STORE, MANIFEST, UPDATE, ASSERTIONS, CLAIM, SIGNATURE = (
    kind + SUFFIX for kind in (b"c2pa", b"c2ma", b"c2um", b"c2as", b"c2cl", b"c2cs")
)
LINK = "self#jumbf="


def decode(data: bytes, where: str) -> Any:
    """One CBOR value that fills `data` exactly."""
    stream = BytesIO(data)
    try:
        value = cbor2.load(stream)
    except Exception as error:
        raise MalformedError(f"{where}: not CBOR ({error})") from error
    if stream.read():
        raise MalformedError(f"{where}: bytes after the CBOR value")
    return value


def digest(box: Box) -> bytes:
    """What a hashed URI holds: SHA-256 over the box after its 8-byte header."""
    return hashlib.sha256(box.payload).digest()


@dataclass(frozen=True)
class Manifest:
    """One manifest: its boxes, its decoded claim and the assertions by label."""

    box: Box
    claim_bytes: bytes
    claim: dict[str, Any]
    signature: Box
    assertions: dict[str, Box]

    @property
    def label(self) -> str:
        """urn:c2pa:…"""
        return self.box.label

    @property
    def is_update(self) -> bool:
        """Whether it leaves the bytes, and their binding, to its parent."""
        return self.box.uuid == UPDATE

    def links(self) -> list[dict[str, Any]]:
        """The hashed URIs of all assertions, those that the signer made first."""
        return [*self.claim.get("created_assertions", []), *self.claim.get("gathered_assertions", [])]

    def named(self, base: str, *, created_only: bool = False) -> list[Box]:
        """Claimed assertions whose label is `base`, with any version and instance number after it."""
        links = self.claim["created_assertions"] if created_only else self.links()
        labels = [str(link["url"]).rpartition("/")[2] for link in links]
        found = [label for label in labels if label == base or label.startswith((f"{base}.v", f"{base}__"))]
        return [self.assertions[label] for label in found if label in self.assertions]


def read_manifest(box: Box) -> Manifest:
    """A standard or update manifest with one claim of version 2; MalformedError for anything else."""
    if box.uuid not in (MANIFEST, UPDATE):
        raise MalformedError(f"{box.label}: not a standard or update manifest")
    if [child.label for child in box.children] != ["c2pa.assertions", "c2pa.claim.v2", "c2pa.signature"]:
        raise MalformedError(f"{box.label}: holds {[child.label for child in box.children]}")
    store, claim, signature = box.children
    if (store.uuid, claim.uuid, signature.uuid) != (ASSERTIONS, CLAIM, SIGNATURE):
        raise MalformedError(f"{box.label}: a part has the wrong type")
    assertions = {child.label: child for child in store.children if child.kind == b"jumb"}
    if len(assertions) != len(store.children):
        raise MalformedError(f"{box.label}: two assertions of one label, or a box that is none")
    claim_bytes = claim.content(b"cbor")
    value = decode(claim_bytes, f"{box.label} claim")
    if not isinstance(value, dict):
        raise MalformedError(f"{box.label}: claim is not a map")
    return Manifest(box, claim_bytes, value, signature, assertions)


def read_store(box: Box) -> dict[str, Manifest]:
    """Manifests by label in file order; the last is the active one."""
    if box.uuid != STORE or box.label != "c2pa" or not box.children:
        raise MalformedError("store: not a manifest store with manifests")
    manifests = [read_manifest(child) for child in box.children]
    if len({manifest.label for manifest in manifests}) != len(manifests):
        raise MalformedError("store: two manifests of one label")
    return {manifest.label: manifest for manifest in manifests}


def resolve(link: Any, manifest: Manifest) -> Box:
    """The assertion box of this manifest that a hashed URI names, relative or absolute."""
    url = link.get("url") if isinstance(link, dict) else None
    relative = f"{LINK}c2pa.assertions/"
    absolute = f"{LINK}/c2pa/{manifest.label}/c2pa.assertions/"
    for prefix in (relative, absolute):
        if isinstance(url, str) and url.startswith(prefix):
            box = manifest.assertions.get(url.removeprefix(prefix))
            if box is not None:
                return box
    raise MalformedError(f"{manifest.label}: {url} names no assertion")
