"""A crowd's picture as PNG, every pixel of the rule's a square large enough to be seen. Knows no rule."""

from __future__ import annotations

import io

import numpy as np
from worldloom.worlds.crowds.world import CrowdWorld
from worldloom.worlds.land_errors import ExportError

SIDE = 900
"""Pixels that the longer side has at least, unless the rule draws more itself."""
_LARGEST = 8192


def draw_crowd(world: CrowdWorld) -> bytes:
    """Return PNG bytes of the state; raises ExportError for a picture that is none."""
    from PIL import Image  # noqa: PLC0415  (heavy)

    pixels = world.crowd.picture(world.columns)
    if not isinstance(pixels, np.ndarray) or pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3:
        raise ExportError(f"{type(world.crowd).__name__}.picture: must give uint8[height, width, 3]")
    height, width = pixels.shape[:2]
    if not (0 < height <= _LARGEST and 0 < width <= _LARGEST):
        raise ExportError(f"{type(world.crowd).__name__}.picture: {width} x {height} pixels; a side is 1 to {_LARGEST}")
    times = max(1, -(-SIDE // max(height, width)))
    sink = io.BytesIO()
    Image.fromarray(pixels.repeat(times, 0).repeat(times, 1)).save(sink, "PNG", optimize=False)
    return sink.getvalue()
