"""A picture as SVG 1.1 text. Every word from outside is escaped; no script, no link, no outside resource."""

from __future__ import annotations

from xml.sax.saxutils import escape

from worldloom.provenance.text import clean_text

from .drawing import CANVAS, Colour, Layer, Lettering, Picture, Point, Shape


def to_svg(picture: Picture) -> bytes:
    """Return the picture as UTF-8 SVG; the same picture, the same bytes."""
    rows = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {CANVAS} {picture.height}" '
        f'width="{CANVAS}" height="{picture.height}" role="img">',
        f"<title>{_text(picture.title)}</title>",
    ]
    for number, layer in enumerate(picture.layers):
        rows += _layer(layer, number)
    rows += [_lettering(line) for line in picture.lettering]
    return "\n".join([*rows, "</svg>", ""]).encode()


def _layer(layer: Layer, number: int) -> list[str]:
    shapes = [_shape(shape) for shape in layer.shapes]
    if not layer.clip:
        return ["<g>", *shapes, "</g>"]
    clip = f'<clipPath id="c{number}"><polygon points="{_points(layer.clip)}"/></clipPath>'
    return [clip, f'<g clip-path="url(#c{number})">', *shapes, "</g>"]


def _shape(shape: Shape) -> str:
    opacity = f' fill-opacity="0.{shape.alpha:02d}"' if shape.alpha < 100 else ""
    return f'<polygon points="{_points(shape.points)}" fill="{_hex(shape.fill)}"{opacity}/>'


def _points(points: tuple[Point, ...]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)


def _hex(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def _lettering(line: Lettering) -> str:
    # textLength makes the line as wide as the board allows, whatever font the viewer has.
    return (
        f'<text x="{line.x}" y="{line.y}" font-weight="bold" '
        f'font-family="Georgia, serif" '
        f'font-size="{line.height}" text-anchor="middle" textLength="{line.width}" '
        f'lengthAdjust="spacingAndGlyphs" '
        f'fill="{_hex(line.fill)}">{_text(line.text)}</text>'
    )


def _text(text: str) -> str:
    return escape(clean_text(text), {'"': "&quot;", "'": "&#39;"})
