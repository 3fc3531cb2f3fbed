"""The words of vector pictures: attributes, plans, parts, operations, paint, numbers. No grammar, no geometry."""

from __future__ import annotations

from collections.abc import Mapping

from worldloom.generators.vocabulary import CHARGES, COLOURS, JOBS, MOODS

from .palette import BACKS, EYES, FIXED, HAIRS, RIMS, ROLES, SKINS, WOODS

NUMBERS = 64
"""Values of a number token; a picture shows places 2 to 62, a group's own grid all of 0 to 64."""

AGES = ("child", "young", "grown", "ripe", "old")
"""Bands of age; `age_band` tells which one a number of years is in."""
SEXES = ("woman", "man")
INKS = ("red", "blue", "green", "yellow", "white", "black", "purple")
"""Colours of a charge, and of what lies beside a field: metals on dark fields, the others on light ones."""
BOARDS = ("plain", "shield", "arched", "swallow", "round")
SHIELDS = ("heater", "spanish", "round", "lozenge")
PARTINGS = ("whole", "halved", "striped", "banded", "framed")
DIVISIONS = ("plain", "pale", "fess", "bend", "quarterly", "chief", "chevron", "pales", "wavy")
LAYOUTS = ("one", "two", "three")
LETTERINGS = ("bare", "lettered")
ORNAMENTS = ("compass", "serpent", "ship", "wind", "corner", "cartouche", "sun", "tower")
STYLES = (
    "bald", "crop", "side", "curls", "long", "bun", "plaits", "wisps", "bob", "tuft", "bunches", "waves",
)  # fmt: skip
BEARDS = ("none", "full", "short", "tache", "walrus")
GARBS = (
    "sweater", "oilskin", "baker", "waistcoat", "apron", "coat", "stripes", "cassock", "shirt", "dungarees", "cloak",
    "bow", "smock", "dusted", "fleece", "tunic",
)  # fmt: skip
HATS = (
    "none", "beanie", "souwester", "toque", "mob", "bandana", "beret", "pompom", "skullcap", "flatcap", "straw", "wrap",
    "kerchief", "dusty", "felt", "hood", "ribbon",
)  # fmt: skip

SLOTS: dict[str, dict[str, tuple[str, ...]]] = {
    "portrait": {"age": AGES, "sex": SEXES, "job": JOBS, "mood": MOODS, "hair": tuple(HAIRS)},
    "sign": {
        "charge": CHARGES,
        "ink": INKS,
        "field": COLOURS,
        "board": BOARDS,
        "parting": PARTINGS,
        "lettering": LETTERINGS,
    },
    "emblem": {
        "charge": CHARGES,
        "ink": INKS,
        "field": COLOURS,
        "second": INKS,
        "shield": SHIELDS,
        "division": DIVISIONS,
        "layout": LAYOUTS,
    },
    "ornament": {"kind": ORNAMENTS, "tint": COLOURS},
}
"""Domain -> what a picture is asked for. Each attribute has words of its own, so that two colours are never swapped."""

PLANS: dict[str, dict[str, tuple[str, ...]]] = {
    "portrait": {
        "skin": tuple(SKINS),
        "eye": tuple(EYES),
        "build": ("narrow", "middle", "broad"),
        "garb": GARBS,
        "hat": HATS,
        "style": STYLES,
        "beard": BEARDS,
        "scene": ("disc", "sea", "hills", "arch"),
        "back": tuple(name for name in BACKS if name != "sun"),
    },
    "sign": {"wood": tuple(WOODS), "bracket": ("scroll", "strut", "curl")},
    "emblem": {"rim": tuple(RIMS)},
    "ornament": {},
}
"""Domain -> what the model decides before it draws: the plan, to which every part keeps."""

