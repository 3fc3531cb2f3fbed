"""The words of the world's goods: what feeds how much, what lies where at the beginning, what work brings forth."""

from __future__ import annotations

from typing import NamedTuple

FOOD: dict[str, int] = {"loaf": 450, "fish": 500, "stew": 650, "apples": 350}
"""By how many thousandths a thing stills hunger."""

CRAFTS = ("letter", "sign", "emblem", "portrait", "tile", "prop", "song")
"""What agents make; a `letter` is read, a `song` is sung, the others are put up."""

PUT_UP = ("sign", "emblem", "portrait", "tile", "prop")
"""Crafts that are put up at a place for all to see."""


LIGHT = ("letter", "song")
"""Crafts that fill nobody's hands: one goes into a pocket, the other is carried in the head."""


class Founding(NamedTuple):
    """So many of a thing lie in each place of a kind when the world begins."""

    kind: str
    thing: str
    number: int


FOUNDING: tuple[Founding, ...] = (
    Founding("bakery", "loaf", 14),
    Founding("bakery", "peel", 1),
    Founding("market_hall", "loaf", 6),
    Founding("market_hall", "fish", 6),
    Founding("market_hall", "scales", 1),
    Founding("inn", "stew", 10),
    Founding("inn", "ladle", 1),
    Founding("smokehouse", "fish", 8),
    Founding("smithy", "hammer", 2),
    Founding("workshop", "saw", 2),
    Founding("net_loft", "net", 2),
    Founding("boathouse", "oar", 2),
    Founding("boathouse", "fish", 4),
    Founding("field", "hoe", 2),
    Founding("healer", "mortar", 1),
    Founding("school", "slate", 2),
    Founding("granary", "flail", 1),
    Founding("chapel", "bell rope", 1),
)
"""Lie there whoever lives in the village; larders are filled by LARDER."""

LARDER: tuple[tuple[str, int], ...] = (("loaf", 2), ("fish", 1))
"""So many of each thing lie in a home for everyone who lives there."""


class Trade(NamedTuple):
    """What comes of work in places of a kind: `number` of `thing` for every `seconds` that one person works."""

    thing: str
    number: int
    seconds: int


TRADES: dict[str, Trade] = {
    "bakery": Trade("loaf", 3, 1800),
    "boathouse": Trade("fish", 1, 1800),
    "harbour": Trade("fish", 1, 1800),
    "smokehouse": Trade("fish", 1, 1800),
    "inn": Trade("stew", 2, 1800),
    "field": Trade("apples", 1, 3600),
}
"""Work elsewhere brings forth nothing that one could carry."""

MARKET_TRADES: dict[str, Trade] = TRADES | {
    "smithy": Trade("knife", 1, 3600),
    "workshop": Trade("stool", 1, 3600),
    "net_loft": Trade("net", 1, 3600),
    "granary": Trade("sack", 2, 3600),
    "healer": Trade("salve", 1, 3600),
    "chapel": Trade("candle", 1, 3600),
    "lookout": Trade("fleece", 1, 3600),
}
"""What comes of work in a world with a market, where goods stay in the hands of who made them."""

STOCK_LIMIT = 30
"""Work brings forth nothing more where this much food lies already."""

CARRY_LIMIT = 12
"""Nobody carries more."""

NAMES: dict[str, str] = {"apples": "apples", "fish": "a fish", "loaf": "a loaf of bread", "stew": "a bowl of stew"}
"""How things that nobody named read; others are `a <thing>`."""


def name_of(thing: str) -> str:
    """Return how a thing that nobody named reads: `a loaf of bread`, `an oar`."""
    article = "an" if thing[:1] in "aeiou" else "a"
    return NAMES.get(thing, f"{article} {thing}")
