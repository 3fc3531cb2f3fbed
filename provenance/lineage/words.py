"""Lineage in words: times, names cut short, one line for a text. Knows no graph."""

from __future__ import annotations

import re

_DIGEST = re.compile(r"[0-9a-f]{64}")
_DAY = 86_400
_QUOTED = 72
"""Characters of a text that one line quotes."""


def clock(time: int) -> str:
    """`day 1, 06:00` for simulated seconds since midnight of day 1."""
    return f"day {time // _DAY + 1}, {time % _DAY // 3600:02d}:{time % 3600 // 60:02d}"


def short(name: str) -> str:
    """Return a node's name with its digests cut to 12 digits."""
    return _DIGEST.sub(lambda match: f"{match[0][:12]}…", name)


def one_line(text: str) -> str:
    """Return a text without line breaks, cut to what a line of the tree holds."""
    flat = " ".join(text.split())
    return flat if len(flat) <= _QUOTED else flat[: _QUOTED - 1] + "…"
