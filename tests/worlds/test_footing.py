"""How high one stands: on floors and decks, dry everywhere that one can walk."""

from __future__ import annotations

from worldloom.worlds.footing import PIER_MM, bridge_deck, footing, water_level
from worldloom.worlds.space import cell_of, centre_of, from_gltf, to_gltf


def test_nobody_stands_in_water(hamlet):
    terrain, settlement = hamlet
    for place in settlement.places:
        for cell in place.cells:
            level = water_level(terrain, cell)
            assert level is None or footing(terrain, settlement, cell) > level, (place.id, cell)


def test_one_stands_on_the_floor_of_a_house_and_on_the_planks_of_the_pier(hamlet):
    terrain, settlement = hamlet
    for house in settlement.buildings:
        assert {footing(terrain, settlement, cell) for cell in (*house.interior, *house.doors)} == {house.floor}
    assert {footing(terrain, settlement, c) for c in settlement.of_kind("harbour")[0].cells} == {PIER_MM}


def test_a_bridge_is_no_step_too_high_to_climb(hamlet):
    deck = bridge_deck(hamlet.terrain, hamlet.settlement.of_kind("bridge")[0].cells)
    for (column, row), height in deck.items():
        for cell in ((column + 1, row), (column, row + 1)):
            if cell in deck:
                assert abs(deck[cell] - height) < 1700


def test_the_frame_is_left_and_entered_by_one_door():
    assert to_gltf(2000, 4000, 500) == (2.0, 0.5, 4.0)
    assert from_gltf(*to_gltf(123_456, -7, 890)) == (123_456, -7, 890)
    assert cell_of(*centre_of((17, 4))) == (17, 4)
    assert cell_of(1999, 2000) == (0, 1)
