"""The words that people's names and likings are made of, and the choice among them. Not for names of places.

Given names are a beginning and an ending, family names a word of the coast and a word of the land: all made up here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

import numpy as np
from worldloom.worlds.chance import below, one_below

T = TypeVar("T")

_STARTS = (
    "Al", "Ar", "Be", "Bri", "Ca", "Cor", "Da", "De", "El", "Em", "Fen", "Fi", "Ga", "Gwe", "Ha", "Hol", "Ib", "Is",
    "Jo", "Ka", "Ker", "La", "Lo", "Ma", "Mer", "Ni", "Nor", "Ol", "Or", "Per", "Ro", "Ru", "Sa", "Sel", "Ta", "Tam",
    "Ul", "Ve", "Wil", "Yo",
)  # fmt: skip

_ENDINGS = (
    "da", "den", "dra", "fa", "gan", "ka", "la", "lin", "lo", "ma", "men", "na", "nel", "nic", "no", "ra", "ren",
    "ric", "sa", "sel", "so", "ta", "tan", "tha", "tin", "va", "ven", "vi", "wen", "wyn",
)  # fmt: skip

_COAST = (
    "Bar", "Bell", "Brine", "Cob", "Cockle", "Cope", "Drift", "Eel", "Ebb", "Fair", "Gale", "Gull", "Hake", "Hawser",
    "Kelp", "Lark", "Ling", "Mack", "Mar", "Mist", "Moor", "Oar", "Peb", "Quay", "Reed", "Rime", "Salt", "Sand",
    "Sedge", "Shell", "Skerry", "Strand", "Tar", "Tern", "Thrift", "Tide", "Wade", "Wave", "Weir", "Wrack",
)  # fmt: skip

_LAND = (
    "acre", "bank", "beck", "bourne", "by", "combe", "croft", "dale", "den", "fold", "ford", "gate", "garth", "ham",
    "holt", "hurst", "ley", "low", "man", "mere", "more", "over", "ridge", "row", "shaw", "stead", "stow", "thorpe",
    "ton", "way", "well", "wick", "worth", "wright",
)  # fmt: skip

GIVEN = tuple(start + ending for start in _STARTS for ending in _ENDINGS)
"""Every given name."""

FAMILIES = tuple(coast + land for coast in _COAST for land in _LAND if coast[-2:] != land[0] * 2)
"""Every family name."""

LIKES = (
    "the smell of fresh bread", "smoked herring", "old sea songs", "long walks on the beach", "mending things",
    "a good bargain", "telling stories", "quiet mornings", "strong tea", "watching the boats come in", "playing dice",
    "carving driftwood", "honey cakes", "the evening bell", "stormy weather", "hearing the news first", "apple cider",
    "collecting shells", "the view from the hill", "dancing", "cats", "good rope", "clean linen", "roasted barley",
    "bright colours", "children's games", "fiddle music", "growing herbs", "early nights", "a warm hearth",
    "the sound of rain", "feasts and holidays", "drawing", "counting stars", "pickled samphire", "fair dealing",
    "riddles", "new faces", "sweet butter", "the first snow",
)  # fmt: skip
"""Things that somebody may like."""


def pick_some(options: Sequence[T], rolls: Iterable[int]) -> tuple[T, ...]:
    """Return different ones of the options, one for each roll (any integer from 0)."""
    left = list(options)
    return tuple(left.pop(roll % len(left)) for roll in rolls)


class Register:
    """Gives out names, no two alike; in a small cast no given name twice, so that it is enough to say it."""

    def __init__(self, seed: int, people: int) -> None:
        self._family = one_below(seed, "family names", len(FAMILIES))
        self._starts = below(seed, "given names", len(GIVEN), np.arange(people)).tolist()
        self._short = people <= len(GIVEN) // 2
        self._given: set[str] = set()
        self._full: set[tuple[str, str]] = set()

    def reserve(self, name: str) -> None:
        """Keep a name for somebody who has it already: it is given out to nobody else."""
        given, _, family = name.partition(" ")
        self._given.add(given)
        self._full.add((given, family))

    def name(self, person: int, household: int) -> str:
        """Return the full name of a person: family names repeat only when there are none left."""
        # Steps that share no factor with the number of names visit each of them once.
        family = FAMILIES[(self._family + household * 421) % len(FAMILIES)]
        for turn in range(len(GIVEN)):
            given = GIVEN[(self._starts[person] + turn * 367) % len(GIVEN)]
            if (given, family) not in self._full and not (self._short and given in self._given):
                break
        self._given.add(given)
        self._full.add((given, family))
        return f"{given} {family}"
