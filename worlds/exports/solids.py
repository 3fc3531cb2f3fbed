"""Coloured solids out of flat polygons: boxes, prisms, turned shapes. Metres, Y up; nothing about houses or trees."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from .palette import Colour, linear

Point = tuple[float, float, float]


@dataclass(frozen=True, eq=False)
class Surface:
    """Triangles: points and normals float32[n, 3], indices uint32[3 m], linear colours uint16[n, 4] or none."""

    points: NDArray[np.float32]
    normals: NDArray[np.float32]
    indices: NDArray[np.uint32]
    colours: NDArray[np.uint16] | None = None
    texture: NDArray[np.float32] | None = None


def paint(colours: NDArray[np.uint8]) -> NDArray[np.uint16]:
    """Return sRGB bytes[n, 3] as opaque linear colours for vertices."""
    out = np.full((len(colours), 4), 65535, np.uint16)
    out[:, :3] = np.round(linear(colours) * 65535)
    return out


def joined(surfaces: Sequence[Surface]) -> Surface:
    """Return painted surfaces as one."""
    starts = np.cumsum([0] + [len(surface.points) for surface in surfaces[:-1]])
    return Surface(
        np.concatenate([surface.points for surface in surfaces]),
        np.concatenate([surface.normals for surface in surfaces]),
        np.concatenate([surface.indices + np.uint32(at) for surface, at in zip(surfaces, starts, strict=True)]),
        np.concatenate([surface.colours for surface in surfaces if surface.colours is not None]),
    )


class Solid:
    """A shape under construction; every polygon is flat, convex and counterclockwise seen from outside."""

    def __init__(self) -> None:
        self._points: list[Point] = []
        self._normals: list[Point] = []
        self._colours: list[Colour] = []
        self._indices: list[int] = []

    def polygon(self, corners: Sequence[Point], colour: Colour) -> None:
        """Add one polygon; one without area is left out."""
        normal = _normal(corners)
        if normal is None:
            return
        start = len(self._points)
        self._points += corners
        self._normals += [normal] * len(corners)
        self._colours += [colour] * len(corners)
        for i in range(1, len(corners) - 1):
            self._indices += (start, start + i, start + i + 1)

    def loft(self, low: Sequence[Point], high: Sequence[Point], colour: Colour, *, bottom: bool = True) -> None:
        """Add the body between two outlines of equal length, both counterclockwise seen from above."""
        count = len(low)
        for i in range(count):
            j = (i + 1) % count
            self.polygon((low[i], low[j], high[j], high[i]), colour)
        self.polygon(list(high), colour)
        if bottom:
            self.polygon(list(reversed(low)), colour)

    def box(self, low: Point, high: Point, colour: Colour, *, bottom: bool = True) -> None:
        """Add a box along the axes between two opposite corners."""
        (x0, y0, z0), (x1, y1, z1) = low, high
        outline = ((x0, z1), (x1, z1), (x1, z0), (x0, z0))
        self.loft([(x, y0, z) for x, z in outline], [(x, y1, z) for x, z in outline], colour, bottom=bottom)

    def beam(self, start: Point, end: Point, thick: float, colour: Colour) -> None:
        """Add a square beam from point to point."""
        along = np.array(end) - np.array(start)
        along /= math.sqrt(float(along @ along))
        side = np.cross(along, (0.0, 1.0, 0.0) if abs(along[1]) < 0.9 else (1.0, 0.0, 0.0))
        side *= thick / 2 / math.sqrt(float(side @ side))
        up = np.cross(side, along)
        ends = [
            [_point(np.array(at) + a * side + b * up) for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
            for at in (start, end)
        ]
        self.loft(ends[0], ends[1], colour)

    def turned(self, centre: Point, profile: Sequence[tuple[float, float]], sides: int, colour: Colour) -> None:
        """Add a body of revolution; the profile is (radius, height above the centre) from bottom to top."""
        rings = [
            [(centre[0] + radius * dx, centre[1] + height, centre[2] - radius * dz) for dx, dz in circle(sides)]
            for radius, height in profile
        ]
        for low, high in pairwise(rings):
            for i in range(sides):
                j = (i + 1) % sides
                self.polygon(_distinct((low[i], low[j], high[j], high[i])), colour)
        if profile[0][0] > 0:
            self.polygon(rings[0][::-1], colour)
        if profile[-1][0] > 0:
            self.polygon(rings[-1], colour)

    def surface(self) -> Surface:
        """Return what was added; at least one polygon must have been."""
        return Surface(
            np.round(np.array(self._points, np.float64), 4).astype(np.float32),
            np.array(self._normals, np.float64).astype(np.float32),
            np.array(self._indices, np.uint32),
            paint(np.array(self._colours, np.uint8)),
        )


def circle(sides: int) -> list[tuple[float, float]]:
    """Return points on the unit circle, counterclockwise; four digits hide the platform's last bit of sine."""
    angles = [2 * math.pi * i / sides for i in range(sides)]
    return [(round(math.cos(angle), 4), round(math.sin(angle), 4)) for angle in angles]


def _point(row: NDArray[np.float64]) -> Point:
    return float(row[0]), float(row[1]), float(row[2])


def _distinct(corners: Sequence[Point]) -> list[Point]:
    return [corner for i, corner in enumerate(corners) if corner != corners[i - 1]]


def _normal(corners: Sequence[Point]) -> Point | None:
    """Return the unit normal by Newell's sum; None for a polygon without area."""
    x = y = z = 0.0
    for (ax, ay, az), (bx, by, bz) in zip(corners, (*corners[1:], corners[0]), strict=True):
        x += (ay - by) * (az + bz)
        y += (az - bz) * (ax + bx)
        z += (ax - bx) * (ay + by)
    length = math.sqrt(x * x + y * y + z * z)
    return None if length < 1e-9 else (x / length, y / length, z / length)
