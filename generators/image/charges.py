"""Which charges there are, and which one a subject's words call for. Not how they are drawn."""

from __future__ import annotations

from collections.abc import Callable

from .drawing import Colour, Shape
from .field import crown, sheaf, star
from .sea import anchor, boat, fish, wave
from .village import hammer, key, lantern, loaf, mug

CHARGES: dict[str, Callable[[Colour], list[Shape]]] = {
    "anchor": anchor,
    "boat": boat,
    "crown": crown,
    "fish": fish,
    "hammer": hammer,
    "key": key,
    "lantern": lantern,
    "loaf": loaf,
    "mug": mug,
    "sheaf": sheaf,
    "star": star,
    "wave": wave,
}
"""Charge -> its shapes in a colour."""

_WORDS: dict[str, str] = {
    "ale": "mug", "bake": "loaf", "beer": "mug", "blacksmith": "hammer", "bread": "loaf", "brew": "mug",
    "candle": "lantern", "carpent": "hammer", "chapel": "star", "farm": "sheaf", "feast": "crown",
    "ferry": "boat",
    "forge": "hammer", "grain": "sheaf", "harbour": "anchor", "herring": "fish", "inn": "mug",
    "king": "crown",
    "light": "lantern", "lock": "key", "mayor": "crown", "mill": "sheaf", "net": "fish", "oven": "loaf",
    "queen": "crown", "sailor": "anchor", "sea": "wave", "ship": "boat", "smith": "hammer", "store": "key",
    "tavern": "mug", "tool": "hammer", "water": "wave", "wheat": "sheaf",
}  # fmt: skip


def charge_for(subject: str) -> str | None:
    """Return the charge that a subject's words call for (`the old bakery` -> loaf), or None."""
    words = subject.lower().replace("-", " ").split()
    for word in words:
        for name in CHARGES:
            if word.startswith(name):
                return name
    for word in words:
        for start, name in _WORDS.items():
            if word.startswith(start):
                return name
    return None
