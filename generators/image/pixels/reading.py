"""Reads a pixel picture back without any model: its colour, and whether its edges meet. Not a judge of beauty."""

from __future__ import annotations

from functools import cache
from typing import Any

from worldloom.generators.image.drawing import Choices
from worldloom.generators.vocabulary import COLOURS

from .captions import Caption
from .palette import INK, NOTHING, PALETTE, RAMPS, table
from .source import sprite

_REFERENCES = 4
"""Pictures of each thing and colour whose mean the reader compares with."""


def read_colour(thing: str, numbers: Any) -> str:
    """Return the paint in which a picture of a thing is: whose reference pictures have the most alike counts."""
    import numpy as np  # noqa: PLC0415

    apart = np.abs(_references(thing) - _paint(numbers)[None]).sum(1)
    return COLOURS[int(apart.argmin())]


def _paint(numbers: Any) -> Any:
    """Return how many pixels have each paint; the ink of outlines is none."""
    import numpy as np  # noqa: PLC0415

    counts = np.bincount(numbers.ravel(), minlength=len(PALETTE)).astype(float)
    counts[INK] = counts[NOTHING] = 0
    return np.array([counts[list(dict.fromkeys(RAMPS[colour]))].sum() for colour in COLOURS])


@cache
def _references(thing: str) -> Any:
    import numpy as np  # noqa: PLC0415

    def mean(colour: str) -> Any:
        drawn = [
            sprite(Caption(thing, colour, "meadow", "plain"), Choices(number, f"reader/{thing}/{colour}"))
            for number in range(_REFERENCES)
        ]
        return np.mean([_paint(numbers) for numbers in drawn], axis=0)

    return np.stack([mean(colour) for colour in COLOURS])


def seam(numbers: Any) -> tuple[float, float]:
    """Return the mean step of colour over the picture's edges and inside it: alike where it is seamless."""
    import numpy as np  # noqa: PLC0415

    colours = table()[numbers].astype(float)
    over = [np.abs(colours[0] - colours[-1]).mean(), np.abs(colours[:, 0] - colours[:, -1]).mean()]
    inside = [np.abs(np.diff(colours, axis=axis)).mean() for axis in (0, 1)]
    return float(np.mean(over)), float(np.mean(inside))
