"""The words of vector pictures: domains, attributes, operations, paint, numbers. No grammar, no geometry."""

from __future__ import annotations

from worldloom.generators.vocabulary import CHARGES, COLOURS, JOBS, MOODS

from .palette import HAIRS, PAINT

NUMBERS = 64
"""Values of a number token; a picture shows places 2 to 62, a group's own grid all of 0 to 64."""

AGES = ("child", "young", "grown", "ripe", "old")
"""Bands of age; `age_band` tells which one a number of years is in."""
SEXES = ("woman", "man")
INKS = ("red", "blue", "green", "yellow", "white", "black", "purple")
"""Colours of a charge: metals on dark fields, the others on light ones."""
BOARDS = ("plain", "shield", "arched", "swallow", "round")
SHIELDS = ("heater", "spanish", "round", "lozenge")
SIGN_DIVISIONS = ("whole", "halved", "striped", "banded", "framed")
DIVISIONS = ("plain", "pale", "fess", "bend", "quarterly", "chief", "chevron", "pales", "wavy")
LAYOUTS = ("one", "two", "three")
LETTERINGS = ("bare", "lettered")
ORNAMENTS = ("compass", "serpent", "ship", "wind", "corner", "cartouche", "sun", "tower")

SLOTS: dict[str, dict[str, tuple[str, ...]]] = {
    "portrait": {"age": AGES, "sex": SEXES, "job": JOBS, "mood": MOODS, "hair": tuple(HAIRS)},
    "sign": {
        "charge": CHARGES,
        "ink": INKS,
        "field": COLOURS,
        "board": BOARDS,
        "parting": SIGN_DIVISIONS,
        "lettering": LETTERINGS,
    },
    "emblem": {
        "charge": CHARGES,
        "ink": INKS,
        "field": COLOURS,
        "second": COLOURS,
        "shield": SHIELDS,
        "division": DIVISIONS,
        "layout": LAYOUTS,
    },
    "ornament": {"kind": ORNAMENTS, "tint": COLOURS},
}
"""Domain -> attribute -> its words. Each attribute has words of its own, so that two colours are never swapped."""
ANY = "any"

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
PARTS = (
    *(f"charge:{word}" for word in CHARGES),
    *(f"ornament:{word}" for word in ORNAMENTS),
    "back:disc", "back:sea", "back:hills", "back:arch",
    "hair:bald", "hair:crop", "hair:side", "hair:curls", "hair:long", "hair:bun", "hair:plaits", "hair:wisps",
    "hair:bob", "hair:tuft", "hair:bunches", "hair:waves",
    "beard:full", "beard:short", "beard:tache", "beard:walrus",
    "garb:sweater", "garb:oilskin", "garb:baker", "garb:waistcoat", "garb:apron", "garb:coat", "garb:stripes",
    "garb:cassock", "garb:shirt", "garb:dungarees", "garb:cloak", "garb:bow", "garb:smock", "garb:fleece",
    "garb:tunic", "garb:shawl",
    "hat:none", "hat:beanie", "hat:souwester", "hat:toque", "hat:mob", "hat:bandana", "hat:beret", "hat:pompom",
    "hat:skullcap", "hat:flatcap", "hat:straw", "hat:wrap", "hat:kerchief", "hat:dusty", "hat:felt", "hat:hood",
    "hat:ribbon",
    "part:brow", "part:eyes", "part:mouth", "part:age", "part:bracket", "part:board", "part:rim",
)  # fmt: skip
"""Names that stand before the shapes of a part and draw nothing: the part is decided before its points."""

PAD, END = "pad", "end"


def _words() -> tuple[str, ...]:
    attributes = [
        f"{slot}={word}" for slots in SLOTS.values() for slot, words in slots.items() for word in (*words, ANY)
    ]
    numbers = map(str, range(NUMBERS))
    listed = [PAD, END, *SLOTS, *attributes, *SHAPES, *GROUPS, CLIP, CLOSE, *PARTS, *PAINT, *numbers]
    return tuple(dict.fromkeys(listed))


WORDS: tuple[str, ...] = _words()
"""Every token; its place is its number. Weights depend on this order."""
TOKENS: dict[str, int] = {word: number for number, word in enumerate(WORDS)}
MAX_TOKENS = 420
"""Tokens of the longest picture, END included."""


def age_band(years: int) -> str:
    """Return the band of an age in years."""
    return AGES[sum(years >= first for first in (14, 28, 48, 64))]
