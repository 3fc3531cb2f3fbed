"""A contact sheet of props for the model card: flat shading, the nearest face drawn last. Not a renderer for worlds."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .glb import triangles
from .materials import LOOKS
from .vocabulary import Program

if TYPE_CHECKING:
    from PIL import Image

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CELL = 96
"""Pixels of a prop's square."""
_OVER = 2
_PIECES, _CUTS = 16, 9
"""No edge is longer than a sixteenth of the prop, as far as nine cuts go."""
_TURN, _TILT = np.radians(32.0), np.radians(24.0)
_LIGHT = np.array((0.35, 0.75, 0.56))
_BACK = (244, 241, 234)


def sheet(programs: Sequence[Program], columns: int = 8) -> bytes:
    """Return a PNG with the programs row by row, each as large as its square allows."""
    from PIL import Image  # noqa: PLC0415  (an extra)

    rows = max(1, -(-len(programs) // columns))
    picture = Image.new("RGB", (columns * CELL, rows * CELL), _BACK)
    for number, program in enumerate(programs):
        picture.paste(_drawn(program), (number % columns * CELL, number // columns * CELL))
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()


def _drawn(program: Program) -> Image.Image:
    from PIL import Image, ImageDraw  # noqa: PLC0415

    side = CELL * _OVER
    image = Image.new("RGB", (side, side), _BACK)
    pen = ImageDraw.Draw(image)
    corners, colours = _faces(program)
    seen, colours = _small(*_towards(corners @ _view().T, colours))
    low, high = seen[..., :2].reshape(-1, 2).min(0), seen[..., :2].reshape(-1, 2).max(0)
    scale = 0.86 * side / max(1e-9, float((high - low).max()))
    flat = (seen[..., :2] - (low + high) / 2) * scale * (1, -1) + side / 2
    for face in np.argsort(seen[..., 2].mean(1), kind="stable"):
        pen.polygon([(float(x), float(y)) for x, y in flat[face]], fill=tuple(colours[face]))
    return image.reduce(_OVER)


def _faces(program: Program) -> tuple[Floats, Ints]:
    """Return triangles (n, 3, 3) and their lit colours (n, 3)."""
    corners, colours = [], []
    for name, (places, normals) in triangles(program).items():
        look = LOOKS[name]
        light = 0.55 + 0.45 * np.clip(normals.reshape(-1, 3, 3).mean(1) @ _LIGHT, 0, 1)
        corners.append(places.reshape(-1, 3, 3).astype(np.float64))
        colours.append(light[:, None] * (look.red, look.green, look.blue))
    return np.concatenate(corners), np.rint(np.concatenate(colours)).astype(np.int64)


def _towards(seen: Floats, colours: Ints) -> tuple[Floats, Ints]:
    """Leave out what is seen from behind."""
    one, other = seen[:, 1] - seen[:, 0], seen[:, 2] - seen[:, 0]
    front = one[:, 0] * other[:, 1] > one[:, 1] * other[:, 0]
    return seen[front], colours[front]


def _small(seen: Floats, colours: Ints) -> tuple[Floats, Ints]:
    """Cut long triangles in two: a long face has no one distance by which it could be sorted."""
    longest = float(np.ptp(seen.reshape(-1, 3), axis=0).max()) / _PIECES
    for _ in range(_CUTS):
        edges = np.linalg.norm(seen - np.roll(seen, -1, 1), axis=2)
        cut = edges.max(1) > longest
        if not cut.any():
            break
        # The longest edge comes first, from corner 0 to corner 1.
        order = (edges[cut].argmax(1)[:, None] + np.arange(3)) % 3
        a, b, c = np.moveaxis(np.take_along_axis(seen[cut], order[..., None], 1), 1, 0)
        middle = (a + b) / 2
        seen = np.concatenate([seen[~cut], np.stack([a, middle, c], 1), np.stack([middle, b, c], 1)])
        colours = np.concatenate([colours[~cut], colours[cut], colours[cut]])
    return seen, colours


def _view() -> Floats:
    """Rows are right, up and towards the eye."""
    cos, sin = np.cos(_TURN), np.sin(_TURN)
    turn = np.array(((cos, 0, -sin), (0, 1, 0), (sin, 0, cos)))
    cos, sin = np.cos(_TILT), np.sin(_TILT)
    tilt = np.array(((1, 0, 0), (0, cos, -sin), (0, sin, cos)))
    view: Floats = tilt @ turn
    return view
