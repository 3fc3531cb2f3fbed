"""Colour names of signs and emblems and which go together. The same eight words as the 3D props use."""

from __future__ import annotations

from .drawing import Colour

COLOURS: dict[str, Colour] = {
    "red": (168, 42, 40),
    "blue": (34, 72, 134),
    "green": (46, 100, 62),
    "yellow": (226, 178, 62),
    "white": (240, 235, 220),
    "black": (44, 42, 46),
    "orange": (206, 108, 38),
    "purple": (98, 54, 120),
}
METALS = ("yellow", "white")
"""Heraldry lays metal on colour and colour on metal, so that a charge can be told from afar."""


def contrasting(field: str) -> tuple[str, ...]:
    """Return the colour names that a charge on this field may have."""
    return ("red", "blue", "green", "black", "purple") if field in METALS else METALS
