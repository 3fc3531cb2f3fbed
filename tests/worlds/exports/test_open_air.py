"""Fences, stalls, lamps, boats, roads and water: where they belong, in no door's way, on their ground."""

from __future__ import annotations

import numpy as np
import pytest
from worldloom.worlds.exports import boats, yard
from worldloom.worlds.exports.fences import around_field, around_house, open_ground
from worldloom.worlds.exports.ground_mesh import make_ground, strides_of, tiles
from worldloom.worlds.exports.plant_shapes import SPECIES
from worldloom.worlds.exports.roads_mesh import drawn_heights, roads
from worldloom.worlds.exports.street import pieces
from worldloom.worlds.exports.water_mesh import water
from worldloom.worlds.space import CELL_MM
from worldloom.worlds.terrain import LAND, SEA

METRES = CELL_MM / 1000


@pytest.fixture(scope="module")
def ground(hamlet):
    return make_ground(hamlet.terrain, hamlet.settlement)


@pytest.fixture(scope="module")
def standing(hamlet, ground):
    return list(pieces(ground, hamlet.terrain, hamlet.settlement))


def cell_of(piece) -> tuple[int, int]:
    return int(piece.at[0] // METRES), int(piece.at[2] // METRES)


def test_what_stands_about_has_names_of_its_own_and_shares_shapes(standing):
    names = [piece.name for piece in standing]
    assert len(set(names)) == len(names)
    assert {"lamp", "stall", "boat", "goods", "beacon"} <= {piece.kind for piece in standing}
    assert len({piece.mesh for piece in standing}) < len(standing)


def test_boats_float_and_everything_else_stands(hamlet, ground, standing):
    for piece in standing:
        column, row = cell_of(piece)
        wet = hamlet.terrain.water[row, column] == SEA
        if piece.kind == "boat" and piece.name != "dinghy ashore":
            assert wet, piece.name
            assert piece.at[1] == 0, piece.name
        elif piece.place not in {place.id for place in hamlet.settlement.of_kind("harbour")}:
            assert hamlet.terrain.water[row, column] == LAND, piece.name
            assert piece.at[1] == pytest.approx(ground.at(piece.at[0], piece.at[2]), abs=0.4), piece.name


def test_stalls_leave_the_ways_and_the_well_free(hamlet, standing):
    stalls = [cell_of(piece) for piece in standing if piece.kind == "stall"]
    wells = [cell for well in hamlet.settlement.of_kind("well") for cell in well.cells]
    assert len(stalls) >= 2
    for x, y in stalls:
        assert all(max(abs(x - u), abs(y - v)) >= 3 for u, v in wells)


def test_lamps_stand_beside_ways_and_apart(hamlet, standing):
    lamps = [cell_of(piece) for piece in standing if piece.kind == "lamp"]
    assert len(lamps) >= 3
    for number, (x, y) in enumerate(lamps):
        assert hamlet.settlement.ways[y, x] == 0
        assert (hamlet.settlement.ways[y - 1 : y + 2, x - 1 : x + 2] > 0).any()
        assert all(max(abs(x - u), abs(y - v)) >= 8 for u, v in lamps[:number])


def test_no_fence_crosses_a_way_or_closes_a_door(hamlet, ground):
    free = open_ground(hamlet.terrain, hamlet.settlement)
    fences = [around_house(ground, house, free) for house in hamlet.settlement.buildings if house.kind == "home"]
    fences += [around_field(ground, field, free) for field in hamlet.settlement.of_kind("field")]
    found = [fence for fence in fences if fence is not None]
    assert found
    doors = [door for house in hamlet.settlement.buildings for door in house.doors]
    for fence in found:
        points = np.concatenate([part.points for part in fence.parts().values()])
        for x, _, z in points[:: max(1, len(points) // 200)].tolist():
            column, row = int(x // METRES), int(z // METRES)
            near = hamlet.settlement.ways[row, column]
            # A fence stands on the border between two cells: it may reach over it by its thickness, no more.
            inside = 0.4 < x % METRES < 1.6 and 0.4 < z % METRES < 1.6
            assert not (near and inside)
            assert all(max(abs(column - u), abs(row - v)) > 1 for u, v in doors)


def test_a_fence_follows_its_ground(hamlet, ground):
    free = open_ground(hamlet.terrain, hamlet.settlement)
    for house in hamlet.settlement.buildings:
        fence = around_house(ground, house, free)
        if house.kind == "home" and fence is not None:
            for part in fence.parts().values():
                under = np.array([ground.at(x, z) for x, _, z in part.points.tolist()])
                assert (part.points[:, 1] - under).max() < 1.6
                assert (part.points[:, 1] - under).min() > -0.9


def test_roads_lie_on_the_drawn_ground_and_fade_at_their_edges(hamlet, ground):
    heights = drawn_heights(ground, strides_of(hamlet.terrain, hamlet.settlement))
    found = roads(ground, hamlet.terrain, hamlet.settlement)
    assert set(found) == {"gravel", "cobbles"}
    for surface in found.values():
        assert surface.colours is not None
        half = np.round(surface.points[:, [2, 0]] / (METRES / 2)).astype(int)
        lift = surface.points[:, 1] - heights[half[:, 0], half[:, 1]]
        assert ((lift > 0.02) & (lift < 0.08)).all()
        assert surface.colours[:, 3].min() < 60
        assert surface.colours[:, 3].max() == 255


def test_water_is_clear_at_the_shore_and_dark_over_the_deep(hamlet):
    found = water(hamlet.terrain)
    assert set(found) == {"sea", "river"}
    sea = found["sea"]
    assert sea.colours is not None
    assert sea.tangents is not None
    cells = np.minimum(sea.points[:, [2, 0]] // METRES, np.array(hamlet.terrain.shape) - 1).astype(int)
    depth = -hamlet.terrain.heights[cells[:, 0], cells[:, 1]] / 1000
    assert sea.colours[depth < 0.1, 3].mean() < 130
    assert sea.colours[depth > depth.max() * 0.8, 3].min() > sea.colours[depth < 0.1, 3].mean() + 20


def test_the_ground_has_a_texture_for_what_grows_on_it(hamlet, ground):
    looks = {look for tile in tiles(ground, hamlet.terrain, hamlet.settlement).values() for look in tile.near}
    assert {"grass", "sand", "gravel"} <= looks


@pytest.mark.parametrize("species", SPECIES, ids=lambda species: species.name)
def test_a_plant_stands_with_its_foot_in_the_ground_and_costs_less_from_afar(species):
    parts = species.near()
    points = np.concatenate([part.points for part in parts.values()])
    assert points[:, 1].min() < 0.05 < points[:, 1].max()
    for part in parts.values():
        corners = part.points[part.indices].reshape(-1, 3, 3).astype(float)
        faces = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        assert ((faces * part.normals[part.indices].reshape(-1, 3, 3).sum(1)).sum(1) > -1e-6).all()
    if species.far is not None:
        assert len(species.far().indices) * 5 < sum(len(part.indices) for part in parts.values())
        assert species.far().points[:, 1].max() == pytest.approx(points[:, 1].max(), rel=0.4)


def test_a_boat_is_whole_seen_from_outside_and_draws_water():
    for boat in (boats.dinghy(0), boats.cutter(0)):
        hull = boat.parts()["clapboard"]
        assert hull.points[:, 1].min() < -0.05
        outward = hull.normals * np.sign(hull.points[:, [2]]) * (0, 0, 1)
        assert (outward.sum(1)[abs(hull.points[:, 2]) > 0.2] > -0.2).mean() > 0.95


def test_a_street_lamp_shines_where_its_lantern_is():
    lantern = yard.street_lamp().parts()["lamp"].points
    assert np.linalg.norm(lantern - np.array(yard.STREET_LAMP.at), axis=1).min() < 0.4
