"""Outlines of shapes as dense polygons, in floats that every processor rounds alike. No paint, no tokens."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from worldloom.generators.image.drawing import oval

Spot = tuple[float, float]
Outline = list[Spot]
_UNIT: Outline = [(x / 4096, y / 4096) for x, y in oval(0, 0, 4096, 4096)]


def ellipse(x: float, y: float, a: float, b: float, skip: int = 1) -> Outline:
    """Return an ellipse as every `skip`th of 48 points."""
    return [(x + a * c, y + b * s) for c, s in _UNIT[::skip]]


def ring(x: float, y: float, radius: float, width: float) -> Outline:
    """Return a ring as one outline, out along its rim and back along the hole."""
    outer, inner = ellipse(x, y, radius, radius), ellipse(x, y, max(radius - width, 0), max(radius - width, 0))
    return [*outer, outer[0], inner[0], *reversed(inner)]


def smooth(points: Sequence[Spot], steps: int) -> Outline:
    """Return the closed quadratic B-spline of control points; a point given twice in a row is a corner."""
    found: Outline = []
    count = len(points)
    for place in range(count):
        before, here, after = points[place - 1], points[place], points[(place + 1) % count]
        found += _bow(_middle(before, here), here, _middle(here, after), steps)
    return found


def stroke(points: Sequence[Spot], width: float, steps: int) -> Outline:
    """Return the outline of a smooth line through control points, as wide everywhere, with round ends."""
    way = _way(points, steps)
    left, right = [], []
    for place, (x, y) in enumerate(way):
        (ax, ay), (bx, by) = way[max(place - 1, 0)], way[min(place + 1, len(way) - 1)]
        dx, dy = bx - ax, by - ay
        length = sqrt(dx * dx + dy * dy) or 1.0
        nx, ny = -dy / length * width / 2, dx / length * width / 2
        left.append((x + nx, y + ny))
        right.append((x - nx, y - ny))
    return [*left, *_cap(left[-1], right[-1]), *reversed(right), *_cap(right[0], left[0])]


def _way(points: Sequence[Spot], steps: int) -> Outline:
    if len(points) == 2:
        return list(points)
    found: Outline = []
    last = len(points) - 2
    for place in range(1, last + 1):
        start = points[0] if place == 1 else _middle(points[place - 1], points[place])
        stop = points[-1] if place == last else _middle(points[place], points[place + 1])
        found += _bow(start, points[place], stop, steps)
    return [*found, points[-1]]


def _cap(start: Spot, stop: Spot) -> Outline:
    """Return a half circle from `start` to `stop`, both left out, turning as a left side goes over to a right one."""
    x, y = _middle(start, stop)
    ax, ay = start[0] - x, start[1] - y
    return [(x + ax * c + ay * s, y + ay * c - ax * s) for c, s in (_UNIT[k] for k in (6, 12, 18))]


def widened(points: Outline, by: float) -> Outline:
    """Return an outline moved outwards along its normals: what an edge in a darker tone shows."""
    area = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, [*points[1:], points[0]], strict=True))
    side = by if area > 0 else -by
    found, kept = [], [point for place, point in enumerate(points) if point != points[place - 1]]
    for place, (x, y) in enumerate(kept):
        (ax, ay), (bx, by_) = kept[place - 1], kept[(place + 1) % len(kept)]
        one, two = _unit(x - ax, y - ay), _unit(bx - x, by_ - y)
        nx, ny = one[1] + two[1], -one[0] - two[0]
        # A mitre no longer than twice the width: sharper corners are cut off.
        scale = side / max((nx * nx + ny * ny) / 2, 0.5)
        found.append((x + nx * scale, y + ny * scale))
    return found


def _unit(dx: float, dy: float) -> Spot:
    length = sqrt(dx * dx + dy * dy) or 1.0
    return dx / length, dy / length


def _middle(one: Spot, other: Spot) -> Spot:
    return (one[0] + other[0]) / 2, (one[1] + other[1]) / 2


def _bow(start: Spot, control: Spot, stop: Spot, steps: int) -> Outline:
    """Return a quadratic Bézier curve, its last point left out."""
    if start == control == stop:
        return [start]
    if control in (start, stop):
        return [start, control] if control != start else [start]
    return [
        tuple(
            (a * (steps - t) * (steps - t) + 2 * b * t * (steps - t) + c * t * t) / (steps * steps)
            for a, b, c in zip(start, control, stop, strict=True)
        )  # type: ignore[misc]
        for t in range(steps)
    ]
