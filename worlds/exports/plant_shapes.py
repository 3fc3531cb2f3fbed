"""Shapes of single trees, bushes, reeds and boulders, near and from afar. Where they grow is said in plants.py."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from worldloom.worlds.noise import hashed

from .finishes import LOOKS, plain, solid, timber
from .palette import Colour
from .solids import Finish, Point, Solid, Surface, circle, joined, paint

Floats = NDArray[np.float64]
Parts = dict[str, Surface]

_BARK, _BIRCH, _PINE_BARK = timber(96, 76, 58), timber(224, 220, 208), timber(142, 96, 70)


class Blob(NamedTuple):
    """A round crown: its middle, half its width and half its height in metres, sRGB colour in the light."""

    x: float
    up: float
    z: float
    wide: float
    tall: float
    colour: Colour


def _ball(times: int) -> tuple[Floats, NDArray[np.uint32]]:
    """Return an octahedron whose faces were split in four `times` times, blown up to a ball: points, triangles."""
    points = [(0.0, 1.0, 0.0), (1.0, 0.0, 0.0), (0.0, 0.0, -1.0), (-1.0, 0.0, 0.0), (0.0, 0.0, 1.0), (0.0, -1.0, 0.0)]
    faces = [(0, 1, 2), (0, 2, 3), (0, 3, 4), (0, 4, 1), (5, 2, 1), (5, 3, 2), (5, 4, 3), (5, 1, 4)]
    for _ in range(times):
        middles: dict[tuple[int, int], int] = {}

        def middle(a: int, b: int, middles: dict[tuple[int, int], int] = middles) -> int:
            key = (min(a, b), max(a, b))
            if key not in middles:
                x, y, z = ((points[a][i] + points[b][i]) / 2 for i in range(3))
                length = (x * x + y * y + z * z) ** 0.5
                points.append((x / length, y / length, z / length))
                middles[key] = len(points) - 1
            return middles[key]

        split = [(a, b, c, middle(a, b), middle(b, c), middle(c, a)) for a, b, c in faces]
        faces = [
            face for a, b, c, ab, bc, ca in split for face in ((a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca))
        ]
    return np.array(points), np.array(faces, np.uint32)


def crown(blob: Blob, salt: int, look: str, times: int = 2) -> Surface:
    """Return a bumpy ball, dark below and light above; its texture is laid on from the side that each point faces."""
    ball, faces = _ball(times)
    bump = (hashed(salt, np.arange(len(ball))) >> np.uint64(56)).astype(np.float64) / 256
    shape = ball * (0.8 + 0.34 * bump)[:, None]
    # The underside is flatter: crowns are domes.
    shape[:, 1] = np.where(shape[:, 1] < 0, shape[:, 1] * 0.62, shape[:, 1])
    points = shape * (blob.wide, blob.tall, blob.wide) + (blob.x, blob.up, blob.z)
    normals = ball * (1, 1.15, 1) + (0, 0.25, 0)
    normals /= np.sqrt((normals * normals).sum(1, keepdims=True))
    light = np.clip(0.86 + 0.26 * ball[:, 1] + 0.2 * bump, 0.5, 1.25)
    colours = np.clip(np.array(blob.colour) * light[:, None], 0, 255).astype(np.uint8)
    whole = Surface(np.round(points, 3).astype(np.float32), normals.astype(np.float32), faces.ravel(), paint(colours))
    return _wrapped(whole, faces, ball, LOOKS[look].metres)


def _wrapped(whole: Surface, faces: NDArray[np.uint32], ball: Floats, metres: float) -> Surface:
    """Return a ball with texture laid on each face along the axis that it faces most: no face is stretched."""
    facing = np.argmax(abs(ball[faces].mean(1)), axis=1)
    parts = []
    assert whole.colours is not None
    for axis, (across, down) in enumerate(((2, 1), (0, 2), (0, 1))):
        used, indices = np.unique(faces[facing == axis], return_inverse=True)
        points = whole.points[used]
        texture = np.round(points[:, [across, down]].astype(np.float64) / metres, 3).astype(np.float32)
        parts.append(
            Surface(points, whole.normals[used], indices.astype(np.uint32).ravel(), whole.colours[used], texture)
        )
    return joined(parts)


def _tree(trunk: Solid, crowns: Sequence[Surface]) -> Parts:
    return {**trunk.parts(), "leaves": joined(crowns)}


def _trunk(finish: Finish, tall: float, foot: float, branches: Sequence[tuple[float, float, float]] = ()) -> Solid:
    stem = solid()
    stem.turned(
        (0.0, -0.6, 0.0), [(foot * 1.5, 0), (foot, 0.9), (foot * 0.7, tall * 0.6), (foot * 0.45, tall)], 6, finish
    )
    for x, up, z in branches:
        stem.beam((0.0, tall * 0.45, 0.0), (x, up, z), foot * 0.7, finish)
    return stem


def _broadleaf() -> Parts:
    green: Colour = (120, 160, 74)
    blobs = (
        Blob(0, 4.4, 0, 1.9, 1.8, green),
        Blob(1.2, 3.6, 0.5, 1.35, 1.2, (108, 150, 70)),
        Blob(-1.0, 3.8, -0.7, 1.45, 1.3, (132, 170, 82)),
        Blob(0.1, 3.3, 1.2, 1.2, 1.0, (112, 152, 70)),
    )
    stem = _trunk(_BARK, 3.8, 0.22, ((1.0, 3.4, 0.4), (-0.9, 3.5, -0.5)))
    return _tree(stem, [crown(blob, 300 + n, "leaves") for n, blob in enumerate(blobs)])


def _oak() -> Parts:
    blobs = (
        Blob(0, 4.2, 0, 2.3, 1.7, (100, 138, 66)),
        Blob(1.7, 3.6, -0.7, 1.6, 1.2, (92, 130, 62)),
        Blob(-1.5, 3.4, 0.9, 1.7, 1.25, (110, 148, 72)),
        Blob(-0.4, 3.2, -1.6, 1.4, 1.0, (90, 126, 60)),
        Blob(0.9, 3.1, 1.5, 1.35, 1.0, (104, 140, 68)),
    )
    stem = _trunk(_BARK, 3.4, 0.34, ((1.5, 3.3, -0.6), (-1.3, 3.2, 0.8), (0.7, 3.0, 1.2)))
    return _tree(stem, [crown(blob, 320 + n, "leaves") for n, blob in enumerate(blobs)])


def _birch() -> Parts:
    blobs = (
        Blob(0, 5.4, 0, 1.0, 1.5, (160, 184, 92)),
        Blob(0.5, 4.2, 0.2, 1.05, 1.2, (148, 174, 86)),
        Blob(-0.4, 3.6, -0.3, 1.0, 1.05, (154, 178, 92)),
    )
    return _tree(_trunk(_BIRCH, 5.4, 0.14), [crown(blob, 340 + n, "leaves") for n, blob in enumerate(blobs)])


def _pine() -> Parts:
    """A pine of the coast: bare stem, flat crowns bent from the wind."""
    blobs = (
        Blob(0.5, 5.6, 0.1, 1.8, 0.75, (88, 124, 78)),
        Blob(-0.6, 4.8, 0.5, 1.3, 0.6, (80, 116, 74)),
        Blob(1.3, 4.6, -0.5, 1.2, 0.55, (94, 130, 80)),
    )
    stem = solid()
    stem.beam((0.0, -0.6, 0.0), (0.15, 2.6, 0.0), 0.3, _PINE_BARK)
    stem.beam((0.15, 2.5, 0.0), (0.5, 5.5, 0.1), 0.22, _PINE_BARK)
    stem.beam((0.3, 3.8, 0.0), (1.2, 4.5, -0.4), 0.14, _PINE_BARK)
    stem.beam((0.35, 4.0, 0.0), (-0.5, 4.7, 0.4), 0.14, _PINE_BARK)
    return _tree(stem, [crown(blob, 360 + n, "needles") for n, blob in enumerate(blobs)])


def _skirts(layers: Sequence[tuple[float, float, float, Colour]], sides: int, salt: int) -> Solid:
    """Cones over each other with ragged rims: (foot's height, radius, height of the cone, colour)."""
    out = solid()
    for layer, (up, radius, tall, colour) in enumerate(layers):
        rim = [
            (
                radius * a * (0.86 + 0.028 * _bit(salt, layer, i)),
                up - 0.04 * _bit(salt + 1, layer, i),
                -radius * b * (0.86 + 0.028 * _bit(salt, layer, i)),
            )
            for i, (a, b) in enumerate(circle(sides))
        ]
        apex, under = (0.0, up + tall, 0.0), (0.0, up + tall * 0.3, 0.0)
        dark: Colour = (colour[0] * 3 // 5, colour[1] * 3 // 5, colour[2] * 3 // 5)
        for i in range(sides):
            j = (i + 1) % sides
            out.polygon((rim[i], rim[j], apex), Finish("needles", colour))
            out.polygon((rim[j], rim[i], under), plain(dark))
    return out


def _bit(salt: int, *keys: int) -> int:
    return int(hashed(salt, *keys)[0] >> np.uint64(61))


def _spruce() -> Parts:
    layers = (
        (0.9, 2.0, 2.4, (70, 112, 80)),
        (2.1, 1.65, 2.2, (74, 118, 84)),
        (3.3, 1.25, 2.0, (80, 126, 90)),
        (4.4, 0.85, 1.9, (88, 134, 96)),
    )
    tree = _skirts(layers, 9, 380)
    tree.turned((0.0, -0.6, 0.0), [(0.26, 0), (0.16, 2.4)], 6, _BARK)
    return tree.parts()


def _larch() -> Parts:
    layers = ((1.3, 1.5, 2.2, (150, 160, 86)), (2.7, 1.2, 2.2, (158, 166, 90)), (4.2, 0.8, 2.3, (166, 172, 96)))
    tree = _skirts(layers, 8, 390)
    tree.turned((0.0, -0.6, 0.0), [(0.22, 0), (0.13, 2.6)], 6, _PINE_BARK)
    return tree.parts()


def _bush() -> Parts:
    blobs = (Blob(0, 0.35, 0, 0.95, 0.8, (128, 158, 82)), Blob(0.7, 0.25, 0.3, 0.65, 0.55, (140, 168, 90)))
    return {"leaves": joined([crown(blob, 400 + n, "leaves", 1) for n, blob in enumerate(blobs)])}


def _gorse() -> Parts:
    blobs = (
        Blob(0, 0.35, 0, 0.8, 0.75, (116, 134, 70)),
        Blob(0.45, 0.75, 0.1, 0.45, 0.4, (232, 196, 70)),
        Blob(-0.4, 0.6, 0.3, 0.4, 0.36, (226, 184, 62)),
    )
    return {"leaves": joined([crown(blob, 410 + n, "leaves", 1) for n, blob in enumerate(blobs)])}


def _blades(stems: Sequence[tuple[float, float, float, Colour]], lean: float, wide: float) -> Solid:
    """Flat blades, each seen from both sides: (x, z, height, colour)."""
    out = Solid()
    for n, (x, z, tall, colour) in enumerate(stems):
        dx, dz = circle(8)[n * 3 % 8]
        tip = (x + dx * lean * tall, tall, z + dz * lean * tall)
        foot = ((x - dz * wide, -0.15, z + dx * wide), (x + dz * wide, -0.15, z - dx * wide))
        out.polygon((*foot, tip), colour)
        out.polygon((foot[1], foot[0], tip), colour)
    return out


def _reeds() -> Parts:
    spots = [
        (0.55 * a * (0.3 + 0.1 * (n * 5 % 8)), 0.55 * b * (0.3 + 0.1 * (n * 3 % 8)))
        for n, (a, b) in enumerate(circle(12))
    ]
    stems = [
        (x, z, 1.2 + 0.12 * (n * 7 % 6), (150 + n % 3 * 10, 158 + n % 4 * 6, 92)) for n, (x, z) in enumerate(spots)
    ]
    tuft = _blades(stems, 0.16, 0.06)
    for n in range(0, 12, 3):
        x, z, tall, _ = stems[n]
        tuft.turned((x, tall * 0.85, z), [(0.0, -0.05), (0.06, 0.0), (0.06, 0.3), (0.0, 0.36)], 4, (116, 82, 54))
    return tuft.parts()


def _grass() -> Parts:
    stems = [
        (
            0.4 * a * (0.2 + 0.12 * (n * 5 % 7)),
            0.4 * b * (0.2 + 0.12 * (n * 3 % 7)),
            0.35 + 0.06 * (n * 7 % 5),
            (168, 178, 104),
        )
        for n, (a, b) in enumerate(circle(10))
    ]
    return _blades(stems, 0.3, 0.05).parts()


def _boulder() -> Parts:
    blobs = (Blob(0, 0.1, 0, 1.05, 0.85, (178, 172, 162)), Blob(1.0, -0.05, 0.5, 0.6, 0.5, (160, 155, 148)))
    return {"rock": joined([crown(blob, 430 + n, "rock", 1) for n, blob in enumerate(blobs)])}


def far_cone() -> Surface:
    """A conifer from afar: five points and a tip."""
    return _dome(((0.6, 1.75),), 5, 6.6, (72, 112, 80))


def far_blob() -> Surface:
    """A broadleaf tree from afar: twelve points and a top."""
    return _dome(((1.3, 1.2), (3.0, 2.25), (4.8, 1.4)), 4, 5.6, (112, 150, 74))


def _dome(rings: Sequence[tuple[float, float]], sides: int, top: float, colour: Colour) -> Surface:
    """Rings of points (height, radius) under a top, open below, shaded round."""
    points: list[Point] = []
    normals: list[Point] = []
    faces: list[tuple[int, int, int]] = []
    for number, (up, radius) in enumerate(rings):
        # Every other ring is turned by half a side: the outline is rounder than its points are many.
        for a, b in circle(2 * sides)[number % 2 :: 2]:
            points.append((radius * a, up, -radius * b))
            length = (1 + 0.35 * 0.35) ** 0.5
            normals.append((a / length, 0.35 / length, -b / length))
    points.append((0.0, top, 0.0))
    normals.append((0.0, 1.0, 0.0))
    for ring in range(len(rings)):
        for i in range(sides):
            low, following = ring * sides + i, ring * sides + (i + 1) % sides
            if ring + 1 < len(rings):
                # Points above stand half a side on after an even ring, half a side back after an odd one.
                over, beyond = (low, following) if ring % 2 == 0 else (following, low - i + (i + 2) % sides)
                faces += [(low, following, over + sides), (following, beyond + sides, over + sides)]
            else:
                faces.append((low, following, len(points) - 1))
    tops = np.array([up for _, up, _ in points]) / top
    colours = np.clip(np.array(colour) * (0.72 + 0.4 * tops)[:, None], 0, 255).astype(np.uint8)
    return Surface(
        np.array(points, np.float32), np.array(normals, np.float32), np.array(faces, np.uint32).ravel(), paint(colours)
    )


class Species(NamedTuple):
    """A kind of plant: its name, how it looks near, and what stands for it from afar (none: it is not seen)."""

    name: str
    near: Callable[[], Parts]
    far: Callable[[], Surface] | None = None


SPECIES = (
    Species("broadleaf tree", _broadleaf, far_blob),
    Species("oak", _oak, far_blob),
    Species("spruce", _spruce, far_cone),
    Species("bush", _bush),
    Species("reeds", _reeds),
    Species("boulder", _boulder),
    Species("birch", _birch, far_blob),
    Species("pine", _pine, far_blob),
    Species("larch", _larch, far_cone),
    Species("gorse", _gorse),
    Species("grass", _grass),
)
