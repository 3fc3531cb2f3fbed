"""Draws a program: shapes become polygons of a Picture, which svg and raster write. Chooses nothing."""

from __future__ import annotations

from collections.abc import Mapping
from math import floor
from typing import NamedTuple

from worldloom.generators.image.drawing import BLACK, CANVAS, Layer, Picture, Point, Shape, mix

from .curves import Outline, ellipse, ring, smooth, stroke, widened
from .palette import BARE, colour_of
from .program import Clip, Group, Prim, Program

_FIRST, _LAST = 2, 62
_UNIT = CANVAS / (_LAST - _FIRST)
_FINE, _COARSE = 6, 4
"""Points on a bow of a smooth outline, in the picture's own grid and in small ones."""
_FEWEST = 3
"""Points of an outline that has an area."""
_EDGE = 3.0
"""Width of the thin edge around painted shapes, in the picture's own thousandths."""


class _Frame(NamedTuple):
    """Where a grid lies in the picture: its centre, the size of a place, mirrored or not."""

    x: float
    y: float
    unit: float
    flipped: bool = False

    def put(self, points: Outline) -> Outline:
        side = -self.unit if self.flipped else self.unit
        return [(self.x + (x - 32) * side, self.y + (y - 32) * self.unit) for x, y in points]


_ROOT = _Frame((32 - _FIRST) * _UNIT, (32 - _FIRST) * _UNIT, _UNIT)


def draw(program: Program, title: str = "") -> Picture:
    """Return the picture of a program, CANVAS wide and high."""
    words = program.words
    layers: list[Layer] = []
    loose: list[Shape] = []
    for item in (item for part in program.parts for item in part.items):
        if isinstance(item, Clip):
            layers += [Layer(tuple(loose))] if loose else []
            loose = []
            layers += _clipped(item, words)
        else:
            loose += _shapes(item, words)
    layers += [Layer(tuple(loose))] if loose else []
    return Picture(tuple(layers), title=title or program.domain)


def _shapes(item: Prim | Group, words: Mapping[str, str]) -> list[Shape]:
    if isinstance(item, Prim):
        return _painted(item, _ROOT, words)
    return [shape for frame in _frames(item) for prim in item.items for shape in _painted(prim, frame, words)]


def _frames(item: Group) -> list[_Frame]:
    def frame(x: int, y: int, size: int, *, flipped: bool = False) -> _Frame:
        (at,) = _ROOT.put([(x, y)])
        return _Frame(*at, size * _UNIT / 64, flipped)

    if item.op == "GM":
        x, y, size = item.places
        return [frame(x, y, size), frame(64 - x, y, size, flipped=True)]
    return [frame(*item.places[at : at + 3]) for at in range(0, len(item.places), 3)]


def _clipped(item: Clip, words: Mapping[str, str]) -> list[Layer]:
    first, *more = item.items
    outline = _rounded(_ROOT.put(outlines(first)[0]))
    ground = Layer(tuple(_painted(first, _ROOT, words)))
    shapes = tuple(shape for prim in more for shape in _painted(prim, _ROOT, words))
    # Nothing can be seen through an outline without area.
    return [ground, Layer(shapes, clip=outline)] if shapes and len(outline) >= _FEWEST else [ground]


def _painted(prim: Prim, frame: _Frame, words: Mapping[str, str]) -> list[Shape]:
    fill = colour_of(prim.paint, words)
    shapes = []
    for outline in outlines(prim, coarse=frame.unit < _UNIT / 2):
        placed = frame.put(outline)
        if prim.paint not in BARE:
            edge = _EDGE * min(1.0, max(0.45, frame.unit / _UNIT))
            shapes.append(Shape(_rounded(widened(placed, edge)), mix(fill, BLACK, 48)))
        shapes.append(Shape(_rounded(placed), fill))
    return [shape for shape in shapes if len(shape.points) >= _FEWEST]


def outlines(prim: Prim, *, coarse: bool = False) -> list[Outline]:
    """Return a shape's outline in its own grid, and its mirror image's where it has one; `coarse` for small grids."""
    one = _outline(prim.op.rstrip("m"), prim.numbers, _COARSE if coarse else _FINE)
    return [one, [(64 - x, y) for x, y in reversed(one)]] if prim.op.endswith("m") else [one]


def _outline(op: str, numbers: tuple[int, ...], steps: int) -> Outline:
    letter = op[0]
    if letter == "O":
        x, y, a, b = numbers
        return ellipse(x, y, a, b, _skip(max(a, b), steps))
    if letter == "C":
        x, y, radius, width = numbers
        return ring(x, y, radius, width / 4)
    if letter == "R":
        x, y, width, height = numbers
        return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
    if letter == "L":
        return stroke(_points(numbers[1:]), numbers[0] / 4, steps)
    points = _mirrored(_points(numbers)) if letter in "HU" else _points(numbers)
    return smooth(points, steps) if letter in "SU" else points


def _skip(radius: int, steps: int) -> int:
    """Of an ellipse's points every how manieth is enough for its size."""
    return 1 if steps == _FINE and radius > 7 else 2 if steps == _COARSE or radius > 3 else 3


def _points(numbers: tuple[int, ...]) -> Outline:
    return [(float(x), float(y)) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]


def _mirrored(right: Outline) -> Outline:
    return [*right, *((64 - x, y) for x, y in reversed(right) if x != 32)]


def _rounded(points: Outline) -> tuple[Point, ...]:
    found = [(_whole(x), _whole(y)) for x, y in points]
    return tuple(point for place, point in enumerate(found) if point != found[place - 1])


def _whole(value: float) -> int:
    return floor(value + 0.5)
