"""Textures of an exported world, woven from noise: a palette PNG of light and dark, and normals where it pays.

A texture is nearly grey: the colour comes from the vertices, so one texture of planks serves red and tarred houses.
What they are used for stands in finishes.py.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from .tile_fields import SIDE, Floats, cells, chance, courses, grid, layered, noise

_LEVELS = 40
_LIGHTEST, _WARM, _COLD = 255, (1.0, 0.985, 0.955), (0.93, 0.965, 1.0)


def _edge(share: Floats, width: float) -> Floats:
    """0 at a piece's borders (share 0 and 1), 1 inside."""
    out: Floats = np.clip(np.minimum(share, 1 - share) / width, 0, 1)
    return out


def _plaster() -> Floats:
    return 0.9 + 0.1 * layered(3, 5, 5, 5) - 0.10 * np.clip(layered(9, 3, 2) - 0.55, 0, 1)


def _boards(number: int, salt: int) -> Floats:
    """Upright boards with grain and seams."""
    u, v = grid()
    x = u * number
    board = np.floor(x).astype(np.int64)
    own = chance(salt, board % number)
    grain = layered(salt + 1, number * 10, 4, 3)
    knots = np.clip(noise(salt + 6, number * 2, 5) - 0.86, 0, 1) * 3
    return (0.72 + 0.2 * own + 0.22 * (grain - 0.5) - 0.3 * knots) * (0.45 + 0.55 * _edge(x - board, 0.07)) + v * 0


def _clapboard() -> Floats:
    """Boards that lie over each other, with shadow under each edge."""
    u, v = grid()
    y = v * 9
    row = np.floor(y).astype(np.int64)
    down = y - row
    grain = layered(23, 5, 60, 2)
    shadow = 1 - 0.6 * np.clip(1 - down / 0.14, 0, 1)
    return (0.70 + 0.16 * chance(21, row % 9) + 0.16 * (grain - 0.5) + 0.12 * down) * shadow + u * 0


def _timber() -> Floats:
    return 0.72 + 0.3 * (layered(31, 24, 3, 3) - 0.5) + 0.1 * noise(36, 4, 2)


def _rubble() -> Floats:
    inside, own = cells(41, 6, 9, 0.75)
    return np.clip(inside * 5.5, 0, 1) * (0.62 + 0.3 * own + 0.16 * (layered(45, 16, 16, 3) - 0.5)) + 0.1


def _brick() -> Floats:
    across, down, own = courses(51, 12, 6)
    inside = _edge(across, 0.04) * _edge(down, 0.1)
    return 0.42 + inside * (0.28 + 0.22 * own + 0.16 * (layered(55, 20, 20, 3) - 0.5))


def _cobbles() -> Floats:
    inside, own = cells(61, 9, 9, 0.7)
    dome = np.clip(inside * 2.6, 0, 1)
    return 0.3 + dome * (2 - dome) * (0.42 + 0.2 * own) + 0.1 * (layered(65, 24, 24, 2) - 0.5)


def _thatch() -> Floats:
    _, v = grid()
    y = v * 4 + 0.3 * noise(71, 14, 4)
    down = y - np.floor(y)
    straw = layered(73, 64, 5, 3)
    return (0.62 + 0.56 * (straw - 0.5) + 0.12 * down) * (1 - 0.2 * np.clip(1 - down / 0.2, 0, 1)) + 0.06


def _shingles(rows: int, columns: int, ragged: float, salt: int) -> Floats:
    across, down, own = courses(salt, rows, columns, ragged)
    grain = layered(salt + 4, columns * 6, rows, 3)
    shadow = 1 - 0.55 * np.clip(1 - down / 0.16, 0, 1)
    return (0.6 + 0.26 * own + 0.18 * (grain - 0.5) + 0.12 * down) * shadow * (0.55 + 0.45 * _edge(across, 0.06))


