"""Solids out of flat polygons: boxes, prisms, turned shapes. Metres, Y up; nothing about houses or trees."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .palette import Colour, linear

Point = tuple[float, float, float]


Spot = tuple[float, float]


class Finish(NamedTuple):
    """What a polygon is covered with: the name of a look (finishes.py) and the sRGB colour that tints it."""

    look: str
    colour: Colour


class Laying(NamedTuple):
    """How a look's texture lies on flat polygons: metres a tile, whether its grain follows the longest edge, and
    whether it has a texture of normals beside it, which needs tangents.
    """

    metres: float
    along: bool = False
    raised: bool = False


@dataclass(frozen=True, eq=False)
class Surface:
    """Triangles: points and normals float32[n, 3], indices uint32[3 m]; linear colours and texture[n, 2] or none.

    Colours are [n, 4], uint8 or uint16, opaque where their fourth is the greatest. Tangents float32[n, 4], with the
    sign of the bitangent as their fourth, are for textures of normals.
    """

    points: NDArray[np.float32]
    normals: NDArray[np.float32]
    indices: NDArray[np.uint32]
    colours: NDArray[np.uint8] | NDArray[np.uint16] | None = None
    texture: NDArray[np.float32] | None = None
    tangents: NDArray[np.float32] | None = None


def tangents_of(normals: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the tangents of normals[n, 3] where a texture lies as on a map: its right is east."""
    out = np.zeros((len(normals), 4))
    out[:, :3] = (1.0, 0.0, 0.0) - normals * normals[:, :1].astype(np.float64)
    out[:, :3] /= np.sqrt((out[:, :3] * out[:, :3]).sum(1, keepdims=True))
    out[:, 3] = 1.0
    return out.astype(np.float32)


