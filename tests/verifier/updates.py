"""Update manifests (C2PA 2.2, 11.2.2): they bind no bytes, so whose binding counts is followed. Checks no hash."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .ingredients import target_label
from .manifest import Manifest, decode

MAY = ("c2pa.opened", "c2pa.redacted", "c2pa.edited.metadata", "c2pa.published")
"""Actions that leave the bytes as they are."""


def bound(active: Manifest, manifests: Mapping[str, Manifest]) -> Manifest:
    """The manifest whose hard binding covers the file: the first, from the active one on, that is no update."""
    seen: set[str] = set()
    while active.is_update and active.label not in seen:
        seen.add(active.label)
        links = [value for value in below(active) if value.get("relationship") == "parentOf"]
        target = manifests.get(target_label(links[0])) if links else None
        if target is None:
            break
        active = target
    return active


def below(manifest: Manifest) -> list[dict[str, dict[str, object]]]:
    """The manifest's ingredients, as their assertions say them."""
    return [decode(box.content(b"cbor"), box.label) for box in manifest.named("c2pa.ingredient")]


def update_faults(manifest: Manifest) -> Iterator[str]:
    """Where an update manifest is none: it has one parent, no hard binding, and no action that touches the bytes."""
    if [value.get("relationship") for value in below(manifest)] != ["parentOf"]:
        yield "an update has one ingredient, its parent"
    if any(label.startswith("c2pa.hash.") for label in manifest.assertions):
        yield "an update binds no bytes of its own"
    for box in manifest.named("c2pa.actions"):
        for action in decode(box.content(b"cbor"), box.label)["actions"]:
            if action.get("action") not in MAY:
                yield f"an update does not {action.get('action')}"
