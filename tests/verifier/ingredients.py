"""Follows a manifest's ingredients to embedded manifests and data, by hash. Checks no signature."""

from __future__ import annotations

from collections.abc import Mapping

from .jumbf import Box
from .manifest import LINK, Manifest, decode, digest, resolve
from .redacted import taken_out, uri_of
from .result import MalformedError

RELATIONS = ("parentOf", "componentOf", "inputTo")


def ingredient_faults(manifest: Manifest, manifests: Mapping[str, Manifest]) -> list[str]:
    """What is wrong with the links from this manifest's ingredient assertions."""
    faults = []
    for box in manifest.named("c2pa.ingredient"):
        value = decode(box.content(b"cbor"), box.label)
        if not isinstance(value, dict) or value.get("relationship") not in RELATIONS:
            faults.append(f"{box.label}: no map with a known relationship")
            continue
        if is_gone(value.get("data"), manifest, manifests):
            continue
        if "data" in value and digest(resolve(value["data"], manifest)) != value["data"].get("hash"):
            faults.append(f"{box.label}: embedded data differs from its hash")
        if "activeManifest" in value:
            faults += link_faults(box, value, manifests)
    return faults


def is_gone(link: object, manifest: Manifest, manifests: Mapping[str, Manifest]) -> bool:
    """Whether an ingredient's embedded data was taken out by another manifest."""
    label = str(link.get("url")).rpartition("/")[2] if isinstance(link, dict) else ""
    return bool(label) and uri_of(manifest, label) in taken_out(manifests)


def link_faults(box: Box, value: dict[str, dict[str, object]], manifests: Mapping[str, Manifest]) -> list[str]:
    """Whether the ingredient's manifest is here and has the hash that its child saw."""
    target = manifests.get(target_label(value))
    if target is None:
        return [f"{box.label}: its manifest is not in the store"]
    seen = value.get("claimSignature", {}).get("hash")
    faults = []
    # Of a manifest that lost an assertion since, only its signature is what the child saw (C2PA 2.2, 15.11.3).
    whole = not any(uri.startswith(uri_of(target, "")) for uri in taken_out(manifests))
    if whole and value["activeManifest"].get("hash") != digest(target.box):
        faults.append(f"{box.label}: manifest {target.label} differs from its hash")
    if seen != digest(target.signature):
        faults.append(f"{box.label}: signature of {target.label} differs from its hash")
    return faults


def target_label(value: dict[str, dict[str, object]]) -> str:
    """Label of the manifest that an ingredient names."""
    url = value["activeManifest"].get("url")
    if not isinstance(url, str) or not url.startswith(f"{LINK}/c2pa/"):
        raise MalformedError(f"activeManifest {url!r} is no link into this store")
    return url.removeprefix(f"{LINK}/c2pa/")


def reachable(active: Manifest, manifests: Mapping[str, Manifest]) -> set[str]:
    """Labels of the manifests that the active one leads to, itself included."""
    seen: set[str] = set()
    waiting = [active.label]
    while waiting:
        label = waiting.pop()
        if label in seen or label not in manifests:
            continue
        seen.add(label)
        for box in manifests[label].named("c2pa.ingredient"):
            value = decode(box.content(b"cbor"), box.label)
            if isinstance(value, dict) and "activeManifest" in value:
                waiting.append(target_label(value))
    return seen
