"""Islands: sea on every side, a hamlet, and places far from each other that can all be walked to."""

from __future__ import annotations

import numpy as np
import pytest
from worldloom.worlds.errors import WorldError
from worldloom.worlds.groundwork import Way
from worldloom.worlds.island import island_heights, make_island
from worldloom.worlds.land_errors import TerrainError
from worldloom.worlds.place_names import FAR_NAMES
from worldloom.worlds.settlement import Settlement, found_settlement
from worldloom.worlds.terrain import SEA, Terrain

SIZE, SEED = 192, 2


@pytest.fixture(scope="module")
def island() -> tuple[Terrain, Settlement]:
    terrain = make_island(SEED, SIZE)
    return terrain, found_settlement(terrain, SEED, quiet=True)


@pytest.mark.parametrize("seed", range(3))
def test_the_sea_is_on_every_side_and_the_land_is_one(seed):
    from scipy.ndimage import label

    heights = island_heights(seed, 96)
    for edge in (heights[0], heights[-1], heights[:, 0], heights[:, -1]):
        assert edge.max() < 0
    parts, _ = label(heights >= 0)
    sizes = np.bincount(parts.ravel())[1:]
    assert sizes.max() > 0.97 * sizes.sum()
    assert 0.2 < (heights >= 0).mean() < 0.6


def test_the_same_seed_gives_the_same_island_and_another_another():
    assert make_island(4, 96).digest == make_island(4, 96).digest
    assert make_island(4, 96).digest != make_island(5, 96).digest


def test_an_island_comes_back_from_its_bytes(island):
    terrain, _ = island
    assert Terrain.from_bytes(terrain.to_bytes()).digest == terrain.digest


def test_there_are_places_to_walk_to_all_over_it(island):
    _, settlement = island
    for kind, names in FAR_NAMES.items():
        far = [place for place in settlement.of_kind(kind) if place.name in names]
        assert len(far) >= 2, kind
    found = [place for place in settlement.places if place.name in {n for names in FAR_NAMES.values() for n in names}]
    assert len({place.name for place in found}) == len(found)
    for place in found:
        others = [each for each in found if each is not place]
        nearest = min(max(abs(p.anchor[0] - place.anchor[0]), abs(p.anchor[1] - place.anchor[1])) for p in others)
        assert nearest > SIZE // 20


def test_every_place_can_be_reached_by_a_path_and_none_lies_in_the_sea(island):
    terrain, settlement = island
    start = settlement.square
    for place in settlement.places:
        assert settlement.routes.reaches(start, place.id)
        if place.kind in FAR_NAMES:
            assert all(terrain.water[row, column] != SEA for column, row in place.cells)
            column, row = place.anchor
            assert (settlement.ways[row - 1 : row + 2, column - 1 : column + 2] != Way.NONE).any()


def test_a_hamlet_stays_small_on_a_large_island(island):
    _, settlement = island
    assert len(settlement.of_kind("home")) <= 8


@pytest.mark.parametrize("size", [0, 63, 8193])
def test_a_size_that_cannot_be_is_refused(size):
    with pytest.raises(TerrainError, match="choose 64 to 8192"):
        make_island(1, size)
    assert issubclass(TerrainError, WorldError)
