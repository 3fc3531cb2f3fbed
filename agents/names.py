"""The words that people's names and likings are made of, and the choice among them. Not for names of places.

Given names are a beginning and an ending, family names a word of the coast and a word of the land: all made up here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

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


def draw(seed: int, count: int, purpose: str, *keys: int) -> int:
    """Return one integer in [0, count) for the keys: the same for ever, whatever else is drawn."""
    key = "/".join(("cast", purpose, str(seed), *map(str, keys)))
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big") % count


def pick(seed: int, options: Sequence[T], purpose: str, *keys: int) -> T:
    """Return one of the options for the keys."""
    return options[draw(seed, len(options), purpose, *keys)]


def pick_some(seed: int, options: Sequence[T], count: int, purpose: str, *keys: int) -> tuple[T, ...]:
    """Return `count` different ones of the options for the keys."""
    left = list(range(len(options)))
    chosen = [left.pop(draw(seed, len(left), purpose, *keys, turn)) for turn in range(count)]
    return tuple(options[index] for index in chosen)


class Register:
    """Gives out names, no two alike; in a small cast no given name twice, so that it is enough to say it."""

    def __init__(self, seed: int, people: int) -> None:
        self._seed = seed
        self._short = people <= len(GIVEN) // 2
        self._given: set[str] = set()
        self._full: set[tuple[str, str]] = set()

    def family(self, household: int) -> str:
        """Return the family name of a household; they repeat only when there are none left."""
        start = draw(self._seed, len(FAMILIES), "families")
        # A step that shares no factor with the number of names visits each of them once.
        return FAMILIES[(start + household * 421) % len(FAMILIES)]

    def given(self, person: int, family: str) -> str:
        """Return a given name for the person, free in that family."""
        start = draw(self._seed, len(GIVEN), "given", person)
        for turn in range(len(GIVEN)):
            name = GIVEN[(start + turn * 367) % len(GIVEN)]
            if (name, family) not in self._full and not (self._short and name in self._given):
                break
        self._given.add(name)
        self._full.add((name, family))
        return name
