"""Short names for shapes, for those who write pictures by hand: the sources. Tokens are in `program`."""

from __future__ import annotations

from .program import Clip, Group, Prim
from .vocabulary import NUMBERS

MIDDLE = 32
"""The mirror axis of every grid."""
At = tuple[int, int]


def _prim(op: str, paint: str, numbers: tuple[int, ...], *, twin: bool = False) -> Prim:
    if not all(0 <= number < NUMBERS for number in numbers):
        raise ValueError(f"{op} {paint} {numbers} leaves the grid")
    return Prim(f"{op}m" if twin else op, paint, numbers)


def oval(paint: str, x: int, y: int, a: int, b: int, *, twin: bool = False) -> Prim:
    """Ellipse of half axes `a`, `b`; `twin`: its mirror image as well."""
    return _prim("O", paint, (x, y, a, b), twin=twin)


def box(paint: str, x: int, y: int, width: int, height: int, *, twin: bool = False) -> Prim:
    """Upright rectangle from its left upper corner."""
    return _prim("R", paint, (x, y, width, height), twin=twin)


def ring(paint: str, x: int, y: int, radius: int, width: int, *, twin: bool = False) -> Prim:
    """Ring of an outer radius; its width in quarters."""
    return _prim("C", paint, (x, y, radius, width), twin=twin)


def poly(paint: str, *points: At, twin: bool = False) -> Prim:
    """Polygon."""
    return _prim(f"P{len(points)}", paint, _flat(points), twin=twin)


def blob(paint: str, *points: At, twin: bool = False) -> Prim:
    """Closed smooth outline; a point given twice is a corner."""
    return _prim(f"S{len(points)}", paint, _flat(points), twin=twin)


def half(paint: str, *points: At) -> Prim:
    """Polygon given by its right half, top to bottom."""
    return _prim(f"H{len(points)}", paint, _flat(points))


def dome(paint: str, *points: At) -> Prim:
    """Closed smooth outline given by its right half, top to bottom."""
    return _prim(f"U{len(points)}", paint, _flat(points))


def line(paint: str, width: int, *points: At, twin: bool = False) -> Prim:
    """Smooth stroke with round ends; its width in quarters of a place."""
    return _prim(f"L{len(points)}", paint, (width, *_flat(points)), twin=twin)


def group(places: tuple[int, ...], *items: Prim) -> Group:
    """Stamp shapes of a grid of their own at one to three places (x, y, size each)."""
    return Group(f"G{len(places) // 3}", places, items)


def pair(x: int, y: int, size: int, *items: Prim) -> Group:
    """Stamp shapes of a grid of their own at a place and mirrored."""
    return Group("GM", (x, y, size), items)


def clip(*items: Prim) -> Clip:
    """Cut shapes to the first of them."""
    return Clip(items)


def _flat(points: tuple[At, ...]) -> tuple[int, ...]:
    return tuple(number for point in points for number in point)
