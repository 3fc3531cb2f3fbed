"""The painted ground of a map: relief in sun and shade, biomes, sea with depth, rivers, ways. No symbols or names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from worldloom.worlds.biomes import Biome
from worldloom.worlds.groundwork import Way
from worldloom.worlds.noise import hashed
from worldloom.worlds.settlement import Settlement
from worldloom.worlds.terrain import LAND, RIVER, SEA, Terrain

from .palette import Colour, blend

Floats = NDArray[np.float64]

PAPER: Colour = (246, 238, 218)
INK: Colour = (66, 52, 40)

_GROUND: dict[Biome, Colour] = {
    Biome.BEACH: (240, 224, 176),
    Biome.MEADOW: (198, 212, 146),
    Biome.FOREST: (160, 188, 124),
    Biome.MARSH: (178, 198, 160),
    Biome.ROCK: (206, 200, 186),
}
_SHALLOW: Colour = (176, 214, 218)
_DEEP: Colour = (92, 148, 178)
_RIVER: Colour = (138, 188, 206)
_SHORE: Colour = (84, 122, 138)
_ROAD: Colour = (242, 226, 186)
_SQUARE: Colour = (226, 214, 192)
_EDGE: Colour = (150, 124, 90)
_SOIL: Colour = (216, 196, 140)


@dataclass(frozen=True)
class Window:
    """A square part of the world, `left`, `top` and `side` in cells, drawn on `pixels` x `pixels`."""

    left: float
    top: float
    side: float
    pixels: int

    @property
    def scale(self) -> float:
        """Pixels a cell."""
        return self.pixels / self.side

    def at(self, column: float, row: float) -> tuple[float, float]:
        """Return the pixel of a point given in cells."""
        return (column - self.left) * self.scale, (row - self.top) * self.scale


def paint_ground(terrain: Terrain, settlement: Settlement, window: Window) -> NDArray[np.uint8]:
    """Return sRGB uint8[pixels, pixels, 3]."""
    heights = _enlarged(terrain.heights.astype(np.float64), window)
    colours = _biomes(terrain, window)
    colours = _tilled(colours, settlement, window)
    light = _hillshade(_smoothed(heights, 1.5, window), window)[..., None]
    colours = np.where(light < 1, colours * light, colours + (255 - colours) * (light - 1))
    colours += _grain(window)
    colours = _paved(colours, settlement, window)
    water = _mask(terrain.water == SEA, window, 1.5), _mask(terrain.water != LAND, window, 1.2)
    deep = np.clip(-heights / 9000, 0, 1)[..., None] ** 0.6
    sea = np.array(_SHALLOW) * (1 - deep) + np.array(_DEEP) * deep
    colours = np.where(water[1][..., None], _RIVER, colours)
    colours = np.where(water[0][..., None], sea, colours)
    colours = _outlined(colours, water[0] | water[1], _SHORE, max(1, window.pixels // 800))
    colours = _waves(colours, water[0], window)
    decks = (settlement.ways == Way.BRIDGE) | (settlement.ways == Way.PIER)
    colours = _covered(colours, _mask(decks, window), (196, 170, 132), (96, 76, 56), window)
    return np.clip(np.round(colours), 0, 255).astype(np.uint8)


def _enlarged(values: Floats, window: Window) -> Floats:
    """Return the window's part of a grid at the map's resolution, bicubic; the world's edge is continued."""
    from PIL import Image  # noqa: PLC0415

    pad = 4
    left, top = int(np.floor(window.left)) - pad, int(np.floor(window.top)) - pad
    side = int(np.ceil(window.side)) + 2 * pad + 1
    rows = np.clip(np.arange(top, top + side), 0, values.shape[0] - 1)
    columns = np.clip(np.arange(left, left + side), 0, values.shape[1] - 1)
    part = Image.fromarray(values[np.ix_(rows, columns)].astype(np.float32))
    box = (window.left - left, window.top - top, window.left - left + window.side, window.top - top + window.side)
    large = part.resize((window.pixels, window.pixels), Image.Resampling.BICUBIC, box=box)
    return np.asarray(large, np.float32)


def _smoothed(values: Floats, cells: float, window: Window) -> Floats:
    from scipy.ndimage import gaussian_filter  # noqa: PLC0415  # scipy takes a quarter of a second

    soft: Floats = gaussian_filter(values, cells * window.scale, mode="nearest", truncate=3.0)
    return soft


def _mask(cells: NDArray[np.bool_], window: Window, soft: float = 0.0, least: float = 0.5) -> NDArray[np.bool_]:
    """Return a mask of cells with its corners rounded off, over `soft` cells."""
    share = _enlarged(cells.astype(np.float64), window)
    mask: NDArray[np.bool_] = (_smoothed(share, soft, window) if soft else share) > least
    return mask


