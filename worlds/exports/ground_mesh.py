"""The ground as triangles, fine in the village and coarse far off, without cracks. No roads, no water.

All grids here are double: point k lies at k cells / 2, so odd points are the middles of cells, where people stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from worldloom.worlds.biomes import Biome, slope_of
from worldloom.worlds.footing import bridge_deck
from worldloom.worlds.groundwork import Way
from worldloom.worlds.noise import fractal, hashed
from worldloom.worlds.place_names import FAR_NAMES
from worldloom.worlds.rivers import RIVER_DEPTH_MM
from worldloom.worlds.settlement import Settlement
from worldloom.worlds.space import CELL_MM, Cell
from worldloom.worlds.terrain import RIVER, SEA, Terrain

from .finishes import LOOKS, PLAIN
from .palette import DEEP, EARTH, GROUND, SOIL, WAYS, Colour
from .solids import Surface, joined, paint

CHUNK = 32
"""Side of a chunk in half cells."""

_TILE = 8
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

    def at(self, east: float, south: float) -> float:
        """Return the height at a point in metres, between the corners of its cell; beyond the edge that of the edge."""
        rows, columns = self.heights.shape
        x = min(max(east * 1000 / CELL_MM, 0.0), (columns - 1) / 2 - 1e-6)
        y = min(max(south * 1000 / CELL_MM, 0.0), (rows - 1) / 2 - 1e-6)
        column, row = int(x), int(y)
        fx, fy = x - column, y - row
        (nw, ne), (sw, se) = self.heights[2 * row : 2 * row + 3 : 2, 2 * column : 2 * column + 3 : 2].tolist()
        return float((nw + (ne - nw) * fx) * (1 - fy) + (sw + (se - sw) * fx) * fy)


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


_FAR_STRIDE = 8
"""Ground as coarse as this shows no texture: nobody comes near it."""

_LOOK_OF: dict[Biome, str] = {
    Biome.SEA: "sand",
    Biome.BEACH: "sand",
    Biome.MEADOW: "grass",
    Biome.FOREST: "grass",
    Biome.MARSH: "grass",
    Biome.ROCK: "rock",
}


class Tile(NamedTuple):
    """One node's ground: surfaces by look as they are, and one as it is seen from afar."""

    near: dict[str, Surface]
    far: Surface


def tiles(ground: Ground, terrain: Terrain, settlement: Settlement) -> dict[tuple[int, int], Tile]:
    """Return the ground by tile (column, row); neighbouring chunks of unequal fineness share their edges' heights."""
    strides = strides_of(terrain, settlement)
    coarse = np.minimum(strides * 4, 32)
    looks = _looks(terrain, settlement)
    found: dict[tuple[int, int], tuple[list[Surface], list[Surface], list[Surface]]] = {}
    for row, column in np.ndindex(*strides.shape):
        textured, bare, far = found.setdefault((column // _TILE, row // _TILE), ([], [], []))
        chunk = _chunk(ground, strides, row, column)
        far.append(_chunk(ground, coarse, row, column))
        plain = strides[row, column] >= _FAR_STRIDE
        (bare if plain else textured).append(chunk)
        bare += _walls(chunk, terrain)
    return {tile: Tile(_by_look(*parts[:2], looks), joined(parts[2])) for tile, parts in sorted(found.items())}


def _looks(terrain: Terrain, settlement: Settlement) -> NDArray[np.int64]:
    """Return for each cell the number of its look among LOOKS."""
    numbers = {name: at for at, name in enumerate(LOOKS)}
    looks = np.array([numbers[_LOOK_OF[biome]] for biome in Biome])[terrain.biome]
    looks[terrain.water > 0] = numbers["sand"]
    for place in settlement.of_kind("field"):
        for column, row in place.cells:
            looks[row, column] = numbers["gravel"]
    return looks


def _by_look(textured: list[Surface], bare: list[Surface], looks: NDArray[np.int64]) -> dict[str, Surface]:
    """Return the textured ground split by what grows on each triangle, and the rest as one plain surface."""
    out: dict[str, Surface] = {}
    if textured:
        whole = joined(textured)
        faces = whole.indices.reshape(-1, 3)
        at = whole.points[faces].mean(1)[:, [2, 0]] * 1000 // CELL_MM
        cell = np.minimum(at, (looks.shape[0] - 1, looks.shape[1] - 1)).astype(np.int64)
        number = looks[cell[:, 0], cell[:, 1]]
        for at_look, name in enumerate(LOOKS):
            if (number == at_look).any():
                out[name] = _part(whole, faces[number == at_look], LOOKS[name].metres)
    if bare:
        out[PLAIN] = joined(bare)
    return out


def _part(whole: Surface, faces: NDArray[np.uint32], metres: float) -> Surface:
    """Return the surface of some faces with their vertices only, textured from above."""
    used, indices = np.unique(faces, return_inverse=True)
    points = whole.points[used]
    assert whole.colours is not None
    texture = np.round(points[:, [0, 2]].astype(np.float64) / metres, 3).astype(np.float32)
    return Surface(points, whole.normals[used], indices.astype(np.uint32).ravel(), whole.colours[used], texture)


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


def strides_of(terrain: Terrain, settlement: Settlement) -> NDArray[np.int64]:
    """Return each chunk's stride in half cells, 2 where people live; neighbours differ by what they must."""
    rows, columns = (-(-2 * side // CHUNK) for side in terrain.shape)
    homes = [(b.footprint[0] + b.footprint[2] // 2, b.footprint[1] + b.footprint[3] // 2) for b in settlement.buildings]
    homes += [place.anchor for place in settlement.places if place.kind in ("bridge", "harbour", "field")]
    far = [place.anchor for place in settlement.places if place.name in FAR_NAMES.get(place.kind, ())]
    out = np.empty((rows, columns), np.int64)
    for row, column in np.ndindex(rows, columns):
        box = np.s_[row * CHUNK // 2 : (row + 1) * CHUNK // 2, column * CHUNK // 2 : (column + 1) * CHUNK // 2]
        if (terrain.water[box] == SEA).all():
            out[row, column] = _COARSEST
        else:
            out[row, column] = min(_stride(row, column, homes, (6, 56, 120)), _stride(row, column, far, (3, 12, 40)))
    return out


_COARSEST = 16


def _stride(row: int, column: int, spots: Sequence[Cell], reach: tuple[int, int, int]) -> int:
    """Return the stride of a chunk by how many cells away the nearest of the spots is."""
    x, y = (column * CHUNK + CHUNK // 2) / 2, (row * CHUNK + CHUNK // 2) / 2
    away = min((max(abs(at[0] - x), abs(at[1] - y)) for at in spots), default=1 << 20) - CHUNK / 4
    return next((stride for stride, within in zip((2, 4, 8), reach, strict=True) if away < within), _COARSEST)


def _line(first: int, last: int, stride: int) -> NDArray[np.int64]:
    return np.append(np.arange(first, last, stride), last)


def _chunk(ground: Ground, strides: NDArray[np.int64], row: int, column: int) -> Surface:
    stride = int(strides[row, column])
    bottom, right = ground.heights.shape[0] - 1, ground.heights.shape[1] - 1
    ys = _line(row * CHUNK, min((row + 1) * CHUNK, bottom), stride)
    xs = _line(column * CHUNK, min((column + 1) * CHUNK, right), stride)
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
