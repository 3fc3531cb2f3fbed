"""Fields from 0 to 1 that repeat at their edges, out of which textures are woven: noise, cells, courses. No colours.

Only sums, products and comparisons of numbers that a float holds exactly or rounds once: the same on every processor.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from worldloom.worlds.noise import hashed

Floats = NDArray[np.float64]

SIDE = 256
"""Texels along a side of every field: a power of two, as mipmaps want it."""


_LINE = (np.arange(SIDE) + 0.5) / SIDE
_GRID: tuple[Floats, Floats] = (np.tile(_LINE, (SIDE, 1)), np.tile(_LINE[:, None], (1, SIDE)))


def grid() -> tuple[Floats, Floats]:
    """Return u and v of every texel's middle, from 0 to 1, v from the top."""
    return _GRID


def chance(salt: int, *keys: NDArray[np.int64]) -> Floats:
    """Return a number from 0 to 1 for each key."""
    return (hashed(salt, *keys) >> np.uint64(40)).astype(np.float64) / (1 << 24)


def noise(salt: int, across: int, down: int) -> Floats:
    """Smooth noise with `across` x `down` cells."""
    u, v = grid()
    x, y = u * across, v * down
    column, row = np.floor(x).astype(np.int64), np.floor(y).astype(np.int64)
    fx, fy = x - column, y - row
    fx, fy = fx * fx * (3 - 2 * fx), fy * fy * (3 - 2 * fy)

    lattice = _lattice(salt, across, down)

    def corner(dx: int, dy: int) -> Floats:
        return lattice[(row + dy) % down, (column + dx) % across]

    upper = corner(0, 0) + (corner(1, 0) - corner(0, 0)) * fx
    lower = corner(0, 1) + (corner(1, 1) - corner(0, 1)) * fx
    out: Floats = upper + (lower - upper) * fy
    return out


def _lattice(salt: int, across: int, down: int) -> Floats:
    """A number of chance for each cell [down, across]: hashed once a cell, not once a texel."""
    return chance(salt, np.arange(down)[:, None], np.arange(across)[None, :])


def layered(salt: int, across: int, down: int, octaves: int = 4) -> Floats:
    """Noise over noise, each layer twice as fine and half as strong."""
    total = np.zeros((SIDE, SIDE))
    for octave in range(octaves):
        total += noise(salt + octave, across << octave, down << octave) / (1 << octave)
    out: Floats = total / (2 - 2.0 ** (1 - octaves))
    return out


def cells(salt: int, across: int, down: int, jitter: float = 0.8) -> tuple[Floats, Floats]:
    """Return for each texel how far inside its cell it lies (0: on a border) and a number of the cell's own."""
    u, v = grid()
    x, y = u * across, v * down
    column, row = np.floor(x).astype(np.int64), np.floor(y).astype(np.int64)
    best = np.full((SIDE, SIDE), 9.0)
    second = best.copy()
    own = np.zeros((SIDE, SIDE))
    jitter_x, jitter_y, numbers = (_lattice(salt + at, across, down) for at in range(3))
    for dy in (-1, 0, 1):
        for dx in (-1, 0, 1):
            key = (row + dy) % down, (column + dx) % across
            px = column + dx + 0.5 + (jitter_x[key] - 0.5) * jitter
            py = row + dy + 0.5 + (jitter_y[key] - 0.5) * jitter
            away = np.sqrt((px - x) * (px - x) + (py - y) * (py - y))
            nearer = away < best
            second = np.where(nearer, best, np.minimum(second, away))
            own = np.where(nearer, numbers[key], own)
            best = np.minimum(best, away)
    return second - best, own


def courses(salt: int, rows: int, columns: int, ragged: float = 0.0) -> tuple[Floats, Floats, Floats]:
    """Rows of pieces, each row shifted by half a piece: (place across a piece, place down it, the piece's own number).

    `ragged` is by how much of its height a piece's lower edge may hang lower or higher.
    """
    u, v = grid()
    piece = np.floor(u * columns * 2).astype(np.int64)
    y = v * rows + (chance(salt, piece % (columns * 2)) - 0.5) * ragged
    row = np.floor(y).astype(np.int64)
    x = u * columns + (row % 2) * 0.5
    column = np.floor(x).astype(np.int64)
    return x - column, y - row, chance(salt + 1, row % rows, column % columns)
