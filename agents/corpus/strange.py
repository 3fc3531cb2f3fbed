"""Memories in words that no village uses: what a model points at may say anything, at some length. Asks nobody.

Half of the nouns are made up of syllables, so that a tokenizer learnt from villages breaks them into small pieces, as
it does with whatever people and scenarios will tell.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from worldloom.agents.rules.reading import Dice

from .case import Case

KINDS = ("told", "seen", "knows")
"""Kinds of memories whose words are anybody's; what people did and planned has forms that the rules read."""

_GIFT = re.compile(r'(?<= gave )([^"|]+) "[^|]*"\.$')
_BEGINNINGS = ("br", "t", "sk", "v", "dr", "p", "gl", "m", "th", "kn", "r", "fl", "z", "qu", "h", "w", "st", "j")
_MIDDLES = ("a", "e", "i", "o", "u", "ea", "oo", "ou", "ai", "y")
_ENDS = ("ck", "rn", "ld", "sh", "mp", "tter", "ble", "nd", "x", "st", "l", "gan", "wick", "m", "rrow", "v", "zz", "")
_NOUNS = (
    "apothecary", "bellows", "cannon", "clock", "comet", "duke", "elephant", "envoy", "ferry", "fiddle", "garden",
    "ghost", "globe", "harp", "juggler", "kite", "ladder", "lantern maker", "mirror", "monk", "needle", "oracle",
    "orchard", "parrot", "plough", "puppet", "quarry", "ribbon", "saddle", "seal", "spy", "stove", "sword",
    "telescope", "tower", "vineyard", "violin", "waterfall", "whistle", "windmill",
)  # fmt: skip
_QUALITIES = (
    "ancient", "bent", "borrowed", "cracked", "crooked", "cursed", "empty", "foreign", "frozen", "gilded", "hollow",
    "huge", "lame", "mended", "nameless", "pale", "rusty", "silent", "stolen", "tiny",
)  # fmt: skip
_DEEDS = (
    "argued about", "bought", "carried off", "dug up", "exchanged", "forgot", "guards", "heard of", "inherited",
    "laughed at", "lent out", "measured", "painted over", "polishes", "quarrelled over", "refused", "rescued",
    "sank", "smuggled", "swallowed", "traded away", "was bitten by", "wept over", "won",
)  # fmt: skip
_WHERE = ("across", "above", "beside", "beneath", "near", "inside", "far from", "in front of", "within sight of")
_STRANGERS = ("A stranger", "The envoy's son", "Somebody", "An old sailor", "The new tenant", "Nobody but a child")


def estrange(case: Case, dice: Dice) -> None:
    """Give most memories that were told, seen or known other words, about the same people."""
    names = [row.rpartition(" | ")[2] for row in case.blocks.get("people", ())]
    rows = []
    for row in case.blocks.get("memories", ()):
        before, bar, _ = row.rpartition(" | ")
        gift = _GIFT.search(row)
        if row.split(" ", 2)[1] not in KINDS or not dice.chance(80):
            rows.append(row)
        elif gift:
            # Who gave what to whom stays: somebody may be thanked for a thing that nobody has heard of.
            rows.append(f'{row[: gift.end(1)]} "{_thing(dice).capitalize()}".')
        else:
            rows.append(f"{before}{bar}{sentence(names, dice)}")
    if "memories" in case.blocks:
        case.blocks["memories"] = rows


def sentence(names: Sequence[str], dice: Dice) -> str:
    """Return a sentence of 5 to 20 words, of one of the names or of a stranger."""
    who = dice.pick(tuple(names)) if names and dice.chance(75) else dice.pick(_STRANGERS)
    said = f"{who} {dice.pick(_DEEDS)} {_thing(dice)}"
    if dice.chance(60):
        said += f" {dice.pick(_WHERE)} {_thing(dice)}"
    if dice.chance(35):
        said += f" and {dice.pick(_DEEDS)} {_thing(dice)}"
    return f"{said}."


def _thing(dice: Dice) -> str:
    noun = dice.pick(_NOUNS) if dice.chance(50) else _made_up(dice)
    quality = f"{dice.pick(_QUALITIES)} " if dice.chance(60) else ""
    article = dice.pick(("the", "the", "a", "their", "some"))
    return f"{article} {quality}{noun}"


def _made_up(dice: Dice) -> str:
    syllables = (f"{dice.pick(_BEGINNINGS)}{dice.pick(_MIDDLES)}{dice.pick(_ENDS)}" for _ in range(1 + dice.below(2)))
    return "".join(syllables)
