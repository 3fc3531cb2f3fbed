"""Generators that take the place of a scenario's own in a run in memory, where `blank` stands for placeholders."""

from __future__ import annotations

from collections.abc import Mapping

from worldloom.generators.blank import Blank
from worldloom.generators.ports import Generator

from .errors import ScenarioError
from .scenario import GENERATORS

BLANK = "blank"
"""Names the maker of placeholders, for every kind but text: things are made at once, and nothing is in them."""


def replacements(chosen: Mapping[str, str | Generator]) -> dict[str, str | Generator]:
    """Return generators by kind, `blank` as an object; raises ScenarioError for a kind that there is not."""
    unknown = sorted(set(chosen) - set(GENERATORS))
    if unknown:
        raise ScenarioError(f"no generator kind {unknown[0]!r}; there are {', '.join(sorted(GENERATORS))}")
    return {kind: Blank() if maker == BLANK and kind != "text" else maker for kind, maker in chosen.items()}
