"""A small picture of a GLB prop for the report, drawn by numpy. Not a renderer for anything else, and no evidence."""

from __future__ import annotations

import io
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

SIDE = 264
"""Pixels a side of the picture."""
MOST_TRIANGLES = 12_000
_OVER = 2
"""Samples a pixel and direction."""
_YAW, _PITCH = 0.62, 0.42
"""Where one looks from, in radians."""
_LIGHT = np.array([0.42, 0.78, 0.46])
_AMBIENT = 0.46
_FILL = 0.82
"""Share of the picture that the thing fills."""

Floats = NDArray[np.float64]


class Triangles(NamedTuple):
    """Corners float64[n, 3, 3] in metres, Y up, and sRGB colours float64[n, 3] from 0 to 1."""

    corners: Floats
    colours: Floats


def draw_prop(glb: bytes) -> bytes | None:
    """Return a PNG with a clear background, or None where the file has no triangles or too many to draw quickly."""
    found = read_triangles(glb)
    if found is None:
        return None
    image = _shade(found)
    return _png(image)


def read_triangles(glb: bytes) -> Triangles | None:
    """Return all triangles of a GLB in place; None for one that cannot be read, is empty or has too many."""
    import trimesh  # noqa: PLC0415  (heavy)

    try:
        scene: Any = trimesh.load(io.BytesIO(glb), file_type="glb", force="scene")
        meshes = scene.dump()
        corners = [np.asarray(mesh.triangles, np.float64) for mesh in meshes]
        colours = [np.tile(_colour(mesh), (len(part), 1)) for mesh, part in zip(meshes, corners, strict=True)]
    except Exception:  # what a foreign file makes trimesh raise has no common type; such a prop is shown by its name
        return None
    count = sum(map(len, corners))
    if not 0 < count <= MOST_TRIANGLES or not all(np.isfinite(part).all() for part in corners):
        return None
    return Triangles(np.concatenate(corners), np.concatenate(colours))


def _colour(mesh: Any) -> Floats:
    material = getattr(mesh.visual, "material", None)
    factor = getattr(material, "baseColorFactor", None)
    if factor is None:
        return np.array([0.6, 0.6, 0.6])
    linear = np.asarray(factor, np.float64)[:3]
    linear = linear / 255 if linear.max(initial=0) > 1 else linear
    encoded: Floats = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * np.power(linear, 1 / 2.4) - 0.055)
    return encoded


def _shade(found: Triangles) -> Floats:
    """Return RGBA float64[side, side, 4] from 0 to 1, over-sampled."""
    side = SIDE * _OVER
    points = _project(found.corners, side)
    colours = np.clip(found.colours * _lit(found.corners)[:, None], 0, 1)
    depth = np.full((side, side), -np.inf)
    image = np.zeros((side, side, 4))
    for corners, colour in zip(points, colours, strict=True):
        _fill(image, depth, corners, colour)
    return image


def _project(corners: Floats, side: int) -> Floats:
    """Return corners as (column, row, nearness) for a slanted view without perspective."""
    flat = corners.reshape(-1, 3)
    flat = flat - (flat.min(0) + flat.max(0)) / 2
    x = flat[:, 0] * np.cos(_YAW) - flat[:, 2] * np.sin(_YAW)
    z = flat[:, 0] * np.sin(_YAW) + flat[:, 2] * np.cos(_YAW)
    up = flat[:, 1] * np.cos(_PITCH) - z * np.sin(_PITCH)
    near = flat[:, 1] * np.sin(_PITCH) + z * np.cos(_PITCH)
    middle = np.array([(x.min() + x.max()) / 2, (up.min() + up.max()) / 2])
    reach = max(np.ptp(x), np.ptp(up), 1e-9)
    scale = side * _FILL / reach
    columns = np.stack([(x - middle[0]) * scale + side / 2, side / 2 - (up - middle[1]) * scale, near], axis=1)
    placed: Floats = columns.reshape(-1, 3, 3)
    return placed


def _lit(corners: Floats) -> Floats:
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    length = np.linalg.norm(normals, axis=1, keepdims=True)
    normals = np.divide(normals, length, out=np.zeros_like(normals), where=length > 0)
    lit: Floats = _AMBIENT + (1.12 - _AMBIENT) * np.clip(normals @ (_LIGHT / np.linalg.norm(_LIGHT)), 0, 1)
    return lit


def _fill(image: Floats, depth: Floats, corners: Floats, colour: Floats) -> None:
    side = len(depth)
    low = np.clip(np.floor(corners[:, :2].min(0)).astype(int), 0, side - 1)
    high = np.clip(np.ceil(corners[:, :2].max(0)).astype(int), 0, side - 1)
    (ax, ay, az), (bx, by, bz), (cx, cy, cz) = corners
    area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
    if abs(area) < 1e-9:
        return
    x = np.arange(low[0], high[0] + 1)[None, :] + 0.5
    y = np.arange(low[1], high[1] + 1)[:, None] + 0.5
    first = ((bx - x) * (cy - y) - (cx - x) * (by - y)) / area
    second = ((cx - x) * (ay - y) - (ax - x) * (cy - y)) / area
    third = 1 - first - second
    near = first * az + second * bz + third * cz
    window = (slice(low[1], high[1] + 1), slice(low[0], high[0] + 1))
    seen = (first >= -1e-9) & (second >= -1e-9) & (third >= -1e-9) & (near > depth[window])
    depth[window] = np.where(seen, near, depth[window])
    image[window][seen] = [*colour, 1.0]


def _png(image: Floats) -> bytes:
    from PIL import Image  # noqa: PLC0415  (heavy)

    side = SIDE
    blocks = image.reshape(side, _OVER, side, _OVER, 4).mean((1, 3))
    alpha = blocks[..., 3:]
    colour = np.divide(blocks[..., :3], alpha, out=np.zeros((side, side, 3)), where=alpha > 0)
    pixels = np.round(np.concatenate([colour, alpha], axis=2) * 255).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels, "RGBA").save(out, "PNG", optimize=True)
    return out.getvalue()
