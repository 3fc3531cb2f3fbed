"""Manifests that only take something out of an earlier one: reads who took out what. Signing them is `withdrawing`.

A redaction (C2PA 2.2, 6.7 and 11.4) leaves the first manifest as its signer signed it, without the bytes of one
assertion, and adds one that says so. What a file is, its first manifest says; who withdrew the prompt, the last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ACTIONS = "c2pa.actions"
INGREDIENT = "c2pa.ingredient"
REDACTED = "c2pa.redacted"
PROMPT_DATA = "c2pa.embedded-data"
"""How the label begins of the assertion that holds a prompt."""
_HASH = "c2pa.hash."
_MAY = (ACTIONS, INGREDIENT, _HASH)
_MOST = 16
"""Redactions of one file that are followed."""


@dataclass(frozen=True)
class Update:
    """One redaction: its manifest's label, signer (serial in decimal, chain), JUMBF URIs of what is gone, the reasons.

    `binds` says whether it hashes the bytes anew, since not every format lets a manifest grow under the old hash.
    """

    manifest: str
    serial: str
    chain_pem: bytes
    removed: tuple[str, ...]
    reasons: tuple[str, ...]
    binds: bool

    def labels(self, manifest: str) -> list[str]:
        """Return the labels of what it takes out of a manifest; `""` for what is of another one."""
        start = f"self#jumbf=/c2pa/{manifest}/c2pa.assertions/"
        return [uri.removeprefix(start) if uri.startswith(start) else "" for uri in self.removed]


def updated(manifests: Mapping[str, Mapping[str, Any]], label: str) -> tuple[str, list[str]]:
    """Return the manifest that says what the file is, and the redactions above it, the last first.

    `manifests` are crJSON manifests by label, `label` is the active one. A manifest that does anything besides taking
    something out is no redaction, and stands for itself.
    """
    above: list[str] = []
    while len(above) < _MOST and label in manifests:
        parent = _parent(manifests[label])
        if not parent or parent not in manifests or parent in above:
            break
        above.append(label)
        label = parent
    return label, above


def removed(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the JUMBF URIs that a claim says were redacted."""
    found = _claim(manifest).get("redacted_assertions")
    return tuple(str(uri) for uri in found) if isinstance(found, list) else ()


def reasons(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the reasons that the actions of a redaction give."""
    return tuple(str(each.get("reason", "")) for each in _actions(manifest) if each.get("action") == REDACTED)


def binds(manifest: Mapping[str, Any]) -> bool:
    """Whether a manifest hashes the bytes of the file."""
    return any(label.startswith(_HASH) for label in _created(manifest))


def _parent(manifest: Mapping[str, Any]) -> str:
    """Return whose redaction a manifest is; `""` for a manifest that is none."""
    created, assertions = _created(manifest), _map(manifest.get("assertions"))
    if not removed(manifest) or _claim(manifest).get("gathered_assertions"):
        return ""
    if any(not label.startswith(_MAY) for label in created):
        return ""
    if {str(each.get("action")) for each in _actions(manifest)} - {REDACTED, "c2pa.opened"}:
        return ""
    ingredients = [_map(assertions.get(label)) for label in created if label.startswith(INGREDIENT)]
    if len(ingredients) != 1 or ingredients[0].get("relationship") != "parentOf":
        return ""
    link = _map(ingredients[0].get("activeManifest"))
    return str(link.get("url", "")).rpartition("/")[2]


def _actions(manifest: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    assertions = _map(manifest.get("assertions"))
    found: list[Mapping[str, Any]] = []
    for label in _created(manifest):
        said = _map(assertions.get(label)).get("actions") if label.startswith(ACTIONS) else None
        found += [_map(each) for each in said] if isinstance(said, list) else []
    return found


def _created(manifest: Mapping[str, Any]) -> list[str]:
    links: Sequence[Any] = _claim(manifest).get("created_assertions") or ()
    return [str(_map(link).get("url", "")).rpartition("/")[2] for link in links]


def _claim(manifest: Mapping[str, Any]) -> Mapping[str, Any]:
    return _map(manifest.get("claim.v2") or manifest.get("claim"))


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
