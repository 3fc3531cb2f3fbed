"""Names of paint and what they look like. A name is a token; its tones keep shading consistent. Draws nothing."""

from __future__ import annotations

from worldloom.generators.image.drawing import BLACK, WHITE, Colour, mix
from worldloom.generators.image.palette import COLOURS

SKINS: dict[str, Colour] = {
    "skin1": (247, 217, 192),
    "skin2": (238, 194, 158),
    "skin3": (216, 164, 122),
    "skin4": (180, 124, 84),
    "skin5": (136, 88, 58),
    "skin6": (98, 62, 44),
}
HAIRS: dict[str, Colour] = {
    "raven": (48, 42, 46),
    "brown": (94, 62, 42),
    "chestnut": (138, 78, 44),
    "red": (186, 86, 38),
    "blond": (222, 178, 98),
    "grey": (152, 150, 150),
    "white": (232, 228, 220),
}
EYES: dict[str, Colour] = {
    "eye.blue": (74, 120, 168),
    "eye.green": (84, 128, 92),
    "eye.brown": (104, 66, 40),
    "eye.dark": (62, 44, 36),
}
CLOTHS: dict[str, Colour] = {
    "navy": (40, 58, 92),
    "teal": (42, 112, 116),
    "oilskin": (232, 184, 58),
    "linen": (244, 236, 218),
    "cream": (232, 216, 184),
    "wine": (128, 38, 56),
    "plum": (98, 58, 112),
    "moss": (104, 118, 62),
    "forest": (50, 92, 66),
    "brick": (178, 74, 54),
    "rust": (194, 104, 52),
    "slate": (92, 104, 120),
    "coal": (58, 56, 62),
    "leather": (124, 80, 48),
    "straw": (226, 192, 118),
    "sky": (120, 164, 196),
    "fleece": (238, 230, 214),
    "felt": (112, 92, 76),
    "gold": (232, 186, 74),
}
_BACKS: dict[str, Colour] = {
    "back.sand": (238, 222, 190),
    "back.sea": (176, 208, 214),
    "back.sky": (206, 224, 232),
    "back.rose": (236, 206, 194),
    "back.sage": (206, 218, 190),
    "back.lilac": (218, 208, 228),
    "back.sun": (250, 234, 196),
}
_THINGS: dict[str, Colour] = {
    "iron": (58, 56, 62),
    "steel": (164, 172, 180),
    "oak": (122, 84, 50),
    "walnut": (94, 62, 42),
    "pine": (182, 138, 88),
    "flame": (240, 150, 54),
    "glow": (255, 226, 140),
    "ink": (58, 44, 40),
    "wash": (196, 176, 140),
    "paper": (246, 236, 212),
    "eyewhite": (252, 248, 240),
    "spark": (255, 255, 255),
    "lip": (196, 96, 88),
    "mouth": (112, 40, 44),
    "tear": (150, 200, 228),
    "soot": (84, 72, 66),
}


def _all() -> dict[str, Colour]:
    found: dict[str, Colour] = {}
    for name, colour in SKINS.items():
        found |= {name: colour, f"{name}.shade": mix(colour, (112, 48, 24), 22)}
        found[f"{name}.blush"] = mix(colour, (226, 92, 80), 34)
        found[f"{name}.line"] = mix(colour, (64, 26, 16), 52)
    for name, colour in HAIRS.items():
        found[f"hair.{name}"] = colour
        found[f"hair.{name}.shade"] = mix(colour, BLACK, 26)
        found[f"hair.{name}.light"] = mix(colour, WHITE, 20)
    for name, colour in CLOTHS.items():
        found |= {name: colour, f"{name}.shade": mix(colour, BLACK, 24), f"{name}.light": mix(colour, WHITE, 30)}
    for name, colour in COLOURS.items():
        found |= {
            f"{name}.paint": colour,
            f"{name}.dark": mix(colour, BLACK, 32),
            f"{name}.light": mix(colour, WHITE, 40),
        }
    for name, colour in _BACKS.items():
        found |= {
            name: colour,
            f"{name}.light": mix(colour, WHITE, 45),
            f"{name}.shade": mix(colour, (70, 84, 100), 18),
        }
    return found | EYES | _THINGS


PAINT: dict[str, Colour] = _all()
"""Paint name -> colour. A token's place depends on the order."""

BARE = frozenset(
    name
    for name in PAINT
    if name.startswith("back.")
    or name.endswith((".blush", ".shade", ".light", ".line", ".dark"))
    or name in ("spark", "eyewhite", "glow", "ink", "tear", "lip", "mouth", "wash")
    or name in EYES
)
"""Paint that gets no outline: shading, backgrounds, lines, the inside of eyes and mouths."""
