"""Houses of every kind: closed where one looks, standing on their ground, textured, lit by night, coarse from afar."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.worlds.buildings import KINDS, Building, interior_of
from worldloom.worlds.exports.finishes import LAYINGS
from worldloom.worlds.exports.houses import STYLES, make_house, roof_of
from worldloom.worlds.exports.solids import Surface
from worldloom.worlds.terrain import Terrain

SIDE = 16


def hillside(south: int, east: int) -> Terrain:
    """A plane that rises by so many millimetres a cell."""
    row, column = np.indices((SIDE, SIDE))
    heights = (4000 + row * south + column * east).astype(np.int32)
    return Terrain(heights, np.full((SIDE, SIDE), 2, np.uint8), np.zeros((SIDE, SIDE), np.uint8))


def house_of(kind: str, terrain: Terrain, *, number: int = 3, turned: bool = False, door: int = 2) -> Building:
    """A house as plots.py would put it on the terrain, its door in wall 0 to 3 from the north clockwise."""
    made = KINDS[kind]
    columns, rows = (made.width, made.length) if turned else (made.length, made.width)
    column, row = 4, 4
    x, y = column + columns // 2, row + rows // 2
    doors = ((x, row), (column + columns - 1, y), (x, row + rows - 1), (column, y))
    box = terrain.heights[row : row + rows, column : column + columns]
    footprint = (column, row, columns, rows)
    floor = int(box.max()) + 150
    ridge = "y" if turned else "x"
    return Building(
        f"building-{number}", kind, kind, footprint, (doors[door],), interior_of(footprint), floor, made.wall_mm, ridge
    )


def triangles(parts: dict[str, Surface]) -> np.ndarray:
    return np.concatenate([part.points[part.indices].reshape(-1, 3, 3) for part in parts.values()]).astype(float)


def first_hits(corners: np.ndarray, eyes: np.ndarray, rays: np.ndarray) -> np.ndarray:
    """Return for each ray the cosine between it and the front of the first face it meets; nan where it meets none."""
    one, two = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    fronts = np.cross(one, two)
    out = np.full(len(eyes), np.nan)
    for number, (eye, ray) in enumerate(zip(eyes, rays, strict=True)):
        # Moeller and Trumbore, against all triangles at once.
        p = np.cross(ray, two)
        volume = (one * p).sum(1)
        safe = np.where(abs(volume) < 1e-9, np.inf, volume)
        offset = eye - corners[:, 0]
        u = (offset * p).sum(1) / safe
        q = np.cross(offset, one)
        v, away = (q @ ray) / safe, (q * two).sum(1) / safe
        hit = np.isfinite(safe) & (u >= 0) & (v >= 0) & (u + v <= 1) & (away > 0)
        if hit.any():
            face = np.flatnonzero(hit)[np.argmin(away[hit])]
            out[number] = fronts[face] @ ray / np.linalg.norm(fronts[face])
    return out


@pytest.mark.parametrize("kind", KINDS)
def test_from_outside_one_sees_fronts_only(kind):
    """Rays from all around, above door height: the first face hit turns its front to the eye, so nothing is a hole."""
    corners = triangles(make_house(house_of(kind, hillside(60, 40)), hillside(60, 40)).near.parts())
    low, high = corners.min((0, 1)), corners.max((0, 1))
    eyes, rays = [], []
    for i in range(12):
        angle = 2 * np.pi * (i + 0.37) / 12
        out = np.array((np.cos(angle), 0.0, np.sin(angle)))
        across = np.array((-out[2], 0.0, out[0]))
        for shift in (-1.7, 0.13, 1.9):
            eyes += [out * 40 + across * shift + (0, up, 0) for up in (2.9, (2.9 + high[1]) / 2)]
            rays += [-out, -out]
    for x in np.linspace(low[0] + 1, high[0] - 1, 7):
        for z in (-1.1, 0.3, 1.3):
            eyes.append(np.array((x + 0.013, high[1] + 5, z)))
            rays.append(np.array((0.0, -1.0, 0.0)))
    met = first_hits(corners, np.array(eyes), np.array(rays))
    assert np.isfinite(met).mean() > 0.6
    assert np.nanmax(met) < 1e-6, (kind, eyes[int(np.nanargmax(met))])


@settings(max_examples=15, deadline=None)
@given(st.integers(-450, 450), st.integers(-450, 450), st.sampled_from(sorted(KINDS)), st.booleans(), st.integers(0, 3))
def test_on_any_slope_a_house_reaches_into_the_ground_and_its_floor_stays_above(south, east, kind, turned, door):
    terrain = hillside(south, east)
    building = house_of(kind, terrain, turned=turned, door=door)
    corners = triangles(make_house(building, terrain).near.parts())
    column, row, columns, rows = building.footprint
    box = terrain.heights[row : row + rows, column : column + columns]
    assert corners[..., 1].min() * 1000 + building.floor < int(box.min())
    # Nothing hangs in the air: walls and what leans on them go down to where the ground is lowest.
    ground = (int(box.min()) - building.floor) / 1000
    lowest = corners[..., 1].min(1)
    near_floor = corners[(lowest < ground + 0.1)]
    assert abs(near_floor[..., 0]).max() > 1
    assert building.floor > int(box.max())


@pytest.mark.parametrize("kind", KINDS)
def test_what_has_a_texture_has_coordinates_and_what_is_raised_has_tangents(kind):
    terrain = hillside(30, 0)
    house = make_house(house_of(kind, terrain), terrain)
    parts = house.near.parts()
    assert len([look for look in parts if look in LAYINGS]) >= 4
    for look, part in parts.items():
        assert (part.texture is not None) == (look in LAYINGS), look
        assert (part.tangents is not None) == (look in LAYINGS and LAYINGS[look].raised), look
        if part.tangents is not None:
            assert np.linalg.norm(part.tangents[:, :3], axis=1) == pytest.approx(1, abs=1e-3)
            assert (part.tangents[:, :3] * part.normals).sum(1) == pytest.approx(0, abs=1e-3)


def test_a_texture_has_the_same_size_on_every_wall():
    """A tile of a look covers as many metres as LOOKS says, measured along each triangle's edges."""
    terrain = hillside(0, 0)
    for look, part in make_house(house_of("inn", terrain), terrain).near.parts().items():
        if look not in ("rubble", "pantiles", "plaster"):
            continue
        corners, spots = (
            values[part.indices].reshape(-1, 3, values.shape[1]) for values in (part.points, part.texture)
        )
        metres = np.linalg.norm(corners[:, 1] - corners[:, 0], axis=1)
        tiles = np.linalg.norm(spots[:, 1] - spots[:, 0], axis=1) * LAYINGS[look].metres
        assert tiles == pytest.approx(metres, abs=0.02), look


