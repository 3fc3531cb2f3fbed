"""A land whose shape somebody else drew: a grey PNG becomes heights, rivers, woods and beaches come from a seed.

One pixel is one cell. The picture's bytes are foreign: its format, kind and size are checked before it is unpacked.
"""

from __future__ import annotations

import io
import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .biomes import make_biomes
from .land_errors import TerrainError
from .noise import Ints
from .rivers import carve, trace
from .space import MAX_SIDE
from .terrain import LAND, RIVER, SEA, SMALLEST, Terrain, distance_to

LARGEST = 2048
"""Most cells along the side of a land of one's own; a larger picture would make the scenario's own file huge."""
LOWEST, HIGHEST = -100, 1000
"""Metres between which the heights of black and white lie."""

_DEEPEST_GREY = {"L": 0xFF, "I;16": 0xFFFF, "I;16B": 0xFFFF, "I": 0xFFFF}
"""White by the kind of a picture, as Pillow calls it."""


def side_of(png: bytes) -> int:
    """Return how many cells a side the land of a PNG has, without unpacking it; raises TerrainError."""
    return int(_opened(png).size[0])


def read_heights(png: bytes, lowest: int, highest: int) -> Ints:
    """Return heights in millimetres int64[n, n] of a grey PNG of 8 or 16 bits: black is `lowest`, white `highest` (m).

    Raises TerrainError for a picture that is damaged, coloured, not square, or too small or large.
    """
    if not LOWEST <= lowest < highest <= HIGHEST:
        raise TerrainError(
            f"a land from {lowest} m (black) to {highest} m (white): choose {LOWEST} to {HIGHEST}, black lower"
        )
    picture = _opened(png)
    try:
        grey = np.asarray(picture).astype(np.int64)
    except (OSError, SyntaxError, ValueError) as error:
        raise TerrainError(f"the heightmap is damaged ({error}); save it as PNG again") from error
    heights: Ints = lowest * 1000 + grey * (highest - lowest) * 1000 // _DEEPEST_GREY[picture.mode]
    return heights


def terrain_of(seed: int, heights: Ints) -> Terrain:
    """Return the terrain on heights (millimetres int64[n, n], north first): the sea is what lies below 0 from the edge.

    Hollows inland are filled, rivers are cut along the drainage, biomes drawn from `seed`. Raises TerrainError for a
    land that is all sea or has none.
    """
    sea = _sea(heights)
    if sea.all() or not sea.any():
        what = "is all sea" if sea.all() else "touches no sea: nothing at its edge lies below 0 m"
        raise TerrainError(f"the heightmap {what}; change `lowest` and `highest`, the heights of black and white")
    land = np.where(sea, heights, np.maximum(heights, 300))
    bed = trace(land, sea)
    cut, river = carve(land, bed, sea)
    from_river = np.maximum(bed.distance - bed.half_width, 0)
    biome = make_biomes(seed, cut, sea, distance_to(sea), from_river, int(land.max()))
    water = np.where(sea, SEA, np.where(river, RIVER, LAND)).astype(np.uint8)
    return Terrain(cut.astype(np.int32), biome, water)


def _sea(heights: Ints) -> NDArray[np.bool_]:
    """What lies below sea level and is joined to an edge of the picture."""
    from scipy.ndimage import label  # noqa: PLC0415  # scipy takes a quarter of a second

    parts, _ = label(heights < 0)
    edge = np.unique(np.concatenate([parts[0], parts[-1], parts[:, 0], parts[:, -1]]))
    joined: NDArray[np.bool_] = np.isin(parts, edge[edge > 0])
    return joined


def _opened(png: bytes) -> Any:
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415  # an auditor has no Pillow

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(png), formats=["PNG"])
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise TerrainError("the heightmap is no PNG; save it as a grey PNG of 8 or 16 bits") from error
    except Image.DecompressionBombWarning as error:
        raise TerrainError(f"the heightmap is too large: a side is {SMALLEST} to {LARGEST} pixels") from error
    columns, rows = picture.size
    if columns != rows or not SMALLEST <= rows <= min(LARGEST, MAX_SIDE):
        raise TerrainError(
            f"the heightmap has {columns} x {rows} pixels: it is square, and a side is {SMALLEST} to {LARGEST}"
        )
    if picture.mode not in _DEEPEST_GREY:
        raise TerrainError(f"the heightmap is a picture of kind {picture.mode}: save it as grey, of 8 or 16 bits")
    return picture
