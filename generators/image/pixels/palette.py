"""The 64 or so colours that every pixel picture is made of, by name and tone. Draws nothing."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from worldloom.generators.vocabulary import COLOURS

Rgb = tuple[int, int, int]


class Ramp(NamedTuple):
    """Palette numbers of one material, dark to bright."""

    shadow: int
    base: int
    light: int
    gleam: int


_PAINTS: dict[str, tuple[Rgb, Rgb, Rgb, Rgb]] = {
    "red": ((104, 26, 36), (178, 46, 44), (224, 84, 66), (250, 152, 120)),
    "blue": ((26, 38, 92), (44, 84, 160), (84, 138, 214), (160, 204, 244)),
    "green": ((24, 64, 44), (50, 122, 64), (100, 172, 82), (178, 222, 122)),
    "yellow": ((152, 100, 22), (222, 172, 46), (248, 214, 92), (255, 244, 172)),
    "white": ((140, 142, 160), (204, 206, 214), (238, 238, 238), (255, 255, 255)),
    "black": ((20, 16, 24), (46, 46, 58), (80, 82, 98), (126, 130, 146)),
    "orange": ((138, 60, 20), (216, 112, 34), (246, 158, 68), (255, 206, 134)),
    "purple": ((56, 28, 86), (112, 60, 148), (160, 104, 198), (212, 168, 238)),
}
_MATERIALS: dict[str, tuple[Rgb, Rgb, Rgb]] = {
    "oak": ((82, 50, 30), (132, 86, 48), (178, 126, 76)),
    "pine": ((152, 108, 62), (196, 152, 96), (230, 194, 138)),
    "iron": ((54, 60, 72), (98, 106, 122), (154, 166, 180)),
    "brass": ((124, 82, 28), (190, 142, 54), (238, 204, 112)),
    "stone": ((86, 84, 84), (130, 128, 124), (174, 172, 164)),
    "canvas": ((168, 150, 122), (220, 204, 176), (246, 236, 214)),
    "crust": ((108, 60, 34), (168, 102, 54), (214, 160, 98)),
    "water": ((30, 74, 112), (62, 128, 160), (132, 192, 208)),
}
GROUNDS: dict[str, tuple[Rgb, Rgb]] = {
    "parchment": ((230, 212, 168), (210, 188, 140)),
    "sky": ((172, 206, 226), (148, 184, 208)),
    "meadow": ((158, 188, 132), (136, 166, 110)),
    "dusk": ((98, 90, 132), (80, 72, 112)),
    "rose": ((222, 180, 176), (204, 156, 154)),
    "slate": ((114, 130, 144), (94, 110, 126)),
    "mint": ((184, 216, 196), (160, 196, 176)),
    "clay": ((198, 140, 112), (178, 118, 92)),
}
"""What a picture stands on: its colour and the colour of its pattern and shadow."""


def _table() -> tuple[tuple[Rgb, ...], dict[str, Ramp], dict[str, tuple[int, int]]]:
    colours: list[Rgb] = [(0, 0, 0)]  # number 0 is "nothing here": never in a finished picture
    ramps: dict[str, Ramp] = {}
    for name, tones in (_PAINTS | _MATERIALS).items():
        first = len(colours)
        colours += tones
        ramps[name] = Ramp(first, first + 1, first + 2, first + len(tones) - 1)
    grounds: dict[str, tuple[int, int]] = {}
    for name, pair in GROUNDS.items():
        grounds[name] = (len(colours), len(colours) + 1)
        colours += pair
    return tuple(colours), ramps, grounds


PALETTE, RAMPS, GROUND_NUMBERS = _table()
"""Colours by number; number 0 stands for nothing. Then ramps by paint or material, and the two numbers of a ground."""
NOTHING = 0
INK = RAMPS["black"].shadow
"""Of outlines."""
assert tuple(_PAINTS) == COLOURS


@cache
def table() -> Any:
    """Return the palette as a read-only uint8 array, one row a number, red, green, blue."""
    import numpy as np  # noqa: PLC0415

    array = np.array(PALETTE, dtype=np.uint8)
    array.setflags(write=False)
    return array


def nearest(pixels: Any) -> Any:
    """Return palette numbers (height x width, uint8) nearest to float or integer sRGB pixels (height x width x 3).

    Distance is plain squared distance in sRGB, compared in whole numbers after rounding, so that it is exact.
    """
    import numpy as np  # noqa: PLC0415

    whole = np.clip(np.rint(pixels), 0, 255).astype(np.int32)
    difference = whole[:, :, None, :] - table()[None, None, 1:, :].astype(np.int32)
    return ((difference**2).sum(-1).argmin(-1) + 1).astype(np.uint8)
