"""Names of paint and what they look like. A name is a token; its tones keep shading consistent. Draws nothing."""

from __future__ import annotations

from collections.abc import Mapping

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
    "blue": (74, 120, 168),
    "green": (84, 128, 92),
    "brown": (104, 66, 40),
    "dark": (62, 44, 36),
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
BACKS: dict[str, Colour] = {
    "sand": (238, 222, 190),
    "sea": (176, 208, 214),
    "sky": (206, 224, 232),
    "rose": (236, 206, 194),
    "sage": (206, 218, 190),
    "lilac": (218, 208, 228),
    "sun": (250, 234, 196),
}
WOODS: dict[str, Colour] = {"oak": (122, 84, 50), "walnut": (94, 62, 42), "pine": (182, 138, 88)}
RIMS: dict[str, Colour] = {"golden": (232, 186, 74), "silver": (164, 172, 180), "wooden": (122, 84, 50)}
_THINGS: dict[str, Colour] = {
    "iron": (58, 56, 62),
    "steel": (164, 172, 180),
    "oak": (122, 84, 50),
    "walnut": (94, 62, 42),
    "pine": (182, 138, 88),
    "flame": (240, 150, 54),
    "glow": (255, 226, 140),
    "line": (58, 44, 40),
    "wash": (196, 176, 140),
    "paper": (246, 236, 212),
    "eyewhite": (252, 248, 240),
    "spark": (255, 255, 255),
    "lip": (196, 96, 88),
    "mouth": (112, 40, 44),
    "tear": (150, 200, 228),
    "soot": (84, 72, 66),
    "face": (242, 206, 176),
    "face.blush": (236, 168, 144),
}


def _cloths() -> dict[str, Colour]:
    found: dict[str, Colour] = {}
    for name, colour in CLOTHS.items():
        found |= {name: colour, f"{name}.shade": mix(colour, BLACK, 24), f"{name}.light": mix(colour, WHITE, 30)}
    for name, colour in BACKS.items():
        found |= {f"back.{name}": colour, f"back.{name}.shade": mix(colour, (70, 84, 100), 18)}
        found[f"back.{name}.light"] = mix(colour, WHITE, 45)
    return found


FIXED: dict[str, Colour] = _cloths() | _THINGS
"""Paint that looks the same in every picture. A token's place depends on the order."""

_TONES: dict[str, dict[str, tuple[Colour, int]]] = {
    "skin": {"shade": ((112, 48, 24), 22), "blush": ((226, 92, 80), 34), "line": ((64, 26, 16), 52)},
    "hair": {"shade": (BLACK, 26), "light": (WHITE, 20)},
    "eye": {},
    "back": {"shade": ((70, 84, 100), 18), "light": (WHITE, 45)},
    "field": {"dark": (BLACK, 32)},
    "second": {"dark": (BLACK, 32)},
    "ink": {"dark": (BLACK, 32), "light": (WHITE, 40)},
    "tint": {"dark": (BLACK, 32), "light": (WHITE, 40)},
    "wood": {},
    "rim": {"inner": (BLACK, 34)},
}
_LOOKS: dict[str, dict[str, Colour]] = {
    "skin": SKINS,
    "hair": HAIRS,
    "eye": EYES,
    "back": BACKS,
    "wood": WOODS,
    "rim": RIMS,
    **dict.fromkeys(("field", "second", "ink", "tint"), COLOURS),
}
ROLES: dict[str, tuple[str, ...]] = {
    role: (role, *(f"{role}.{tone}" for tone in tones)) for role, tones in _TONES.items()
}
"""What a picture's own words colour: role -> its paint names. `ink.dark` is the dark tone of the word of `ink`."""

BARE = frozenset(
    [
        *(name for name in FIXED if name.startswith("back.") or name.endswith((".shade", ".light"))),
        *(name for names in ROLES.values() for name in names[1:]),
        *("spark", "eyewhite", "glow", "line", "tear", "lip", "mouth", "wash", "eye", "back", "face.blush"),
    ]
)
"""Paint that gets no edge: shading, backgrounds, lines, the inside of eyes and mouths."""


def colour_of(paint: str, words: Mapping[str, str]) -> Colour:
    """Return what a paint looks like in a picture of these words (attributes and plan)."""
    role, _, tone = paint.partition(".")
    if role not in ROLES or paint in FIXED:
        return FIXED[paint]
    base = _LOOKS[role][words[role]]
    return mix(base, *_TONES[role][tone]) if tone else base
