"""What a text means is found once, however many hear it: a cache for pure functions of a text. Keeps no state."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

_KEPT = 2048
"""Texts whose meaning is kept: more than a village of a thousand says within a step."""

Meaning = TypeVar("Meaning")


def once(meaning: Callable[[str], Meaning]) -> Callable[[str], Meaning]:
    """Keep what a function gives for the last texts. For texts of bounded length, and results that nobody changes."""
    return lru_cache(maxsize=_KEPT)(meaning)
