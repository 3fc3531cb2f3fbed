"""A picture of a GLB without a graphics card: a small rasteriser in numpy, for looking at what was exported.

Sun with shadows, sky light, fog, soft edges by drawing larger and shrinking. trimesh reads the file, so the exporter's
own code has no say in what is seen. Faces seen from behind stay black on purpose: they show what is turned inside out.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Floats = NDArray[np.float64]

_SKY_LOW, _SKY_HIGH = np.array((0.80, 0.88, 0.95)), np.array((0.33, 0.55, 0.82))
_PIECE = 4_000_000
_NEAR = 0.05
_HIDDEN = 0.4
"""Nothing shines through here: what is less opaque than this is left out, the rest is solid."""


@dataclass(frozen=True)
class Triangles:
    """Corners [n, 3, 3], normals [n, 3, 3], linear colours [n, 3, 3]; pictures by triangle with their coordinates."""

    corners: Floats
    normals: Floats
    colours: Floats
    texture: Floats
    picture: NDArray[np.int64]
    pictures: tuple[Floats, ...]


@dataclass(frozen=True)
class Camera:
    """Where one looks from and at, in glTF metres, and the vertical field of view in degrees."""

    eye: tuple[float, float, float]
    target: tuple[float, float, float]
    view: float = 42.0

    @property
    def sun(self) -> Floats:
        """Where the light comes from: from behind one's left shoulder, so that both views are bright."""
        away = np.array(self.eye) - np.array(self.target)
        away[1] = 0
        away /= np.linalg.norm(away)
        left = np.array((-away[2], 0.0, away[0]))
        light: Floats = away * 0.42 + left * 0.6 + (0.0, 0.72, 0.0)
        return light / np.linalg.norm(light)


def load(data: bytes) -> Triangles:
    """Read a GLB with trimesh, all transforms applied."""
    import trimesh  # noqa: PLC0415

    scene = trimesh.load(io.BytesIO(data), file_type="glb", force="scene", process=False)
    pictures: list[Floats] = []
    parts = []
    for node in scene.graph.nodes_geometry:
        if node.startswith("light of "):
            continue  # lit windows: it is day here
        matrix, name = scene.graph[node]
        mesh = scene.geometry[name]
        normals = np.array(mesh.vertex_normals) @ np.linalg.inv(matrix[:3, :3])
        points = np.array(mesh.vertices) @ matrix[:3, :3].T + matrix[:3, 3]
        colours, texture, picture = _look(mesh, pictures)
        faces = np.array(mesh.faces)
        faces = faces[_clear(mesh)[faces].mean(1) > _HIDDEN]
        number = np.full(len(faces), picture)
        parts.append((points[faces], normals[faces], colours[faces], texture[faces], number))
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    return Triangles(*columns, tuple(pictures))


def _clear(mesh: object) -> Floats:
    """Return how opaque a mesh's vertices are, from 0 to 1: roads fade at their edges, water at the shore."""
    given = mesh.visual.vertex_attributes.get("color") if hasattr(mesh.visual, "vertex_attributes") else None
    if given is None or given.shape[1] < 4:
        return np.ones(len(mesh.vertices))
    return given[:, 3].astype(np.float64) / np.iinfo(given.dtype).max if given.dtype.kind == "u" else given[:, 3]


def _look(mesh: object, pictures: list[Floats]) -> tuple[Floats, Floats, int]:
    """Return linear vertex colours, texture coordinates and the picture's number (-1: none) of a trimesh mesh."""
    count = len(mesh.vertices)
    texture, picture = np.zeros((count, 2)), -1
    material = getattr(mesh.visual, "material", None)
    factor = getattr(material, "baseColorFactor", None)
    base = np.ones(3) if factor is None else np.array(factor, np.float64)[:3] / 255
    colours = np.tile(base, (count, 1))
    given = mesh.visual.vertex_attributes.get("color") if hasattr(mesh.visual, "vertex_attributes") else None
    if given is None and mesh.visual.kind == "vertex":
        given = mesh.visual.vertex_colors
    if given is not None:
        scale = 65535 if given.dtype == np.uint16 else 255 if given.dtype == np.uint8 else 1
        colours = colours * given[:, :3].astype(np.float64) / scale
    image = getattr(material, "baseColorTexture", None)
    if image is not None:
        flat = Image.new("RGB", image.size, "white")
        flat.paste(image, mask=image.convert("RGBA").getchannel("A"))
        picture = len(pictures)
        pictures.append((np.asarray(flat) / 255.0) ** 2.2)
        texture = np.array(mesh.visual.uv)
    return colours, texture, picture