def _pantiles() -> Floats:
    u, v = grid()
    x, y = u * 9, v * 7
    across, down = x - np.floor(x), y - np.floor(y)
    own = chance(91, np.floor(y).astype(np.int64) % 7, np.floor(x).astype(np.int64) % 9)
    wave = 4 * across * (1 - across)
    shadow = 1 - 0.5 * np.clip(1 - down / 0.15, 0, 1)
    return (0.40 + 0.42 * wave + 0.18 * own + 0.10 * (layered(95, 18, 18, 2) - 0.5)) * shadow


def _grass() -> Floats:
    return 0.5 + 0.1 * layered(101, 16, 16, 3) + 0.5 * (layered(105, 90, 40, 2) - 0.5)


def _sand() -> Floats:
    return 0.74 + 0.2 * (layered(111, 6, 24, 4) - 0.5) + 0.16 * (noise(117, 128, 128) - 0.5)


def _gravel() -> Floats:
    inside, own = cells(121, 26, 26, 0.9)
    pebbles = np.clip(inside * 2, 0, 1) * np.clip(own * 3 - 1.6, 0, 1)
    return 0.6 + 0.26 * (layered(125, 6, 6, 5) - 0.5) + 0.22 * pebbles + 0.1 * (noise(129, 100, 100) - 0.5)


def _rock() -> Floats:
    inside, own = cells(131, 4, 5, 1.0)
    return 0.46 + 0.2 * own + 0.5 * (layered(135, 6, 10, 5) - 0.5) + 0.16 * np.clip(inside * 6, 0, 1)


def _leaves() -> Floats:
    inside, own = cells(141, 15, 15, 1.0)
    return 0.38 + np.clip(inside * 1.6, 0, 1) * (0.2 + 0.34 * own) + 0.24 * (layered(145, 6, 6, 2) - 0.5)


def _needles() -> Floats:
    _, v = grid()
    y = v * 6 + 0.7 * noise(151, 12, 6)
    down = y - np.floor(y)
    return 0.40 + 0.22 * down + 0.5 * (layered(153, 70, 12, 2) - 0.5)


def _water() -> Floats:
    return 0.6 * layered(161, 5, 7, 4) + 0.4 * layered(167, 13, 11, 3)


_WEAVES: dict[str, Callable[[], Floats]] = {
    "plaster": _plaster,
    "planks": lambda: _boards(8, 11),
    "clapboard": _clapboard,
    "timber": _timber,
    "rubble": _rubble,
    "brick": _brick,
    "cobbles": _cobbles,
    "thatch": _thatch,
    "shingles": lambda: _shingles(8, 7, 0.3, 81),
    "slates": lambda: _shingles(10, 9, 0.06, 86),
    "pantiles": _pantiles,
    "grass": _grass,
    "sand": _sand,
    "gravel": _gravel,
    "rock": _rock,
    "leaves": _leaves,
    "needles": _needles,
    "water": _water,
}


@lru_cache(maxsize=32)
def _field(name: str) -> Floats:
    return np.clip(_WEAVES[name](), 0, 1)


@lru_cache(maxsize=32)
def shade_png(name: str) -> bytes:
    """Return the texture's colours as a PNG of 256 x 256 texels, sRGB: its mean is light grey, its darks are cold."""
    field = _field(name)
    # Stretched so that every texture lets about as much of the vertices' colour through.
    ordered = np.sort(field, axis=None)
    low, high = (float(ordered[round(share * (field.size - 1))]) for share in (0.01, 0.99))
    level = np.clip((field - low) / (high - low), 0, 1) * (_LEVELS - 1)
    floor = _DARKEST.get(name, 0.5)
    ramp = []
    for step in range(_LEVELS):
        share = step / (_LEVELS - 1)
        # Most texels are in the upper half: a texture must not rob the colour under it of its light.
        light = floor + (1 - floor) * share * (1.5 - 0.5 * share)
        tint = [cold + (warm - cold) * share for warm, cold in zip(_WARM, _COLD, strict=True)]
        ramp += [min(_LIGHTEST, round(_LIGHTEST * light * channel)) for channel in tint]
    return _png(np.round(level).astype(np.uint8), ramp)