@pytest.mark.parametrize("kind", KINDS)
def test_from_afar_a_house_costs_a_tenth_and_is_as_large(kind):
    terrain = hillside(0, 0)
    house = make_house(house_of(kind, terrain), terrain)
    near, far = triangles(house.near.parts()), triangles(house.far.parts())
    assert len(far) * 10 < len(near)
    spread = np.ptp(far.reshape(-1, 3), axis=0) / np.ptp(near.reshape(-1, 3), axis=0)
    assert spread[[0, 2]].min() > 0.5


def test_homes_differ_and_lit_windows_are_where_windows_are():
    terrain = hillside(0, 0)
    homes = [make_house(house_of("home", terrain, number=number), terrain) for number in range(12)]
    assert len({triangles(home.near.parts()).shape for home in homes}) > 4
    assert len({roof_of(STYLES["home"], number).look for number in range(12)}) >= 3
    for home in homes:
        panes = home.near.parts()["glass"].points
        for lit in home.lit.parts()["lit"].points.reshape(-1, 4, 3):
            # A few millimetres before a pane of glass of the same size.
            assert np.abs(panes.reshape(-1, 4, 3) - lit).max((1, 2)).min() < 0.02


def test_a_kind_nobody_knows_is_drawn_as_a_home():
    terrain = hillside(0, 0)
    home = house_of("home", terrain)
    strange = Building("building-3", "pagoda", "x", *[getattr(home, name) for name in (
        "footprint", "doors", "interior", "floor", "wall", "ridge")])  # fmt: skip
    one, other = (triangles(make_house(house, terrain).near.parts()) for house in (home, strange))
    assert np.array_equal(one, other)


def test_lamps_hang_where_fire_is():
    """A light without a lamp would be a ghost: every lamp of a house is within a metre of something that glows."""
    terrain = hillside(0, 0)
    for kind in KINDS:
        house = make_house(house_of(kind, terrain), terrain)
        parts = house.near.parts()
        glowing = [parts[look].points for look in ("lamp", "forge") if look in parts]
        for lamp in house.lamps:
            near = min(np.linalg.norm(points - np.array(lamp.at), axis=1).min() for points in glowing)
            assert near < 1.1, kind
        assert bool(glowing) == bool(house.lamps), kind