def floor(up: float, middle: Floats, reach: float) -> Triangles:
    """Return a plain square to stand something on, in pieces so that none reaches behind the camera."""
    line = np.linspace(-reach, reach, 33)
    x, z = np.meshgrid(line + middle[0], line + middle[2])
    grid = np.stack([x, np.full_like(x, up), z], axis=-1)
    nw, ne, sw, se = grid[:-1, :-1], grid[:-1, 1:], grid[1:, :-1], grid[1:, 1:]
    corners = np.concatenate([np.stack(three, axis=2).reshape(-1, 3, 3) for three in ((nw, sw, se), (nw, se, ne))])
    normals = np.zeros_like(corners)
    normals[..., 1] = 1
    colours = np.full_like(corners, 0.55) * (1.0, 0.96, 0.88)
    count = len(corners)
    return Triangles(corners, normals, colours, np.zeros((count, 3, 2)), np.full(count, -1), ())


def joined(one: Triangles, other: Triangles) -> Triangles:
    """Return both; pictures come from the first."""
    return Triangles(
        np.concatenate([one.corners, other.corners]),
        np.concatenate([one.normals, other.normals]),
        np.concatenate([one.colours, other.colours]),
        np.concatenate([one.texture, other.texture]),
        np.concatenate([one.picture, other.picture]),
        one.pictures,
    )


def _matrix(camera: Camera, width: int, height: int) -> Floats:
    """Rows give x and y in pixels times depth, and depth."""
    eye = np.array(camera.eye, np.float64)
    ahead = np.array(camera.target) - eye
    ahead /= np.linalg.norm(ahead)
    right = np.cross(ahead, (0.0, 1.0, 0.0))
    right /= np.linalg.norm(right)
    up = np.cross(right, ahead)
    focal = height / 2 / np.tan(np.radians(camera.view) / 2)
    rows = np.stack([focal * right + width / 2 * ahead, -focal * up + height / 2 * ahead, ahead])
    return np.hstack([rows, -(rows @ eye)[:, None]])


def _draw(screen: Floats, depth: Floats, size: tuple[int, int]) -> tuple[NDArray[np.int64], Floats]:
    """Rasterise triangles [n, 3, 2] with depths [n, 3], larger being nearer: per pixel triangle (-1: none), weights."""
    width, height = size
    nearest = np.full(width * height, -np.inf)
    owner = np.full(width * height, -1, np.int64)
    weights = np.zeros((width * height, 3))
    low = np.clip(np.ceil(screen.min(1) - 0.5), 0, (width, height)).astype(np.int64)
    high = np.clip(np.floor(screen.max(1) - 0.5) + 1, 0, (width, height)).astype(np.int64)
    spans = np.maximum(high - low, 0)
    area = spans[:, 0] * spans[:, 1]
    order = np.flatnonzero(area > 0)
    ends = np.cumsum(area[order])
    start = 0
    while start < len(order):
        before = ends[start - 1] if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, before + _PIECE, "right")))
        rows = order[start:stop]
        start = stop
        which = np.repeat(rows, area[rows])
        offset = np.arange(len(which)) - np.repeat(np.cumsum(area[rows]) - area[rows], area[rows])
        x = low[which, 0] + offset % spans[which, 0]
        y = low[which, 1] + offset // spans[which, 0]
        inside, share = _weights(screen[which], x + 0.5, y + 0.5)
        which, pixel, share = which[inside], (y * width + x)[inside], share[inside]
        near = (share * depth[which]).sum(1)
        win = near > nearest[pixel]
        which, pixel, share, near = which[win], pixel[win], share[win], near[win]
        sort = np.lexsort((near, pixel))
        last = np.append(pixel[sort][1:] != pixel[sort][:-1], True) if len(sort) else np.zeros(0, np.bool_)
        best = sort[last]
        nearest[pixel[best]], owner[pixel[best]], weights[pixel[best]] = near[best], which[best], share[best]
    return owner, weights


def _weights(corner: Floats, x: Floats, y: Floats) -> tuple[NDArray[np.bool_], Floats]:
    (ax, ay), (bx, by), (cx, cy) = (corner[:, i].T for i in range(3))
    whole = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
    safe = np.where(whole == 0, 1, whole)
    one = ((bx - x) * (cy - y) - (by - y) * (cx - x)) / safe
    two = ((cx - x) * (ay - y) - (cy - y) * (ax - x)) / safe
    three = 1 - one - two
    inside = (whole != 0) & (one >= 0) & (two >= 0) & (three >= 0)
    return inside, np.stack([one, two, three], axis=-1)


