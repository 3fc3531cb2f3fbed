"""A sign's SVG as a PNG to hang in a 3D world, lettered in Pillow's font. Evidence, never content: fonts differ."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

from .drawing import CANVAS, Lettering
from .raster import to_png
from .reading import picture_of

if TYPE_CHECKING:
    from PIL import Image


def board_png(svg: bytes, width: int = 384) -> bytes:
    """Return a sign, as `procedural` drew it, as an RGBA PNG `width` pixels wide; raises GeneratorError."""
    from PIL import Image  # noqa: PLC0415  (an extra; the audit installation has no Pillow)

    picture = picture_of(svg)
    board = Image.open(io.BytesIO(to_png(replace(picture, lettering=()), width))).convert("RGBA")
    for line in picture.lettering:
        _write(board, line)
    out = io.BytesIO()
    board.save(out, "PNG", compress_level=6)
    return out.getvalue()


def _write(board: Image.Image, line: Lettering) -> None:
    """Write a line as wide as the sign wants it, whatever the font's own widths are."""
    from PIL import Image, ImageDraw, ImageFont  # noqa: PLC0415

    height = max(8, line.height * board.width // CANVAS)
    font = ImageFont.load_default(height)
    left, top, right, bottom = (round(side) for side in font.getbbox(line.text))
    if right <= left or bottom <= top:
        return
    strip = Image.new("RGBA", (right - left, bottom - top), (*line.fill, 0))
    ImageDraw.Draw(strip).text((-left, -top), line.text, font=font, fill=(*line.fill, 255))
    wide = strip.resize((max(1, line.width * board.width // CANVAS), strip.height))
    x = line.x * board.width // CANVAS - wide.width // 2
    board.alpha_composite(wide, (max(0, x), max(0, line.y * board.width // CANVAS - wide.height)))