_DARKEST = {
    "plaster": 0.84, "timber": 0.62, "sand": 0.74, "grass": 0.6, "gravel": 0.64, "rubble": 0.36, "cobbles": 0.34,
    "thatch": 0.44, "leaves": 0.5, "needles": 0.5, "pantiles": 0.4, "water": 0.9,
}  # fmt: skip
"""How light a texture's darkest texel is, of 1; 0.5 where nothing is said."""


@lru_cache(maxsize=32)
def normal_png(name: str, depth: float) -> bytes:
    """Return the texture's normals (glTF 2.0 section 3.9.3) of half its size; `depth` is its height in texels."""
    field = _field(name)
    field = (field[::2, ::2] + field[1::2, ::2] + field[::2, 1::2] + field[1::2, 1::2]) / 4
    across = (np.roll(field, 1, 1) - np.roll(field, -1, 1)) / 2 * depth
    down = (np.roll(field, 1, 0) - np.roll(field, -1, 0)) / 2 * depth
    length = np.sqrt(across * across + down * down + 1)
    # Up in the picture is +Y of the normal. Steps of four: a third of the bytes, and nobody sees it.
    parts = np.stack([across, -down, np.ones_like(across)], axis=-1) / length[..., None]
    return _png(np.clip(np.round((parts * 127 + 128) / 4) * 4, 0, 255).astype(np.uint8), None)


@lru_cache(maxsize=4)
def casement_png() -> bytes:
    """Return a window: bars around four by three dark panes, 64 texels a side."""
    line = (np.arange(64) + 0.5) / 64
    v, u = np.meshgrid(line, line, indexing="ij")
    pane = _bars(u, 2, 0.10) & _bars(v, 3, 0.07)
    shine = np.clip(18 + 26 * (1 - v) + 10 * ((u + v * 0.7) % 0.5 > 0.32), 0, 60)
    return _png(np.where(pane, shine, 61).astype(np.uint8), _glass_ramp())


@lru_cache(maxsize=4)
def lit_png() -> bytes:
    """Return the light that falls out of that window: bright panes, black bars."""
    line = (np.arange(64) + 0.5) / 64
    v, u = np.meshgrid(line, line, indexing="ij")
    pane = _bars(u, 2, 0.10) & _bars(v, 3, 0.07)
    glow = np.clip(40 + 21 * (1 - 2 * abs(u - 0.5)) * v, 0, 61)
    ramp = [channel for step in range(62) for channel in (min(255, 70 + 3 * step), 40 + step * 5 // 2, step * 3 // 2)]
    ramp[:3] = [0, 0, 0]
    return _png(np.where(pane, glow, 0).astype(np.uint8), ramp)


def _glass_ramp() -> list[int]:
    """Dark blue to light sky, and the bars' white as the last."""
    ramp = [channel for step in range(61) for channel in (24 + step * 2, 34 + step * 5 // 2, 48 + step * 3)]
    return [*ramp, 232, 226, 212]


def _bars(share: Floats, panes: int, width: float) -> NDArray[np.bool_]:
    at = share * panes
    inside = at - np.floor(at)
    out: NDArray[np.bool_] = (np.minimum(inside, 1 - inside) > width) & (np.minimum(share, 1 - share) > 0.06)
    return out


def _png(texels: NDArray[np.uint8], palette: list[int] | None) -> bytes:
    from PIL import Image  # noqa: PLC0415  (only when a world is exported)

    picture = Image.fromarray(texels, "P" if palette else "RGB")
    if palette:
        picture.putpalette(palette)
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=7)
    return out.getvalue()


def names() -> tuple[str, ...]:
    """Return the names of all textures."""
    return tuple(_WEAVES)


__all__ = ["SIDE", "casement_png", "lit_png", "names", "normal_png", "shade_png"]
