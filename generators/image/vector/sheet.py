"""Puts pictures side by side into one PNG, for people to look at. Chooses none."""

from __future__ import annotations

import io
from collections.abc import Sequence

from worldloom.generators.image.drawing import Picture
from worldloom.generators.image.raster import to_png

_GAP = 4
_PAPER = (250, 246, 236)


def sheet(pictures: Sequence[Picture], columns: int = 8, width: int = 128) -> bytes:
    """Return a PNG of square pictures, `width` pixels each, row by row in their order."""
    from PIL import Image  # noqa: PLC0415  (an extra; the audit installation has no Pillow)

    cell, rows = width + _GAP, -(-len(pictures) // columns)
    board = Image.new("RGB", (columns * cell + _GAP, rows * cell + _GAP), _PAPER)
    for number, picture in enumerate(pictures):
        image = Image.open(io.BytesIO(to_png(picture, width))).convert("RGBA")
        row, column = divmod(number, columns)
        board.paste(image, (_GAP + column * cell, _GAP + row * cell), image)
    out = io.BytesIO()
    # 256 colours are enough for flat paint, and make a card's picture a third as large.
    board.quantize(256).save(out, "PNG", optimize=True)
    return out.getvalue()
