"""Where a sign's words stand, by its board. The words are drawn by code; the model only leaves room for them."""

from __future__ import annotations

from collections.abc import Mapping

from worldloom.generators.image.drawing import Lettering
from worldloom.generators.image.palette import COLOURS
from worldloom.generators.image.signs import lines_of

_ROOM = {
    "plain": (940, 640, 640),
    "arched": (940, 640, 640),
    "swallow": (880, 640, 600),
    "shield": (890, 600, 430),
    "round": (890, 580, 420),
}
"""Board -> lowest place of its lettering, widest first and second line, in the picture's thousandths."""
_TOP, _UNDER_BAND = 705, 790


def lettering(attributes: Mapping[str, str], text: str) -> tuple[Lettering, ...]:
    """Return the lines of a sign's words, at most two, centred under its charge."""
    lines = lines_of(text)
    low, *widest = _ROOM[attributes["board"]]
    top = _UNDER_BAND if attributes["parting"] == "banded" else _TOP
    row = (low - top) // max(len(lines), 1)
    height = min(96, row * 9 // 10)
    rows = []
    for number, line in enumerate(lines):
        width = min(widest[number], len(line) * height * 11 // 20)
        base = top + number * row + (row + height * 7 // 10) // 2
        rows.append(Lettering(line, 500, base, height, width, COLOURS[attributes["ink"]]))
    return tuple(rows)
