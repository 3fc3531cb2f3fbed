"""A picture as PNG, drawn by Pillow three times as large and averaged. No lettering: fonts differ."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from worldloom.generators.errors import GeneratorError

from .drawing import CANVAS, Layer, Picture, Point

if TYPE_CHECKING:
    from PIL import Image

_OVER = 3
"""Supersampling in each direction."""


def to_png(picture: Picture, width: int = 512) -> bytes:
    """Return the picture as an RGBA PNG `width` pixels wide; raises GeneratorError for one with lettering."""
    from PIL import Image  # noqa: PLC0415  (an extra; the audit installation has no Pillow)

    if picture.lettering:
        raise GeneratorError("a picture with lettering cannot become a PNG: its fonts are the viewer's; use to_svg")
    size = (width * _OVER, width * _OVER * picture.height // CANVAS)
    image = Image.new("RGBA", size, (0, 0, 0, 0))
    for layer in picture.layers:
        image = Image.alpha_composite(image, _layer(layer, size))
    # Colours are averaged with their opacity, else the transparent black outside would darken every edge.
    small = image.convert("RGBa").reduce(_OVER).convert("RGBA")
    out = io.BytesIO()
    small.save(out, "PNG", compress_level=6)
    return out.getvalue()


def _layer(layer: Layer, size: tuple[int, int]) -> Image.Image:
    from PIL import Image, ImageChops, ImageDraw  # noqa: PLC0415

    image = Image.new("RGBA", size, (0, 0, 0, 0))
    for shape in layer.shapes:
        if shape.alpha == 100:
            ImageDraw.Draw(image).polygon(_scaled(shape.points, size[0]), fill=(*shape.fill, 255))
        else:
            veil = Image.new("RGBA", size, (*shape.fill, 0))
            ImageDraw.Draw(veil).polygon(_scaled(shape.points, size[0]), fill=(*shape.fill, shape.alpha * 255 // 100))
            image = Image.alpha_composite(image, veil)
    if layer.clip:
        mask = Image.new("L", size, 0)
        ImageDraw.Draw(mask).polygon(_scaled(layer.clip, size[0]), fill=255)
        image.putalpha(ImageChops.multiply(image.getchannel("A"), mask))
    return image


def _scaled(points: tuple[Point, ...], width: int) -> list[tuple[int, int]]:
    return [(x * width // CANVAS, y * width // CANVAS) for x, y in points]