CUES: dict[str, dict[str, tuple[str, ...]]] = {
    "portrait": {
        "scene": ("scene",),
        "mane": ("style", "build", "age"),
        "garb": ("garb", "sex", "build", "age"),
        "neck": ("sex", "age"),
        "collar": ("garb",),
        "head": ("build", "sex", "age"),
        "traces": ("build", "age"),
        "whiskers": ("beard", "build"),
        "mouth": ("beard", "sex", "age", "mood"),
        "nose": ("build", "age"),
        "eyes": ("sex", "age", "mood"),
        "brows": ("sex", "age", "mood"),
        "locks": ("style", "build", "age"),
        "hat": ("hat", "build", "age"),
        "tools": ("build", "age", "job"),
    },
    "sign": {
        "bracket": ("bracket",),
        "board": ("board", "parting"),
        "charge": ("lettering", "charge"),
    },
    "emblem": {
        "rim": ("shield", "division"),
        "charge": ("shield", "division", "layout", "charge"),
    },
    "ornament": {"ornament": ("kind",)},
}
"""Domain -> part -> the words of attributes and plan that are said again before its shapes.

What decides a part stands right before it, so that the model need not look for it far away.
"""
_ONLY_WITH: dict[str, tuple[str, frozenset[str]]] = {
    "mane": ("style", frozenset(("long", "waves", "bob"))),
    "whiskers": ("beard", frozenset(BEARDS[1:])),
    "hat": ("hat", frozenset(HATS[1:])),
    "traces": ("age", frozenset(("child", "ripe", "old"))),
    "tools": ("job", frozenset(("smith", "carpenter", "teacher", "fish smoker"))),
}
PAINTS: dict[str, tuple[str, ...]] = {
    domain: (
        *(
            paint
            for role, paints in ROLES.items()
            if role in SLOTS[domain] or role in PLANS[domain]
            for paint in paints
        ),
        *FIXED,
    )
    for domain in SLOTS
}
"""Domain -> paint that its shapes may have."""

POINTS = {"P": (3, 8), "S": (3, 10), "H": (2, 8), "U": (2, 8), "L": (2, 5)}
"""Outlines by number of points: polygon, smooth outline, the same given by their right halves, smooth stroke."""


def _shapes() -> dict[str, int]:
    found = {"O": 4, "Om": 4, "R": 4, "Rm": 4, "C": 4, "Cm": 4}
    for letter, (fewest, most) in POINTS.items():
        for count in range(fewest, most + 1):
            found[f"{letter}{count}"] = 2 * count + (letter == "L")
            if letter in "PSL":
                found[f"{letter}{count}m"] = 2 * count + (letter == "L")
    return found


SHAPES: dict[str, int] = _shapes()
"""Shape -> numbers that follow its paint. O oval, R rectangle, C ring; `m`: its mirror image as well."""
GROUPS: dict[str, int] = {"G1": 3, "G2": 6, "G3": 9, "GM": 3}
"""Group -> numbers of its placements (centre and size each); GM stands at a place and mirrored."""
CLIP, CLOSE = "K", ")"
PAD, END = "pad", "end"


def _words() -> tuple[str, ...]:
    tables = [*SLOTS.values(), *PLANS.values()]
    said = [f"{slot}={word}" for slots in tables for slot, words in slots.items() for word in words]
    marks = [f"part:{name}" for parts in CUES.values() for name in parts]
    paints = [f"paint:{name}" for names in PAINTS.values() for name in names]
    numbers = map(str, range(NUMBERS))
    return tuple(dict.fromkeys([PAD, END, *SLOTS, *said, *marks, *SHAPES, *GROUPS, CLIP, CLOSE, *paints, *numbers]))


WORDS: tuple[str, ...] = _words()
"""Every token; its place is its number. Weights depend on this order."""
TOKENS: dict[str, int] = {word: number for number, word in enumerate(WORDS)}
MAX_TOKENS = 480
"""Tokens of the longest picture, END included."""


def slots(domain: str) -> dict[str, tuple[str, ...]]:
    """Return all that stands at a picture's head: attributes, then the plan, each with its words."""
    return SLOTS[domain] | PLANS[domain]


def may_have(part: str, words: Mapping[str, str]) -> bool:
    """Whether a picture of these words may have a part: no whiskers where no beard was planned."""
    slot, wanted = _ONLY_WITH.get(part, ("", frozenset()))
    return not slot or words.get(slot) in wanted


def age_band(years: int) -> str:
    """Return the band of an age in years."""
    return AGES[sum(years >= first for first in (14, 28, 48, 64))]
