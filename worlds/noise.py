"""Noise as a pure function of (seed, point), in integers alone. Not for drawing what agents do.

Integers make it the same to the bit on every processor: no exp, no sin, no fused multiply-add, no order of summation.
Points are millimetres (space.py), values are Q16: 65,536 stands for 1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

ONE = 1 << 16
"""1 in Q16."""

# Sixteen directions on the circle in Q14, starting east, counted once by hand so that no cosine is ever computed.
_X = (
    16384,
    15137,
    11585,
    6270,
    0,
    -6270,
    -11585,
    -15137,
    -16384,
    -15137,
    -11585,
    -6270,
    0,
    6270,
    11585,
    15137,
)
_DIRECTIONS = np.array([_X, _X[-4:] + _X[:-4]], dtype=np.int64)


def mix(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Scramble 64-bit words: the finaliser of splitmix64 (Steele, Lea, Flood 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def hashed(seed: int, *keys: Ints | int) -> NDArray[np.uint64]:
    """Return one 64-bit word per element of the broadcast keys, at least one-dimensional."""
    word = mix(np.atleast_1d(np.uint64(seed & (2**64 - 1))))
    for key in keys:
        word = mix(word + np.uint64(0x9E3779B97F4A7C15) + np.atleast_1d(np.asarray(key, np.int64)).view(np.uint64))
    return word


def draw(seed: int, count: int, *keys: int) -> int:
    """Return one integer in [0, count) for the keys."""
    return int(hashed(seed, *keys)[0] >> np.uint64(11)) % count


def gradient(seed: int, x: Ints, y: Ints, period: int) -> Ints:
    """Perlin noise at the points (x, y) in millimetres with lattice spacing `period`; Q16, about -1 to 1."""
    column, row = x // period, y // period
    left, top = int(column.min()), int(row.min())
    width, height = int(column.max()) - left + 2, int(row.max()) - top + 2
    lattice = hashed(seed, np.arange(top, top + height)[:, None], np.arange(left, left + width)[None, :])
    slope_x, slope_y = (table[lattice >> np.uint64(60)] for table in _DIRECTIONS)
    fx = ((x - column * period) << 16) // period
    fy = ((y - row * period) << 16) // period
    corner = (row - top) * width + (column - left)

    def dot(offset: int, dx: Ints, dy: Ints) -> Ints:
        at = corner + offset
        value: Ints = slope_x.ravel()[at] * dx + slope_y.ravel()[at] * dy
        return value >> 14

    u, v = _fade(fx), _fade(fy)
    north, north_east = dot(0, fx, fy), dot(1, fx - ONE, fy)
    south, south_east = dot(width, fx, fy - ONE), dot(width + 1, fx - ONE, fy - ONE)
    upper = north + ((north_east - north) * u >> 16)
    lower = south + ((south_east - south) * u >> 16)
    value: Ints = (upper + ((lower - upper) * v >> 16)) * 3 // 2
    return value


def _fade(t: Ints) -> Ints:
    cube = (t * t >> 16) * t >> 16
    value: Ints = cube * ((t * (6 * t - 15 * ONE) >> 16) + 10 * ONE) >> 16
    return value


def fractal(seed: int, x: Ints, y: Ints, period: int, octaves: int, ridged: bool = False) -> Ints:
    """Octaves of `gradient`, each half as wide and half as high; Q16, about -1 to 1. Ridged: sharp crests near 1."""
    total = np.zeros(np.broadcast_shapes(x.shape, y.shape), np.int64)
    for octave in range(octaves):
        layer = gradient(seed * 64 + octave, x, y, max(period >> octave, 2))
        total += (ONE - 2 * abs(layer) if ridged else layer) >> octave
    return total * (1 << (octaves - 1)) // ((1 << octaves) - 1)
