"""What manifests take out of those below them (C2PA 2.2, 6.7): which assertions may be gone. Checks no hash."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .manifest import LINK, Manifest, decode

NEVER = ("c2pa.actions", "c2pa.hash.")
"""What may not be taken out."""


def taken_out(manifests: Mapping[str, Manifest]) -> frozenset[str]:
    """URIs of all assertions that some manifest of the store says it took out of another one."""
    return frozenset(uri for each in manifests.values() for uri in said(each))


def said(manifest: Manifest) -> list[str]:
    """The URIs that this claim redacts."""
    found = manifest.claim.get("redacted_assertions") or []
    return [uri for uri in found if isinstance(uri, str)] if isinstance(found, list) else [f"no list: {found!r}"]


def uri_of(manifest: Manifest, label: str) -> str:
    """The absolute URI of an assertion."""
    return f"{LINK}/c2pa/{manifest.label}/c2pa.assertions/{label}"


def redaction_faults(manifest: Manifest, manifests: Mapping[str, Manifest]) -> Iterator[str]:
    """What is wrong with what this manifest takes out: of whom, what, whether it is gone, whether an action tells."""
    told = {
        each.get("parameters", {}).get("redacted")
        for box in manifest.named("c2pa.actions", created_only=True)
        for each in decode(box.content(b"cbor"), box.label)["actions"]
        if each.get("action") == "c2pa.redacted" and each.get("reason")
    }
    for uri in said(manifest):
        owner, _, label = uri.removeprefix(f"{LINK}/c2pa/").partition("/c2pa.assertions/")
        below = manifests.get(owner)
        if below is None or below is manifest:
            yield f"redacts {uri}, which is of no other manifest here"
        elif label.startswith(NEVER) or label not in claimed(below):
            yield f"redacts {uri}, which may not go or never was"
        elif label in below.assertions:
            yield f"redacts {uri}, which is still there"
        elif uri not in told:
            yield f"redacts {uri}, and no action says why"


def claimed(manifest: Manifest) -> set[str]:
    """Labels of all assertions that its claim lists."""
    return {str(link.get("url")).rpartition("/")[2] for link in manifest.links()}
