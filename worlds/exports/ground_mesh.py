"""The ground as triangles, fine in the village and coarse far off, without cracks; with sea and river above it.

All grids here are double: point k lies at k cells / 2, so odd points are the middles of cells, where people stand.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from worldloom.worlds.biomes import Biome, slope_of
from worldloom.worlds.footing import bridge_deck
from worldloom.worlds.groundwork import Way
from worldloom.worlds.noise import fractal, hashed
from worldloom.worlds.rivers import RIVER_DEPTH_MM
from worldloom.worlds.settlement import Settlement
from worldloom.worlds.space import CELL_MM
from worldloom.worlds.terrain import RIVER, SEA, Terrain

from .palette import DEEP, EARTH, GROUND, SHALLOW, SOIL, WAYS, Colour
from .palette import RIVER as RIVER_COLOUR
from .solids import Surface, joined, paint

_CHUNK = 64
"""Side of a chunk in half cells."""

_TILE = 4
"""Side of a tile, which is one node, in chunks."""

_BASE_MM = -12_000
"""Where the world's outer walls end; never above the lowest ground."""

Floats = NDArray[np.float64]


def doubled(values: NDArray[np.generic]) -> Floats:
    """Return a grid of cells [n, m] or [n, m, k] at double resolution [2n + 1, 2m + 1]: means of the cells around."""
    out = values.astype(np.float64)
    for axis in (0, 1):
        ends = [(1, 1) if at == axis else (0, 0) for at in range(out.ndim)]
        wide = np.moveaxis(np.pad(out, ends, mode="edge"), axis, 0)
        fine = np.empty((2 * wide.shape[0] - 3, *wide.shape[1:]))
        fine[1::2] = wide[1:-1]
        fine[0::2] = (wide[:-1] + wide[1:]) / 2
        out = np.moveaxis(fine, 0, axis)
    return out


@dataclass(frozen=True, eq=False)
class Ground:
    """Heights in metres [2n + 1, 2m + 1], unit normals [.., 3], sRGB colours uint8[.., 3]."""

    heights: Floats
    normals: Floats
    colours: NDArray[np.uint8]


def make_ground(terrain: Terrain, settlement: Settlement) -> Ground:
    """Return the ground as it is drawn: level under floors, worn by ways, green by biome."""
    heights = doubled(terrain.heights) / 1000
    for building in settlement.buildings:
        column, row, columns, rows = building.footprint
        box = np.s_[2 * row : 2 * (row + rows) + 1, 2 * column : 2 * (column + columns) + 1]
        heights[box] = np.minimum(heights[box], building.floor / 1000 - 0.12)
    _sink_under_bridges(terrain, settlement, heights)
    half = CELL_MM / 2000
    south, east = np.gradient(heights, half)
    normals = np.stack([-east, np.ones_like(heights), -south], axis=-1)
    normals /= np.sqrt((normals * normals).sum(-1, keepdims=True))
    return Ground(heights, normals, _colours(terrain, settlement))


def _sink_under_bridges(terrain: Terrain, settlement: Settlement, heights: Floats) -> None:
    for place in settlement.of_kind("bridge"):
        for (column, row), deck in bridge_deck(terrain, place.cells).items():
            box = np.s_[2 * row : 2 * row + 3, 2 * column : 2 * column + 3]
            heights[box] = np.minimum(heights[box], deck / 1000 - 0.45)


def _colours(terrain: Terrain, settlement: Settlement) -> NDArray[np.uint8]:
    rows, columns = terrain.shape
    table = np.array([GROUND[biome] for biome in Biome], np.float64)
    colours = table[terrain.biome]
    slope = slope_of(terrain.heights.astype(np.int64))
    steep = np.clip((slope - 500) / 1200, 0, 1)[..., None] * (terrain.biome != Biome.SEA)[..., None]
    colours = colours * (1 - steep) + table[Biome.ROCK] * steep
    colours[terrain.water == RIVER] = (146, 132, 96)
    x, y = np.meshgrid(np.arange(columns, dtype=np.int64) * CELL_MM, np.arange(rows, dtype=np.int64) * CELL_MM)
    patches = fractal(41, x, y, 60_000, 3) / 65536 * 12
    grain = (hashed(43, y, x) >> np.uint64(59)).astype(np.float64) / 4 - 4
    colours += (patches + grain)[..., None] * (1.0, 1.0, 0.6)
    for way, colour in WAYS.items():
        if way in (Way.PATH, Way.ROAD, Way.SQUARE):
            at = settlement.ways == way
            colours[at] = np.array(colour) + grain[at][:, None] * 1.5
    for place in settlement.of_kind("field"):
        for column, row in place.cells:
            colours[row, column] = np.array(SOIL) + grain[row, column]
    return np.clip(np.round(doubled(colours)), 0, 255).astype(np.uint8)