def _biomes(terrain: Terrain, window: Window) -> Floats:
    """Return each pixel's biome colour; borders are smooth lines and a little soft."""
    land = terrain.biome.copy()
    land[land == Biome.SEA] = Biome.BEACH
    kinds = list(_GROUND)
    shares = np.stack([_enlarged((land == kind).astype(np.float64), window) for kind in kinds])
    hard = np.array([_GROUND[kind] for kind in kinds], np.float64)[shares.argmax(0)]
    return _blurred(hard, max(1, window.pixels // 400))


def _blurred(colours: Floats, radius: int) -> Floats:
    from scipy.ndimage import uniform_filter  # noqa: PLC0415  # scipy takes a quarter of a second

    soft: Floats = uniform_filter(colours, (2 * radius + 1, 2 * radius + 1, 1), mode="nearest")
    return soft


def _hillshade(heights: Floats, window: Window) -> Floats:
    """Return light from the north-west: 1 on flat ground, 0.6 to 1.35 on slopes."""
    south, east = np.gradient(heights / 2000 * window.scale)
    lean = (-east - south) * -0.75
    light: Floats = np.clip(1 + lean / np.sqrt(1 + east * east + south * south), 0.6, 1.35)
    return light


def _grain(window: Window) -> Floats:
    """A paper's unevenness."""
    rows, columns = np.indices((window.pixels, window.pixels))
    noise = (hashed(71, rows, columns) >> np.uint64(60)).astype(np.float64) - 7.5
    return (noise * 0.35)[..., None]


def _tilled(colours: Floats, settlement: Settlement, window: Window) -> Floats:
    cells = np.zeros(settlement.ways.shape, np.bool_)
    for place in settlement.of_kind("field"):
        for column, row in place.cells:
            cells[row, column] = True
    mask = _mask(cells, window)
    furrow = (np.arange(window.pixels) / window.scale + window.top) % 1 < 0.4
    striped = np.where(furrow[:, None, None], blend(_SOIL, INK, 14), _SOIL)
    return _outlined(np.where(mask[..., None], striped, colours), mask, _EDGE, max(1, window.pixels // 800))


def _paved(colours: Floats, settlement: Settlement, window: Window) -> Floats:
    ways = settlement.ways
    square = ways == Way.SQUARE
    roads = (ways == Way.ROAD) | square
    paths = ways == Way.PATH
    broad = _mask(roads | (ways == Way.BRIDGE), window, 0.8, 0.45)
    market = _mask(square, window, 0.3)
    # One outline around all of them: where a path meets a road there is no line between.
    every = _mask(paths | roads, window, 0.6, 0.36) | broad | market
    colours = _covered(colours, every, blend(_ROAD, _EDGE, 12), _EDGE, window)
    inner = np.where(market[..., None], _SQUARE, _ROAD)
    covered = broad | market
    colours[covered] = colours[covered] * 0.25 + inner[covered] * 0.75
    return colours


def _covered(colours: Floats, mask: NDArray[np.bool_], fill: Colour, edge: Colour, window: Window) -> Floats:
    return _outlined(np.where(mask[..., None], fill, colours), mask, edge, max(1, window.pixels // 800))


def _outlined(colours: Floats, mask: NDArray[np.bool_], edge: Colour, width: int) -> Floats:
    from scipy.ndimage import binary_dilation, binary_erosion  # noqa: PLC0415  # scipy takes a quarter of a second

    inner = binary_erosion(mask, iterations=width, border_value=1)
    rim = mask & ~inner
    if width > 1:
        rim |= binary_dilation(mask) & ~mask
    out: Floats = colours.copy()
    out[rim] = out[rim] * 0.25 + np.array(edge) * 0.75
    return out


def _waves(colours: Floats, sea: NDArray[np.bool_], window: Window) -> Floats:
    """Lines along the shore, as engravers draw water."""
    from scipy.ndimage import distance_transform_edt  # noqa: PLC0415  # scipy takes a quarter of a second

    away = distance_transform_edt(sea) / (window.pixels / 1600)
    out = colours.copy()
    for number, far in enumerate((10, 22, 38, 58)):
        line = (away > far - 1.1) & (away <= far + 1.1)
        share = 0.5 - number * 0.11
        out[line] = out[line] * (1 - share) + np.array(_SHORE) * share
    return out


def overview(terrain: Terrain, pixels: int) -> Any:
    """Return the whole world as a small picture without ways."""
    from PIL import Image  # noqa: PLC0415

    rows, columns = terrain.shape
    window = Window(0, 0, max(rows, columns), pixels)
    colours = _biomes(terrain, window)
    heights = _enlarged(terrain.heights.astype(np.float64), window)
    light = _hillshade(heights, window)[..., None]
    colours = np.where(light < 1, colours * light, colours + (255 - colours) * (light - 1))
    colours = np.where(_mask(terrain.water == RIVER, window)[..., None], _RIVER, colours)
    colours = np.where(_mask(terrain.water == SEA, window)[..., None], _DEEP, colours)
    return Image.fromarray(np.clip(np.round(colours), 0, 255).astype(np.uint8))
