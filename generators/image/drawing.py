"""A picture's vector program in whole numbers: polygons, layers, lettering. No style, no file format."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")
CANVAS = 1000
"""Side of every picture in its own units; y grows downwards."""

Point = tuple[int, int]
Colour = tuple[int, int, int]
BLACK: Colour = (30, 26, 24)
WHITE: Colour = (255, 252, 240)

_STEPS = 48
_TURN = [
    (round(4096 * math.cos(2 * math.pi * i / _STEPS)), round(4096 * math.sin(2 * math.pi * i / _STEPS)))
    for i in range(_STEPS)
]


@dataclass(frozen=True, slots=True)
class Shape:
    """A filled polygon; `alpha` in hundredths."""

    points: tuple[Point, ...]
    fill: Colour
    alpha: int = 100


@dataclass(frozen=True, slots=True)
class Layer:
    """Shapes from back to front, cut to the `clip` polygon where there is one."""

    shapes: tuple[Shape, ...]
    clip: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class Lettering:
    """A line of text, centred at `x` on baseline `y`, stretched to `width`."""

    text: str
    x: int
    y: int
    height: int
    width: int
    fill: Colour


@dataclass(frozen=True, slots=True)
class Picture:
    """A whole picture, CANVAS wide and `height` high: layers, then lettering over them."""

    layers: tuple[Layer, ...]
    lettering: tuple[Lettering, ...] = ()
    height: int = CANVAS
    title: str = ""


class Choices:
    """Seeded choices; the same seed and purpose give the same picture everywhere."""

    def __init__(self, seed: int, purpose: str) -> None:
        self._key = f"{purpose}/{seed}".encode()
        self._count = 0

    def pick(self, options: Sequence[T]) -> T:
        """Return one of the options."""
        salt = self._count.to_bytes(8, "big")
        self._count += 1
        word = hashlib.blake2b(self._key, digest_size=8, salt=salt).digest()
        return options[int.from_bytes(word, "big") % len(options)]


def oval(x: int, y: int, a: int, b: int) -> tuple[Point, ...]:
    """Return an ellipse of half axes `a`, `b` around a point."""
    return tuple((x + a * c // 4096, y + b * s // 4096) for c, s in _TURN)


def sector(x: int, y: int, outer: int, inner: int, turn: tuple[int, int] = (0, _STEPS)) -> tuple[Point, ...]:
    """Return a piece of a ring; `turn` is its first and last 48th, clockwise from the right."""
    first, last = turn
    points = [_TURN[i % _STEPS] for i in range(first, last + 1)]
    rim = [(x + outer * c // 4096, y + outer * s // 4096) for c, s in points]
    return (*rim, *((x + inner * c // 4096, y + inner * s // 4096) for c, s in reversed(points)))


def rectangle(left: int, top: int, right: int, bottom: int) -> tuple[Point, ...]:
    """Return an upright rectangle."""
    return ((left, top), (right, top), (right, bottom), (left, bottom))


def rounded(left: int, top: int, right: int, bottom: int, radius: int) -> tuple[Point, ...]:
    """Return an upright rectangle with round corners."""
    centres = (
        (right - radius, bottom - radius),
        (left + radius, bottom - radius),
        (left + radius, top + radius),
        (right - radius, top + radius),
    )
    return tuple(
        (x + radius * c // 4096, y + radius * s // 4096)
        for quarter, (x, y) in enumerate(centres)
        for c, s in (_TURN[(quarter * 12 + i) % _STEPS] for i in range(13))
    )


def smooth(points: Sequence[Point], *, steps: int = 8) -> tuple[Point, ...]:
    """Return a closed curve through the points (Catmull-Rom); a point given twice in a row is a corner."""
    found: list[Point] = []
    count = len(points)
    for i in range(count):
        four = [points[(i + k) % count] for k in (-1, 0, 1, 2)]
        if four[1] == four[2]:
            continue
        columns = [x for x, _ in four], [y for _, y in four]
        found += [(_spline(columns[0], t, steps), _spline(columns[1], t, steps)) for t in range(steps)]
    return tuple(found)


def _spline(values: list[int], t: int, n: int) -> int:
    p0, p1, p2, p3 = values
    value = 2 * p1 * n**3 + (p2 - p0) * t * n * n
    value += (2 * p0 - 5 * p1 + 4 * p2 - p3) * t * t * n + (3 * p1 - p0 - 3 * p2 + p3) * t**3
    return value // (2 * n**3)


def mirror(points: tuple[Point, ...]) -> tuple[Point, ...]:
    """Return the polygon's image on the other side of the y axis."""
    return tuple((-x, y) for x, y in reversed(points))


def both(half: list[Point]) -> list[Point]:
    """Return a symmetric outline from its right half, top to bottom."""
    return [*half, *((-x, y) for x, y in reversed(half) if x)]


def place(shapes: Iterable[Shape], x: int, y: int, size: int, *, mirrored: bool = False) -> tuple[Shape, ...]:
    """Return shapes drawn around the origin in -500 to 500, moved to a point and scaled to `size`."""
    sign = -1 if mirrored else 1
    return tuple(
        Shape(
            tuple((x + sign * px * size // CANVAS, y + py * size // CANVAS) for px, py in shape.points),
            shape.fill,
            shape.alpha,
        )
        for shape in shapes
    )


def mix(colour: Colour, other: Colour, percent: int) -> Colour:
    """Return `colour` moved towards `other`."""
    red, green, blue = ((a * (100 - percent) + b * percent) // 100 for a, b in zip(colour, other, strict=True))
    return red, green, blue