def paint(colours: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return sRGB bytes[n, 3] as opaque linear colours for vertices."""
    out = np.full((len(colours), 4), 255, np.uint8)
    out[:, :3] = np.round(linear(colours) * 255)
    return out


def joined(surfaces: Sequence[Surface]) -> Surface:
    """Return painted surfaces as one; all or none have texture coordinates."""
    starts = np.cumsum([0] + [len(surface.points) for surface in surfaces[:-1]])
    return Surface(
        np.concatenate([surface.points for surface in surfaces]),
        np.concatenate([surface.normals for surface in surfaces]),
        np.concatenate([surface.indices + np.uint32(at) for surface, at in zip(surfaces, starts, strict=True)]),
        np.concatenate([surface.colours for surface in surfaces if surface.colours is not None]),
        None if surfaces[0].texture is None else np.concatenate([s.texture for s in surfaces if s.texture is not None]),
    )


class _Part:
    """The polygons of one look."""

    def __init__(self) -> None:
        self.points: list[Point] = []
        self.normals: list[Point] = []
        self.colours: list[Colour] = []
        self.texture: list[Spot] = []
        self.across: list[Point] = []
        self.indices: list[int] = []

    def surface(self, laying: Laying | None) -> Surface:
        return Surface(
            np.round(np.array(self.points, np.float64), 4).astype(np.float32),
            np.array(self.normals, np.float64).astype(np.float32),
            np.array(self.indices, np.uint32),
            paint(np.array(self.colours, np.uint8)),
            np.round(np.array(self.texture, np.float64), 3).astype(np.float32) if laying else None,
            np.array([(*across, 1.0) for across in self.across], np.float32) if laying and laying.raised else None,
        )


class Solid:
    """A shape under construction; every polygon is flat, convex and counterclockwise seen from outside."""

    def __init__(self, layings: Mapping[str, Laying] | None = None) -> None:
        self._layings = layings or {}
        self._parts: dict[str, _Part] = {}

    def polygon(self, corners: Sequence[Point], finish: Finish | Colour, spots: Sequence[Spot] | None = None) -> None:
        """Add one polygon; one without area is left out. `spots` are its corners in the texture, else it is tiled."""
        normal = _normal(corners)
        if normal is None:
            return
        look, colour = finish if isinstance(finish, Finish) else ("plain", finish)
        part = self._parts.setdefault(look, _Part())
        start = len(part.points)
        part.points += corners
        part.normals += [normal] * len(corners)
        part.colours += [colour] * len(corners)
        laying = self._layings.get(look, _ONCE)
        across, laid = _laid(corners, normal, laying)
        part.texture += spots or laid
        part.across += [across] * len(corners)
        for i in range(1, len(corners) - 1):
            part.indices += (start, start + i, start + i + 1)

    def loft(
        self,
        low: Sequence[Point],
        high: Sequence[Point],
        finish: Finish | Colour,
        *,
        bottom: bool = True,
        top: bool = True,
        hidden: int | None = None,
    ) -> None:
        """Add the body between two outlines of equal length, both counterclockwise seen from above.

        The side at the `hidden` edge of the outlines is left out: nobody sees it.
        """
        count = len(low)
        for i in range(count):
            j = (i + 1) % count
            if i != hidden:
                self.polygon((low[i], low[j], high[j], high[i]), finish)
        if top:
            self.polygon(list(high), finish)
        if bottom:
            self.polygon(list(reversed(low)), finish)

    def box(
        self, low: Point, high: Point, finish: Finish | Colour, *, bottom: bool = True, hidden: int | None = None
    ) -> None:
        """Add a box along the axes between two opposite corners; sides count from +z over +x."""
        (x0, y0, z0), (x1, y1, z1) = low, high
        outline = ((x0, z1), (x1, z1), (x1, z0), (x0, z0))
        feet, tops = ([(x, y, z) for x, z in outline] for y in (y0, y1))
        self.loft(feet, tops, finish, bottom=bottom, hidden=hidden)

    def beam(self, start: Point, end: Point, thick: float, finish: Finish | Colour, *, ends: bool = True) -> None:
        """Add a square beam from point to point; without `ends` where both are hidden in something else."""
        along = np.array(end) - np.array(start)
        along /= math.sqrt(float(along @ along))
        side = np.cross(along, (0.0, 1.0, 0.0) if abs(along[1]) < 0.9 else (1.0, 0.0, 0.0))
        side *= thick / 2 / math.sqrt(float(side @ side))
        up = np.cross(along, side)
        rims = [
            [_point(np.array(at) + a * side + b * up) for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
            for at in (start, end)
        ]
        self.loft(rims[0], rims[1], finish, bottom=ends, top=ends)

    def turned(
        self, centre: Point, profile: Sequence[tuple[float, float]], sides: int, finish: Finish | Colour
    ) -> None:
        """Add a body of revolution; the profile is (radius, height above the centre) from bottom to top.

        From five sides on it is shaded round; each band of the profile keeps its edges.
        """
        rings = [
            [(centre[0] + radius * dx, centre[1] + height, centre[2] - radius * dz) for dx, dz in circle(sides)]
            for radius, height in profile
        ]
        for (low, high), ((r0, h0), (r1, h1)) in zip(pairwise(rings), pairwise(profile), strict=True):
            if sides > _ROUND and (r0 or r1):
                self._band((low, high), (r0, r1, h1 - h0), sides, finish)
                continue
            for i in range(sides):
                j = (i + 1) % sides
                self.polygon(_distinct((low[i], low[j], high[j], high[i])), finish)
        if profile[0][0] > 0:
            self.polygon(rings[0][::-1], finish)
        if profile[-1][0] > 0:
            self.polygon(rings[-1], finish)

    def _band(
        self,
        rings: tuple[list[Point], list[Point]],
        shape: tuple[float, float, float],
        sides: int,
        finish: Finish | Colour,
    ) -> None:
        """Add one band of a body of revolution with shared points; shape is (low radius, high radius, height)."""
        look, colour = finish if isinstance(finish, Finish) else ("plain", finish)
        part, metres = self._parts.setdefault(look, _Part()), self._layings.get(look, _ONCE).metres
        (r0, r1, rise), start = shape, len(part.points)
        length = math.sqrt(rise * rise + (r0 - r1) * (r0 - r1))
        if length < 1e-9:
            return
        out, up = rise / length, (r0 - r1) / length
        around = max(1, round(6.2832 * max(r0, r1) / metres))
        for i in range(sides + 1):
            dx, dz = circle(sides)[i % sides]
            flat = math.sqrt(dx * dx + dz * dz)
            long = math.sqrt(out * out * (dx * dx + dz * dz) + up * up)
            normal = (out * dx / long, up / long, -out * dz / long)
            for ring in (0, 1):
                point = rings[ring][i % sides]
                part.points.append(point)
                part.normals.append(normal)
                part.colours.append(colour)
                part.texture.append((around * i / sides, -point[1] / metres))
                part.across.append((-dz / flat, 0.0, -dx / flat))
        for i in range(sides):
            a = start + 2 * i
            part.indices += (a, a + 2, a + 3) if r0 else ()
            part.indices += (a, a + 3, a + 1) if r1 else ()

    def surface(self) -> Surface:
        """Return all that was added as one surface without textures; at least one polygon must have been."""
        return joined([part.surface(None) for part in self._parts.values()])

    def parts(self) -> dict[str, Surface]:
        """Return what was added by look, in the order of their first polygons; `plain` has no texture coordinates."""
        return {look: part.surface(self._layings.get(look)) for look, part in self._parts.items()}


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


_ONCE = Laying(1.0)
_LEVEL = 1 - 1e-9
"""A normal that points up or down by more than this has no direction of its own on the map."""
_ROUND = 4
"""A body of revolution with more sides than this is meant to be round."""


def _laid(corners: Sequence[Point], normal: Point, laying: Laying) -> tuple[Point, list[Spot]]:
    """Return the texture's right on a polygon, and where its corners lie on the tiled texture, upright in the world.

    Level polygons have it as seen on a map; with `along`, the texture's up follows the longest edge.
    """
    across: Point
    if abs(normal[1]) > _LEVEL:
        across = (1.0, 0.0, 0.0)
    else:
        length = math.sqrt(normal[0] * normal[0] + normal[2] * normal[2])
        across = (normal[2] / length, 0.0, -normal[0] / length)
    if laying.along:
        edges = [_minus(b, a) for a, b in zip(corners, (*corners[1:], corners[0]), strict=True)]
        longest = max(edges, key=lambda edge: round(_dot(edge, edge), 6))
        length = math.sqrt(_dot(longest, longest))
        up = (longest[0] / length, longest[1] / length, longest[2] / length)
        across = _cross(up, normal)
    up = _cross(normal, across)
    return across, [(_dot(at, across) / laying.metres, -_dot(at, up) / laying.metres) for at in corners]


def _minus(one: Point, other: Point) -> Point:
    return one[0] - other[0], one[1] - other[1], one[2] - other[2]


def _dot(one: Point, other: Point) -> float:
    return one[0] * other[0] + one[1] * other[1] + one[2] * other[2]


def _cross(one: Point, other: Point) -> Point:
    return (
        one[1] * other[2] - one[2] * other[1],
        one[2] * other[0] - one[0] * other[2],
        one[0] * other[1] - one[1] * other[0],
    )
