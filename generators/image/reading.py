"""Reads back the SVG that `svg` writes, for those who need its shapes. Reads no other SVG."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from worldloom.generators.errors import GeneratorError

from .drawing import CANVAS, Colour, Layer, Lettering, Picture, Point, Shape
from .svg import to_svg

_SVG = "{http://www.w3.org/2000/svg}"
_CLIP = re.compile(r"url\(#(c[0-9]+)\)\Z")
LONGEST = 4_000_000
"""Bytes of a picture that are read."""


def picture_of(svg: bytes) -> Picture:
    """Return the picture whose `to_svg` these bytes are; raises GeneratorError for any other bytes."""
    if len(svg) > LONGEST or b"<!" in svg:
        raise GeneratorError("not a picture of ours: too long, or it declares entities or comments")
    try:
        root = ET.fromstring(svg)  # noqa: S314  # no declarations are let through above
        picture = _picture(root)
    except (ET.ParseError, KeyError, IndexError, ValueError, TypeError) as error:
        raise GeneratorError(f"not a picture that Worldloom drew: {error}") from error
    if to_svg(picture) != svg:
        raise GeneratorError("not a picture that Worldloom drew: written anew, its bytes are others")
    return picture


def _picture(root: ET.Element) -> Picture:
    if root.tag != f"{_SVG}svg" or root.get("width") != str(CANVAS):
        raise GeneratorError("not a picture that Worldloom drew: another root or width")
    clips: dict[str, tuple[Point, ...]] = {}
    layers, lettering, title = [], [], ""
    for node in root:
        match node.tag.removeprefix(_SVG):
            case "title":
                title = node.text or ""
            case "clipPath":
                clips[node.attrib["id"]] = _points(node[0].attrib["points"])
            case "g":
                clip = _CLIP.match(node.get("clip-path", ""))
                layers.append(Layer(tuple(map(_shape, node)), clips[clip[1]] if clip else ()))
            case "text":
                lettering.append(_line(node))
            case other:
                raise GeneratorError(f"not a picture that Worldloom drew: it holds a {other[:40]}")
    return Picture(tuple(layers), tuple(lettering), int(root.attrib["height"]), title)


def _shape(node: ET.Element) -> Shape:
    alpha = node.get("fill-opacity")
    hundredths = 100 if alpha is None else int(alpha.removeprefix("0."))
    return Shape(_points(node.attrib["points"]), _colour(node.attrib["fill"]), hundredths)


def _points(text: str) -> tuple[Point, ...]:
    pairs = (pair.split(",") for pair in text.split())
    return tuple((int(x), int(y)) for x, y in pairs)


def _colour(text: str) -> Colour:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def _line(node: ET.Element) -> Lettering:
    x, y, height, width = (int(node.attrib[name]) for name in ("x", "y", "font-size", "textLength"))
    return Lettering(node.text or "", x, y, height, width, _colour(node.attrib["fill"]))
