"""The ground of a world: heights, biomes and water on one grid, made from a seed. Nothing that people build.

A terrain is an answer like a model's: it is recorded as bytes, and what rules read of it are integers. The same seed
and size give the same bytes on every processor (noise.py says how).
"""

from __future__ import annotations

import io
import re
import struct
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from worldloom.provenance.digests import STATE, digest_bytes

from .biomes import Biome, make_biomes
from .land_errors import TerrainError
from .noise import Ints, draw
from .relief import make_relief
from .rivers import carve, trace
from .space import CELL_MM, MAX_SIDE

LAND, SEA, RIVER = 0, 1, 2
"""Values of `Terrain.water`."""

SMALLEST = 64
"""Fewest cells along a side: below it there is no room for hills, a river and a village."""

_MAGIC = b"worldloom/terrain/1\n"
_LENGTH_DIGITS = 21
"""Digits that numpy leaves room for in a header, so that a file can be appended to in place."""
_SHAPE = re.compile(rb"'shape': \((\d{1,5}), (\d{1,5})\)")
_LAYERS = (("heights", np.int32), ("biome", np.uint8), ("water", np.uint8))


@dataclass(frozen=True, eq=False)
class Terrain:
    """Arrays [rows, columns]: heights int32 in millimetres (of the bed, under water), biome and water uint8."""

    heights: NDArray[np.int32]
    biome: NDArray[np.uint8]
    water: NDArray[np.uint8]

    def __post_init__(self) -> None:
        for name, dtype in _LAYERS:
            layer = getattr(self, name)
            if layer.dtype != dtype or layer.shape != self.heights.shape or layer.ndim != 2:
                raise TerrainError(f"terrain {name}: {layer.dtype}{list(layer.shape)} is not a {dtype.__name__} grid")
            layer.flags.writeable = False
        if max(self.shape) > MAX_SIDE or min(self.shape) < 1:
            raise TerrainError(f"terrain of {self.shape} cells: a side is 1 to {MAX_SIDE} cells")
        if self.biome.max() > max(Biome) or self.water.max() > RIVER:
            raise TerrainError("terrain holds an unknown biome or kind of water; was it made by a later version?")

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns)."""
        return self.heights.shape[0], self.heights.shape[1]

    def part(self, rows: slice, columns: slice) -> Terrain:
        """Return the terrain of a window of cells."""
        window = np.s_[rows, columns]
        return Terrain(self.heights[window].copy(), self.biome[window].copy(), self.water[window].copy())

    def to_bytes(self) -> bytes:
        """Return the one byte form: a first line, then the three layers as npy version 1.0, little-endian."""
        out = io.BytesIO()
        out.write(_MAGIC)
        for name, dtype in _LAYERS:
            little = np.dtype(dtype).newbyteorder("<")
            out.write(_npy_header(little, self.shape))
            out.write(getattr(self, name).astype(little).tobytes())
        return out.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Terrain:
        """Read the byte form, exactly; raises TerrainError for anything else, whatever it claims about its size."""
        if not data.startswith(_MAGIC):
            raise TerrainError("not a terrain: the first line is not 'worldloom/terrain/1'")
        file = io.BytesIO(data)
        file.seek(len(_MAGIC))
        layers: dict[str, Any] = {name: _read_layer(file, name, np.dtype(dtype)) for name, dtype in _LAYERS}
        terrain = cls(**layers)
        if terrain.to_bytes() != data:
            raise TerrainError("not a terrain: its bytes are not in the one form that Worldloom writes")
        return terrain

    @cached_property
    def digest(self) -> str:
        """Hex digest of the byte form."""
        return digest_bytes(STATE, self.to_bytes()).hex()


def _npy_header(dtype: np.dtype[np.generic], shape: tuple[int, int]) -> bytes:
    """Return the head of an npy file of version 1.0 (NEP 1), padded to 64 bytes with room for the length to grow."""
    text = f"{{'descr': '{dtype.str}', 'fortran_order': False, 'shape': {shape}, }}"
    text += " " * (_LENGTH_DIGITS - len(str(shape[0])))
    size = -(-(10 + len(text) + 1) // 64) * 64
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", size - 10) + text.ljust(size - 11).encode() + b"\n"


def _read_layer(file: io.BytesIO, name: str, dtype: np.dtype[np.generic]) -> NDArray[np.generic]:
    dtype = dtype.newbyteorder("<")
    start = file.tell()
    found = _SHAPE.search(file.read(128))
    shape = (int(found[1]), int(found[2])) if found else (0, 0)
    header = _npy_header(dtype, shape)
    file.seek(start)
    # Only what `to_bytes` writes is read: numpy's own reader would evaluate whatever stands in a header.
    if not all(0 < side <= MAX_SIDE for side in shape) or file.read(len(header)) != header:
        raise TerrainError(f"not a terrain: layer {name} does not begin as a grid of {dtype} does")
    body = file.read(shape[0] * shape[1] * dtype.itemsize)
    if len(body) != shape[0] * shape[1] * dtype.itemsize:
        raise TerrainError(f"not a terrain: layer {name} is cut off")
    return np.frombuffer(body, dtype).astype(dtype.newbyteorder("=")).reshape(shape)


def _open_sea(heights: Ints) -> NDArray[np.bool_]:
    """What lies below sea level and is joined to the sea in the south."""
    from scipy.ndimage import label  # noqa: PLC0415  # scipy takes a quarter of a second

    parts, _ = label(heights < 0)
    reached = np.unique(parts[-1])
    sea: NDArray[np.bool_] = np.isin(parts, reached[reached > 0])
    return sea


def distance_to(mask: NDArray[np.bool_]) -> Ints:
    """Distance of every cell to the nearest cell of the mask, in whole millimetres; an empty mask is far from all."""
    from scipy.ndimage import distance_transform_edt  # noqa: PLC0415  # scipy takes a quarter of a second

    if not mask.any():
        return np.full(mask.shape, MAX_SIDE * CELL_MM, np.int64)
    near = distance_transform_edt(~mask, return_distances=False, return_indices=True).astype(np.int64)
    rows, columns = np.indices(mask.shape)
    root = np.sqrt((near[0] - rows) ** 2 + (near[1] - columns) ** 2)
    distance: Ints = (root * CELL_MM).astype(np.int64)
    return distance


def make_terrain(seed: int, size: int = 512) -> Terrain:
    """Make a coast with hills, a river, woods and a plain to live on: `size` x `size` cells, sea along one side.

    `seed` is any integer. Raises TerrainError for a size below SMALLEST or above MAX_SIDE.
    """
    if not SMALLEST <= size <= MAX_SIDE:
        raise TerrainError(f"a world of {size} cells a side cannot be made: choose {SMALLEST} to {MAX_SIDE}")
    relief = make_relief(seed, size)
    sea = _open_sea(relief.heights)
    land = np.where(sea, relief.heights, np.maximum(relief.heights, 300))
    bed = trace(land, sea)
    heights, river = carve(land, bed, sea)
    from_river = np.maximum(bed.distance - bed.half_width, 0)
    biome = make_biomes(seed, heights, sea, distance_to(sea), from_river, relief.top)
    water = np.where(sea, SEA, np.where(river, RIVER, LAND)).astype(np.uint8)
    turns = draw(seed, 4, 7)
    heights_mm = heights.astype(np.int32)
    return Terrain(np.rot90(heights_mm, turns).copy(), np.rot90(biome, turns).copy(), np.rot90(water, turns).copy())
