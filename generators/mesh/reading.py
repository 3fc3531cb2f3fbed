"""Reads a program back: does it keep to what was asked? Milliseconds, no model. Not a judge of beauty."""

from __future__ import annotations

from functools import cache

from worldloom.generators.sequence.draws import Draws

from .source import build
from .vocabulary import BINS, COLOURS, KINDS, MATERIALS, SHAPES, SIZES, Program

_PER_CELL = 16
"""Reference programs of each kind and size that the reader compares with."""
_HIGHEST_FOOT = 4
"""Bins between the ground and a prop that still counts as standing."""
_STRAY = 4
"""Bins by which a prop may be wider than its grid."""

Features = tuple[int, ...]


def complaint(program: Program) -> str:
    """Return what is wrong with a program as an answer to its own header, or nothing."""
    materials = {part.material for part in program.primitives}
    if program.colour not in materials:
        return f"nothing of the {program.kind} is {program.colour}"
    if min(part.y for part in program.primitives) > _HIGHEST_FOOT:
        return f"the {program.kind} hovers"
    reach = max(max(abs(part.x) + part.a // 2, abs(part.z) + part.c // 2) for part in program.primitives)
    if reach > BINS // 2 + _STRAY:
        return f"the {program.kind} leaves its grid"
    seen = recognise(program)
    if seen[0] != program.kind:
        return f"the {program.kind} looks like a {seen[0]}"
    return ""


def recognise(program: Program) -> tuple[str, str]:
    """Return the kind and size whose reference programs are nearest; size is told by extents alone."""
    own = features(program)
    best = min(_references(), key=lambda row: (_distance(own, row[0]), row[1:]))
    return best[1], best[2]


def features(program: Program) -> Features:
    """Return counts of shapes and materials (weighted) and the overall width, height, depth in bins."""
    parts = program.primitives
    shapes = tuple(12 * sum(part.shape == word for part in parts) for word in SHAPES)
    materials = tuple(4 * sum(part.material == word for part in parts) for word in MATERIALS)
    paint = 4 * sum(part.material in COLOURS for part in parts)
    width = max(abs(part.x) + part.a // 2 for part in parts) * 2
    depth = max(abs(part.z) + part.c // 2 for part in parts) * 2
    height = max(part.y + part.b for part in parts)
    return (*shapes, *materials, paint, width, height, depth)


def _distance(one: Features, other: Features) -> int:
    return sum(abs(a - b) for a, b in zip(one, other, strict=True))


@cache
def _references() -> tuple[tuple[Features, str, str], ...]:
    return tuple(
        (
            features(build(kind, COLOURS[number % len(COLOURS)], size, Draws("reader", kind, size, number))),
            kind,
            size,
        )
        for kind in KINDS
        for size in SIZES
        for number in range(_PER_CELL)
    )
