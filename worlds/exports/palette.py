"""The colours of an exported world, as sRGB triples, and their way to linear light. Map and GLB share them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from worldloom.worlds.biomes import Biome
from worldloom.worlds.groundwork import Way
from worldloom.worlds.noise import hashed

Colour = tuple[int, int, int]

GROUND: dict[Biome, Colour] = {
    Biome.SEA: (170, 160, 122),
    Biome.BEACH: (226, 207, 158),
    Biome.MEADOW: (134, 166, 84),
    Biome.FOREST: (86, 122, 66),
    Biome.MARSH: (122, 140, 92),
    Biome.ROCK: (150, 143, 132),
}
WAYS: dict[Way, Colour] = {
    Way.PATH: (176, 152, 108),
    Way.ROAD: (188, 166, 124),
    Way.SQUARE: (178, 170, 156),
    Way.BRIDGE: (150, 146, 138),
    Way.PIER: (150, 122, 88),
}
SOIL: Colour = (140, 110, 72)
RIVER: Colour = (84, 148, 172)
SHALLOW: Colour = (112, 186, 186)
DEEP: Colour = (34, 92, 136)
EARTH: Colour = (112, 92, 70)

STONE: Colour = (164, 160, 150)
DARK_STONE: Colour = (120, 116, 110)
WOOD: Colour = (136, 100, 66)
DARK_WOOD: Colour = (86, 62, 44)
PLANK: Colour = (168, 134, 94)
GLASS: Colour = (92, 124, 146)
WHITE: Colour = (238, 232, 218)
IRON: Colour = (66, 68, 72)

_LINEAR = np.array([v / 255 / 12.92 if v <= 10 else ((v / 255 + 0.055) / 1.055) ** 2.4 for v in range(256)])


def linear(colours: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return sRGB bytes as linear light from 0 to 1 (glTF 2.0 section 3.9.2), rounded to 16 bits."""
    light: NDArray[np.float64] = np.round(_LINEAR[colours] * 65535) / 65535
    return light


def shade(colour: Colour, spread: int, *keys: int) -> Colour:
    """Return the colour a little lighter or darker, by at most `spread`; the keys decide."""
    step = int(hashed(97, *keys)[0] >> np.uint64(40)) % (2 * spread + 1) - spread
    red, green, blue = (min(255, max(0, channel + step)) for channel in colour)
    return red, green, blue


def blend(one: Colour, other: Colour, percent: int) -> Colour:
    """Return `percent` of the other colour mixed into the first."""
    red, green, blue = ((a * (100 - percent) + b * percent) // 100 for a, b in zip(one, other, strict=True))
    return red, green, blue
