"""Whether a trained model had a hand in a file, by what one manifest says. Judges neither signature nor bytes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .profile import AI_DISCLOSURE, GENERATION, LINEAGE, SOURCE_TYPES, TRAINED

_URIS = frozenset(SOURCE_TYPES[name] for name in TRAINED)


def made_by_model(assertions: Mapping[str, Any]) -> bool:
    """Whether a manifest's assertions, of whichever tool, say so; or name parts by hash alone, which leaves it open."""
    generator = _map(_map(assertions.get(GENERATION)).get("generator"))
    if AI_DISCLOSURE in assertions or generator.get("source_type") in TRAINED:
        return True
    lineage = _map(assertions.get(LINEAGE))
    if lineage.get("ingredients") or lineage.get("more_ingredients"):
        return True
    return any(_trained(value) for label, value in assertions.items() if label.startswith("c2pa.actions"))


def _trained(value: Any) -> bool:
    actions = _map(value).get("actions")
    return isinstance(actions, list) and any(_map(each).get("digitalSourceType") in _URIS for each in actions)


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
