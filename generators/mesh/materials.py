"""What the material words look like: physically based colour, metal, roughness, glow. No geometry."""

from __future__ import annotations

from typing import NamedTuple


class Material(NamedTuple):
    """sRGB base colour 0 to 255; metalness, roughness and glow in hundredths."""

    red: int
    green: int
    blue: int
    metal: int = 0
    rough: int = 80
    glow: int = 0


LOOKS: dict[str, Material] = {
    "oak": Material(134, 94, 56),
    "pine": Material(190, 148, 94),
    "driftwood": Material(150, 138, 120, rough=95),
    "iron": Material(74, 77, 82, metal=90, rough=48),
    "brass": Material(196, 156, 74, metal=95, rough=32),
    "rope": Material(188, 164, 116, rough=98),
    "canvas": Material(222, 212, 188, rough=95),
    "clay": Material(172, 98, 66, rough=75),
    "stone": Material(136, 136, 132, rough=92),
    "crust": Material(176, 112, 52, rough=85),
    "wax": Material(240, 226, 188, rough=45),
    "flame": Material(255, 196, 84, rough=60, glow=100),
    "scales": Material(158, 176, 188, metal=35, rough=35),
    "water": Material(64, 118, 146, rough=8),
    "red": Material(176, 48, 42, rough=60),
    "blue": Material(44, 84, 148, rough=60),
    "green": Material(62, 118, 70, rough=60),
    "yellow": Material(224, 180, 56, rough=60),
    "white": Material(236, 234, 226, rough=60),
    "black": Material(38, 38, 42, rough=60),
    "orange": Material(214, 116, 40, rough=60),
    "purple": Material(112, 66, 132, rough=60),
}
