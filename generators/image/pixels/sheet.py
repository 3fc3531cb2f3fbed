"""Pixel pictures as PNG: one enlarged, or many as a sheet. Draws no picture."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from .palette import PALETTE, table


def png(numbers: Any, times: int = 8) -> bytes:
    """Return palette numbers as a PNG with that palette, every pixel `times` as wide and high; no smoothing."""
    from PIL import Image  # noqa: PLC0415  (an extra; the audit installation has no Pillow)

    large = numbers.repeat(times, 0).repeat(times, 1)
    image = Image.fromarray(large).convert("P")
    image.putpalette(table().tobytes())
    out = io.BytesIO()
    image.save(out, "PNG", bits=8, compress_level=6)
    return out.getvalue()


def sheet(pictures: Sequence[Any], columns: int = 8, times: int = 3, gap: int = 2) -> bytes:
    """Return many pictures of one size, palette numbers each, as one PNG in rows of `columns`."""
    import numpy as np  # noqa: PLC0415

    side, rows = pictures[0].shape[0] + gap, -(-len(pictures) // columns)
    whole = np.zeros((rows * side + gap, columns * side + gap), dtype=np.uint8)
    for number, picture in enumerate(pictures):
        y, x = number // columns * side + gap, number % columns * side + gap
        whole[y : y + side - gap, x : x + side - gap] = picture
    return png(whole, times)


assert len(PALETTE) <= 256  # what a PNG's palette can hold