class _Shadow:
    """What the sun sees: depth along its rays over a square of the ground."""

    def __init__(self, triangles: Triangles, sun: Floats, middle: Floats, reach: float, size: int = 2048) -> None:
        right = np.cross((0.0, 1.0, 0.0), sun)
        right /= np.linalg.norm(right)
        up = np.cross(sun, right)
        self._axes, self._size = np.stack([right, up, sun]), size
        self._middle, self._scale, self._bias = middle, size / (2 * reach), reach / 600
        seen = (triangles.corners - middle) @ self._axes.T
        screen = seen[..., :2] * self._scale + size / 2
        near = ((screen > -size) & (screen < 2 * size)).all((1, 2))
        owner, weights = _draw(screen[near], seen[near][..., 2], (size, size))
        depth = (weights * seen[near][owner][..., 2]).sum(1)
        self._depth = np.where(owner >= 0, depth, -np.inf)

    def lit(self, points: Floats) -> Floats:
        seen = (points - self._middle) @ self._axes.T
        total = np.zeros(len(points))
        for dx, dy in ((0, 0), (0.7, 0.2), (-0.7, -0.2), (0.2, -0.7), (-0.2, 0.7)):
            at = np.floor(seen[:, :2] * self._scale + self._size / 2 + (dx, dy)).astype(np.int64)
            inside = ((at >= 0) & (at < self._size)).all(1)
            cell = np.where(inside, at[:, 1] * self._size + at[:, 0], 0)
            total += ~inside | (self._depth[cell] - seen[:, 2] < self._bias)
        return total / 5


def render(
    triangles: Triangles, camera: Camera, size: tuple[int, int], *, smooth: int = 2, fog: float = 2500.0
) -> Image.Image:
    """Return the picture; `smooth` is how much larger it is drawn, `fog` the distance in metres that hides 63 %."""
    width, height = size[0] * smooth, size[1] * smooth
    matrix = _matrix(camera, width, height)
    seen = triangles.corners @ matrix[:, :3].T + matrix[:, 3]
    kept = np.flatnonzero((seen[..., 2] > _NEAR).all(1))
    seen = seen[kept]
    screen = seen[..., :2] / seen[..., 2:]
    on = ((screen.max(1) > 0) & (screen.min(1) < (width, height))).all(1)
    kept, seen, screen = kept[on], seen[on], screen[on]
    owner, weights = _draw(screen, 1 / seen[..., 2], (width, height))
    hit = np.flatnonzero(owner >= 0)
    which = owner[hit]
    share = weights[hit] / seen[which][..., 2]
    share /= share.sum(1, keepdims=True)
    far = 1 / (weights[hit] / seen[which][..., 2]).sum(1)
    light = _sky(width, height)
    light[hit] = _shade(triangles, kept[which], share, far, camera, fog)
    picture = np.clip(light, 0, 1) ** (1 / 2.2)
    image = Image.fromarray((picture.reshape(height, width, 3) * 255 + 0.5).astype(np.uint8))
    return image.resize(size, Image.Resampling.LANCZOS)


def _sky(width: int, height: int) -> Floats:
    share = np.linspace(1, 0, height)[:, None]
    column = (_SKY_LOW * (1 - share) + _SKY_HIGH * share) ** 2.2
    return np.repeat(column, width, axis=0)


def _shade(
    triangles: Triangles, rows: NDArray[np.int64], share: Floats, far: Floats, camera: Camera, fog: float
) -> Floats:
    def mix(column: Floats) -> Floats:
        return (column[rows] * share[..., None]).sum(1)

    points, normals, colours = mix(triangles.corners), mix(triangles.normals), mix(triangles.colours)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
    for number, picture in enumerate(triangles.pictures):
        at = triangles.picture[rows] == number
        if at.any():
            spots = mix(triangles.texture)[at]
            u, v = np.moveaxis(np.where((spots < 0) | (spots > 1), spots - np.floor(spots), spots), 1, 0)
            y = ((1 - v) * (picture.shape[0] - 1)).astype(np.int64)
            x = (u * (picture.shape[1] - 1)).astype(np.int64)
            colours[at] *= picture[y, x]
    middle = np.array(camera.target)
    reach = min(float(np.linalg.norm(middle - np.array(camera.eye))) * 1.1 + 2, 240.0)
    lit = _Shadow(triangles, camera.sun, middle, reach).lit(points)
    sun = np.clip(normals @ camera.sun, 0, 1) * lit
    sky = 0.5 + 0.5 * normals[:, 1]
    light = colours * (sun[:, None] * (1.25, 1.16, 0.98) + sky[:, None] * (0.34, 0.41, 0.5) + 0.06)
    edges = triangles.corners[rows]
    faces = np.cross(edges[:, 1] - edges[:, 0], edges[:, 2] - edges[:, 0])
    behind = (faces * (np.array(camera.eye) - points)).sum(1) < 0
    light[behind] = 0.0
    mist = 1 - np.exp(-far / fog)
    haze = _SKY_LOW**2.2
    return light * (1 - mist[:, None]) + haze * mist[:, None]
