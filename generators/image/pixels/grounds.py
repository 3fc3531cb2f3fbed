"""What stands behind a motif: plain or patterned ground and the motif's shadow. No motif."""

from __future__ import annotations

from typing import Any

from worldloom.generators.image.drawing import Choices

from .canvas import SIDE
from .palette import GROUND_NUMBERS, NOTHING

PATTERNS = ("plain", "striped", "dotted", "chequered", "framed")


def ground(name: str, pattern: str, d: Choices) -> Any:
    """Return 32 x 32 palette numbers of a ground with its pattern."""
    import numpy as np  # noqa: PLC0415  (light beside Pillow, but the audit installation needs none of this)

    base, mark = GROUND_NUMBERS[name]
    y, x = np.mgrid[0:SIDE, 0:SIDE]
    period, offset = d.pick((8, 8, 16)), d.pick((0, 2, 4))
    if pattern == "striped":
        marked = (x + (y if d.pick((True, False)) else 0) + offset) % period < period // 2
    elif pattern == "dotted":
        shifted = x + 4 * ((y + offset) // 8 % 2)
        marked = ((shifted % 8) < 2) & (((y + offset) % 8) < 2)
    elif pattern == "chequered":
        marked = ((x + offset) // 8 + (y + offset) // 8) % 2 == 0
    elif pattern == "framed":
        edge = np.minimum(np.minimum(x, y), np.minimum(SIDE - 1 - x, SIDE - 1 - y))
        marked = (edge < 2) | ((edge == 3) & (period == 16))
    else:
        marked = np.zeros((SIDE, SIDE), dtype=bool)
    return np.where(marked, mark, base).astype(np.uint8)


def composed(behind: Any, motif: Any, name: str) -> Any:
    """Return the motif (NOTHING where it is not) on its ground, with a flat shadow at its foot."""
    import numpy as np  # noqa: PLC0415

    solid = motif != NOTHING
    foot = int(np.flatnonzero(solid.any(1)).max())
    columns = np.flatnonzero(solid[max(0, foot - 4) :].any(0))
    middle, half = (columns.min() + columns.max()) / 2 + 1, (columns.max() - columns.min()) / 2 + 2
    y, x = np.mgrid[0:SIDE, 0:SIDE]
    shadow = ((x - middle) / half) ** 2 + ((y - foot) / 1.8) ** 2 <= 1
    return np.where(solid, motif, np.where(shadow, GROUND_NUMBERS[name][1], behind)).astype(np.uint8)
