"""The village: complete, on dry ground, and every part of it within reach of every other."""

from __future__ import annotations

import numpy as np
import pytest
from worldloom.worlds.buildings import ESSENTIAL
from worldloom.worlds.groundwork import Way
from worldloom.worlds.land_errors import SettlementError
from worldloom.worlds.settlement import Settlement, found_settlement
from worldloom.worlds.terrain import LAND, RIVER, SEA, Terrain, make_terrain

FAST_SEEDS, ALL_SEEDS = range(20), range(200)
VILLAGE = 256


def found(seed: int, size: int) -> tuple[Terrain, Settlement]:
    terrain = make_terrain(seed, size)
    return terrain, found_settlement(terrain, seed)


@pytest.fixture(scope="module")
def village() -> tuple[Terrain, Settlement]:
    return found(7, 512)


def components(walkable: np.ndarray) -> np.ndarray:
    """Number the parts of the walkable cells, steps being those to the four neighbours, by scipy's graph search."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    at = np.arange(walkable.size).reshape(walkable.shape)
    east, south = walkable[:, :-1] & walkable[:, 1:], walkable[:-1] & walkable[1:]
    starts = np.concatenate([at[:, :-1][east], at[:-1][south]])
    ends = np.concatenate([at[:, 1:][east], at[1:][south]])
    graph = coo_array((np.ones(len(starts), np.int8), (starts, ends)), shape=(walkable.size, walkable.size))
    return connected_components(graph, directed=False)[1].reshape(walkable.shape)


def require_whole(terrain: Terrain, settlement: Settlement) -> None:
    """Assert what must hold of any settlement: everything reachable, nobody in a wall or the water."""
    parts = components(settlement.walkable)
    home = parts[settlement.square[1], settlement.square[0]]
    for place in settlement.places:
        assert place.cells
        assert place.anchor in place.cells
        for column, row in place.cells:
            assert settlement.walkable[row, column], (place.id, column, row)
            assert parts[row, column] == home, (place.id, place.name)
    wet = settlement.walkable & (terrain.water != LAND)
    decks = (settlement.ways == Way.BRIDGE) | (settlement.ways == Way.PIER)
    assert not (wet & ~decks).any()
    for building in settlement.buildings:
        column, row, columns, rows = building.footprint
        box = np.s_[row : row + rows, column : column + columns]
        inside = {(column + x, row + y) for y, x in np.argwhere(settlement.walkable[box]).tolist()}
        assert inside == {*building.interior, *building.doors}
        assert building.floor > terrain.heights[box].max()
        assert (terrain.water[box] == LAND).all()


def test_a_village_has_what_people_need(village):
    _, settlement = village
    kinds = {building.kind for building in settlement.buildings}
    assert len(settlement.buildings) >= 15
    assert set(ESSENTIAL) <= kinds
    assert len(settlement.of_kind("home")) >= 10
    assert {"square", "harbour", "bridge", "well", "field", "beach", "wood", "lookout"} <= {
        place.kind for place in settlement.places
    }
    assert all(building.doors and building.interior for building in settlement.buildings)
    assert (settlement.ways == Way.ROAD).sum() > 50
    assert (settlement.ways == Way.PATH).any()


def test_the_bridge_spans_the_river_and_the_pier_the_sea(village):
    terrain, settlement = village
    assert (terrain.water[settlement.ways == Way.BRIDGE] == RIVER).all()
    assert (terrain.water[settlement.ways == Way.PIER] == SEA).all()
    without = settlement.walkable & (settlement.ways != Way.BRIDGE)
    assert components(without).max() > components(settlement.walkable).max()


def test_every_room_has_a_building_and_every_id_is_its_number(village):
    _, settlement = village
    assert [place.id for place in settlement.places] == [f"place-{n}" for n in range(len(settlement.places))]
    assert [house.id for house in settlement.buildings] == [f"building-{n}" for n in range(len(settlement.buildings))]
    rooms = {place.building: place for place in settlement.places if place.building}
    for house in settlement.buildings:
        assert rooms[house.id].cells == house.interior
        assert rooms[house.id].name == house.name


def test_no_two_houses_touch(village):
    _, settlement = village
    taken = np.zeros(settlement.walkable.shape, np.int64)
    for column, row, columns, rows in (house.footprint for house in settlement.buildings):
        taken[row - 1 : row + rows + 1, column - 1 : column + columns + 1] += 1
        assert (taken[row : row + rows, column : column + columns] == 1).all()


@pytest.mark.parametrize("seed", FAST_SEEDS)
def test_every_place_can_be_reached(seed):
    terrain, settlement = found(seed, VILLAGE)
    assert len(settlement.buildings) >= 15
    require_whole(terrain, settlement)


@pytest.mark.slow
@pytest.mark.parametrize("seed", ALL_SEEDS[len(FAST_SEEDS) :])
def test_every_place_can_be_reached_in_200_villages(seed):
    require_whole(*found(seed, VILLAGE))


@pytest.mark.slow
def test_hamlets_are_whole_and_seldom_find_no_room():
    refused = 0
    for seed in ALL_SEEDS:
        try:
            require_whole(*found(seed, 96))
        except SettlementError:
            refused += 1
    assert refused < len(ALL_SEEDS) // 20


def test_the_whole_kilometre_is_whole(village):
    require_whole(*village)


def test_the_same_seed_builds_the_same_village_and_another_does_not(hamlet):
    again = found_settlement(hamlet.terrain, 7)
    assert again.content() == hamlet.settlement.content()
    assert again.digest == hamlet.settlement.digest
    assert found_settlement(hamlet.terrain, 8).digest != again.digest


def test_content_holds_neither_floats_nor_numpy_numbers(hamlet):
    def walk(value):
        if isinstance(value, dict):
            value = list(value.values())
        if isinstance(value, list):
            for part in value:
                walk(part)
        else:
            assert type(value) in (int, str)

    walk(hamlet.settlement.content())


def test_no_village_on_open_sea():
    flat = np.full((96, 96), -3000, np.int32)
    sea = Terrain(flat, np.zeros((96, 96), np.uint8), np.full((96, 96), SEA, np.uint8))
    with pytest.raises(SettlementError, match="try another seed"):
        found_settlement(sea, 1)


def test_no_village_without_a_river():
    heights = np.full((96, 96), 3000, np.int32)
    heights[80:] = -3000
    water = np.where(heights < 0, SEA, LAND).astype(np.uint8)
    with pytest.raises(SettlementError):
        found_settlement(Terrain(heights, np.where(heights < 0, 0, 2).astype(np.uint8), water), 1)


def test_an_unknown_place_is_named_with_those_there_are(hamlet):
    with pytest.raises(SettlementError, match="'place-99' is no place"):
        hamlet.settlement.place("place-99")