def tiles(ground: Ground, terrain: Terrain, settlement: Settlement) -> dict[tuple[int, int], Surface]:
    """Return the ground by tile (column, row); neighbouring chunks of unequal fineness share their edges' heights."""
    strides = _strides(terrain, settlement)
    parts: dict[tuple[int, int], list[Surface]] = {}
    for row, column in np.ndindex(*strides.shape):
        chunk = _chunk(ground, strides, row, column)
        found = parts.setdefault((column // _TILE, row // _TILE), [])
        found += [chunk, *_walls(chunk, terrain)]
    return {tile: joined(surfaces) for tile, surfaces in parts.items()}


def _walls(chunk: Surface, terrain: Terrain) -> list[Surface]:
    """Return what closes the world's sides below the chunk's outer edges: earth, and water above a sea bed."""
    rows, columns = terrain.shape
    sides = (
        (0, 0, (-1, 0, 0), False),
        (0, columns, (1, 0, 0), True),
        (2, 0, (0, 0, -1), True),
        (2, rows, (0, 0, 1), False),
    )
    walls = []
    for axis, edge, normal, turned in sides:
        line = chunk.points[chunk.points[:, axis] == np.float32(edge * CELL_MM / 1000)].astype(np.float64)
        if len(line) < 2:
            continue
        base = line.copy()
        base[:, 1] = np.minimum(_BASE_MM / 1000, line[:, 1].min() - 1)
        walls.append(_strip(line, base, normal, turned, EARTH))
        at = np.minimum(line[:, [2, 0]] * 1000 // CELL_MM, (rows - 1, columns - 1)).astype(np.int64)
        wet = terrain.water[at[:, 0], at[:, 1]]
        level = np.where(wet == RIVER, line[:, 1] + RIVER_DEPTH_MM / 1000, np.where(wet == SEA, 0, line[:, 1]))
        surface = line.copy()
        surface[:, 1] = np.maximum(level, line[:, 1])
        if wet.any():
            walls.append(_strip(surface, line, normal, turned, DEEP))
    return walls


def _strip(upper: Floats, lower: Floats, normal: tuple[int, int, int], turned: bool, colour: Colour) -> Surface:
    points = np.concatenate([upper, lower]).astype(np.float32)
    indices = grid_indices(2, len(upper)).reshape(-1, 3)
    indices = indices[:, ::-1] if turned else indices
    colours = np.tile(np.array(colour, np.uint8), (len(points), 1))
    normals = np.tile(np.array(normal, np.float32), (len(points), 1))
    return Surface(points, normals, np.ascontiguousarray(indices).ravel(), paint(colours))


def _strides(terrain: Terrain, settlement: Settlement) -> NDArray[np.int64]:
    """Return each chunk's stride in half cells, 1 where people live; neighbours differ by what they must."""
    rows, columns = (-(-2 * side // _CHUNK) for side in terrain.shape)
    homes = [(b.footprint[0] + b.footprint[2] // 2, b.footprint[1] + b.footprint[3] // 2) for b in settlement.buildings]
    homes += [place.anchor for place in settlement.places if place.kind in ("bridge", "harbour", "field")]
    out = np.empty((rows, columns), np.int64)
    for row, column in np.ndindex(rows, columns):
        middle = (column * _CHUNK + _CHUNK // 2) / 2, (row * _CHUNK + _CHUNK // 2) / 2
        away = min(max(abs(x - middle[0]), abs(y - middle[1])) for x, y in homes) - _CHUNK / 4
        box = np.s_[row * _CHUNK // 2 : (row + 1) * _CHUNK // 2, column * _CHUNK // 2 : (column + 1) * _CHUNK // 2]
        if (terrain.water[box] == SEA).all():
            out[row, column] = 16
        else:
            out[row, column] = 1 if away < 6 else 2 if away < 40 else 4 if away < 130 else 8
    return out


def _line(first: int, last: int, stride: int) -> NDArray[np.int64]:
    return np.append(np.arange(first, last, stride), last)


def _chunk(ground: Ground, strides: NDArray[np.int64], row: int, column: int) -> Surface:
    stride = int(strides[row, column])
    bottom, right = ground.heights.shape[0] - 1, ground.heights.shape[1] - 1
    ys = _line(row * _CHUNK, min((row + 1) * _CHUNK, bottom), stride)
    xs = _line(column * _CHUNK, min((column + 1) * _CHUNK, right), stride)
    grid = np.ix_(ys, xs)
    heights = ground.heights[grid].copy()
    for edge, near, along in (
        (np.s_[0, :], (row - 1, column), xs),
        (np.s_[-1, :], (row + 1, column), xs),
        (np.s_[:, 0], (row, column - 1), ys),
        (np.s_[:, -1], (row, column + 1), ys),
    ):
        inside = 0 <= near[0] < strides.shape[0] and 0 <= near[1] < strides.shape[1]
        if inside and strides[near] > stride:
            coarse = np.isin(along, _line(int(along[0]), int(along[-1]), int(strides[near])))
            heights[edge] = np.interp(along, along[coarse], heights[edge][coarse])
    half = CELL_MM / 2000
    east, south = np.meshgrid(xs * half, ys * half)
    points = np.stack([east, heights, south], axis=-1).reshape(-1, 3)
    return Surface(
        points.astype(np.float32),
        ground.normals[grid].reshape(-1, 3).astype(np.float32),
        grid_indices(len(ys), len(xs)),
        paint(ground.colours[grid].reshape(-1, 3)),
    )


def grid_indices(rows: int, columns: int) -> NDArray[np.uint32]:
    """Return the triangles of a grid of points, facing up; the diagonal alternates so that no ridge is favoured."""
    at = np.arange(rows * columns, dtype=np.uint32).reshape(rows, columns)
    nw, ne, sw, se = at[:-1, :-1], at[:-1, 1:], at[1:, :-1], at[1:, 1:]
    one = np.stack([nw, sw, ne, ne, sw, se], axis=-1)
    other = np.stack([nw, sw, se, nw, se, ne], axis=-1)
    odd = (np.indices(nw.shape).sum(0) % 2 == 1)[..., None]
    return np.where(odd, one, other).ravel().astype(np.uint32)


def water(terrain: Terrain) -> dict[str, Surface]:
    """Return the surfaces of sea and rivers, each reaching one cell under its banks."""
    from scipy.ndimage import binary_dilation  # noqa: PLC0415  # scipy takes a quarter of a second

    river, sea = terrain.water == RIVER, terrain.water == SEA
    square = np.ones((3, 3), np.bool_)
    river_area = binary_dilation(river, square) & ~sea
    sea_area = binary_dilation(sea, square, iterations=2) & ~river_area
    levels = np.where(river, terrain.heights + RIVER_DEPTH_MM, 0) / 1000
    levels = _spread(levels, river | sea)
    deep = np.clip(-terrain.heights / 9000, 0, 1)[..., None] ** 0.6
    colours = np.array(SHALLOW) * (1 - deep) + np.array(DEEP) * deep
    colours[river_area] = RIVER_COLOUR
    colours = _softened(colours)
    found = {}
    for name, area in (("sea", sea_area), ("river", river_area)):
        if area.any():
            found[name] = _sheet(area, levels, colours)
    return found


def _softened(colours: Floats) -> Floats:
    from scipy.ndimage import uniform_filter  # noqa: PLC0415  # scipy takes a quarter of a second

    soft: Floats = uniform_filter(colours, (5, 5, 1), mode="nearest")
    return soft


def _spread(levels: Floats, known: NDArray[np.bool_]) -> Floats:
    """Give each cell the level of the nearest water."""
    from scipy.ndimage import distance_transform_edt  # noqa: PLC0415  # scipy takes a quarter of a second

    nearest = distance_transform_edt(~known, return_distances=False, return_indices=True)
    spread: Floats = levels[tuple(nearest)]
    return spread


def _sheet(area: NDArray[np.bool_], levels: Floats, colours: Floats) -> Surface:
    """Return the quads of the cells in `area`, in blocks where all of a block is wet; corners are shared."""
    rows, columns = area.shape
    height = doubled(levels)[::2, ::2]
    tint = doubled(colours)[::2, ::2]
    taken = np.zeros_like(area)
    quads = []
    for block in (4, 1):
        for row in range(0, rows - block + 1, block):
            for column in range(0, columns - block + 1, block):
                box = np.s_[row : row + block, column : column + block]
                flat = block == 1 or np.ptp(height[row : row + block + 1, column : column + block + 1]) == 0
                if flat and not taken[row, column] and area[box].all():
                    taken[box] = True
                    quads.append((row, column, block))
    corners = [(r + i * b, c + j * b) for r, c, b in quads for i, j in ((0, 0), (1, 0), (0, 1), (1, 1))]
    keys = np.array([row * (columns + 1) + column for row, column in corners])
    used, at = np.unique(keys, return_inverse=True)
    y, x = np.divmod(used, columns + 1)
    points = np.stack([x * CELL_MM / 1000, height[y, x], y * CELL_MM / 1000], axis=-1).astype(np.float32)
    order = at.reshape(-1, 4)[:, [0, 1, 2, 2, 1, 3]].ravel().astype(np.uint32)
    normals = np.tile(np.array((0, 1, 0), np.float32), (len(points), 1))
    return Surface(points, normals, order, paint(np.clip(tint[y, x], 0, 255).astype(np.uint8)))
