"""Tests of observing: what is in view, who, how far; that looking changes nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.worlds.action import Action
from worldloom.worlds.errors import WorldError
from worldloom.worlds.ground import OPEN_AIR
from worldloom.worlds.nearby import HEARING_MM, VIEW_MM, Spots, nearest_of_each, within
from worldloom.worlds.observe import ALIKE_LIMIT, PEOPLE_LIMIT, THINGS_LIMIT
from worldloom.worlds.space import CELL_MM, centre_of


def stand(world, agent, cell):
    """Put an agent on a cell, on the way."""
    row = world.agents.row_of(agent)
    world.agents.x[row], world.agents.y[row] = centre_of(cell)
    world.agents.place[row] = -1


def open_cells(hamlet, count):
    """A run of walkable cells in one row of the grid in the open, west to east."""
    rooms = {cell for place in hamlet.settlement.places if place.building for cell in place.cells}
    walkable = hamlet.settlement.walkable
    for row, column in np.argwhere(walkable).tolist():
        run = [(column + n, row) for n in range(count)]
        if run[-1][0] < walkable.shape[1] and all(walkable[y, x] and (x, y) not in rooms for x, y in run):
            return run
    raise AssertionError("no such run of cells")


def test_indoors_one_sees_the_room_and_nobody_through_its_walls(settle, hamlet):
    world = settle()
    (seen,) = world.observe(["agent-0"])
    assert [person.agent for person in seen.people] == ["agent-1"]
    home = seen.place
    assert {thing.item for thing in seen.things} <= {item.id for item in world.items.lying_at(home)}
    door = next(house.doors[0] for house in hamlet.settlement.buildings if house.interior == world_place(world, home))
    stand(world, "agent-2", door)
    assert [person.agent for person in world.observe(["agent-0"])[0].people] == ["agent-1"]
    assert world.observe(["agent-2"])[0].people == ()


def world_place(world, place):
    return world.settlement.place(place).cells


def test_outdoors_one_sees_forty_metres_and_hears_eight(settle, hamlet):
    world = settle()
    cells = open_cells(hamlet, VIEW_MM // CELL_MM + 2)
    stand(world, "agent-0", cells[0])
    for agent, at in (("agent-1", 4), ("agent-2", 5), ("agent-3", 20), ("agent-4", 21)):
        stand(world, agent, cells[at])
    people = world.observe(["agent-0"])[0].people
    assert [(each.agent, each.distance) for each in people] == [
        ("agent-1", HEARING_MM),
        ("agent-2", 10_000),
        ("agent-3", VIEW_MM),
    ]
    (said,) = world.apply([Action("agent-0", "say", {"text": "Ahoy"})], 0)
    assert said.row.detail["heard"] == ["agent-1"]
    refused = world.refusal(Action("agent-0", "say", {"to": "agent-2", "text": "Ahoy"}))
    assert refused == "agent-2 is out of hearing"


def test_people_are_told_apart_by_what_they_do(settle):
    world = settle()
    world.apply([Action("agent-1", "rest", {"seconds": 600})], 0)
    mine, theirs = world.observe(["agent-0", "agent-1"])
    assert mine.people[0].doing == "resting"
    assert (theirs.doing, theirs.until, theirs.going) == ("resting", world.time + 600, "")
    assert (mine.doing, mine.until) == ("idle", world.time)


def test_looking_changes_nothing(settle):
    world = settle()
    world.apply([Action("agent-0", "say", {"to": "agent-1", "text": "Hello"})], 0)
    first = world.observe(world.agents.ids)
    assert world.observe(world.agents.ids) == first
    assert "agent-1" in world.due()
    other = settle()
    other.apply([Action("agent-0", "say", {"to": "agent-1", "text": "Hello"})], 0)
    world.end_step()
    other.end_step()
    assert world.digest() == other.digest()


def test_what_one_has_looked_at_does_not_come_again(settle):
    world = settle()
    world.intervene("tell", target="agent-0", detail={"text": "x"})
    world.acknowledge(["agent-0"])
    assert world.observe(["agent-0"])[0].happened == ()


def test_a_crowd_and_a_full_larder_are_taken_in_only_in_part(settle):
    world = settle(60)
    cell = centre_of(world.settlement.square)
    world.agents.x[:], world.agents.y[:], world.agents.place[:] = cell[0], cell[1], -1
    assert len(world.observe(["agent-0"])[0].people) == PEOPLE_LIMIT
    bakery = world.settlement.of_kind("bakery")[0]
    world.agents.place[0] = int(bakery.id[6:])
    world.agents.x[0], world.agents.y[0] = centre_of(bakery.anchor)
    things = world.observe(["agent-0"])[0].things
    loaves = [thing for thing in things if thing.thing == "loaf"]
    assert len(loaves) == ALIKE_LIMIT
    assert len(things) <= THINGS_LIMIT


def test_all_at_once_is_the_same_as_one_by_one(settle):
    world = settle(30)
    together = world.observe(world.agents.ids)
    assert together == [world.observe([agent])[0] for agent in world.agents.ids]
    assert world.observe([]) == []


def test_nobody_can_be_asked_for_an_agent_that_is_not_there(settle):
    with pytest.raises(WorldError, match="no agent of this world"):
        settle().observe(["agent-77"])


COORDINATE = st.integers(0, 120_000)
SPOTS = st.lists(st.tuples(COORDINATE, COORDINATE, st.integers(-1, 2)), max_size=25)


def spots_of(rows):
    return Spots(*(np.array([row[at] for row in rows], np.int64) for at in range(3)))


@given(SPOTS, SPOTS, st.sampled_from([2_000, 8_000, 40_000]), st.booleans())
def test_pairs_are_those_that_trying_all_would_find(watchers, watched, reach, whole_rooms):
    expected = []
    for at, (x, y, zone) in enumerate(watchers):
        found = []
        for to, (x2, y2, zone2) in enumerate(watched):
            square = (x - x2) ** 2 + (y - y2) ** 2
            distance = int(square**0.5)
            near = distance <= reach or (whole_rooms and zone != OPEN_AIR)
            if zone == zone2 and near:
                found.append((at, to, distance))
        expected += sorted(found, key=lambda pair: (pair[2], pair[1]))
    pairs = within(spots_of(watchers), spots_of(watched), reach, whole_rooms=whole_rooms)
    assert list(zip(*(each.tolist() for each in pairs), strict=True)) == expected
    firsts = nearest_of_each(pairs, 2)
    assert all(firsts.watcher.tolist().count(at) <= 2 for at in range(len(watchers)))


def test_made_things_are_seen_from_afar_and_others_only_in_reach(settle, hamlet):
    world = settle()
    made = {"subject": "x", "artifact": "ab" * 32, "media_type": "image/png", "title": "The Gull"}
    world.apply([Action("agent-0", "make", {"craft": "prop", "seconds": 60, **made})], 0)
    world.end_step()
    (prop,) = [item.id for item in world.items.values() if item.artifact]
    food = next(item.id for item in world.items.values() if item.thing == "loaf")
    cells = open_cells(hamlet, 12)
    for item in (prop, food):
        world.items.move_to_place(item, "place-0", cells[0])
    stand(world, "agent-2", cells[-1])
    (seen,) = world.observe(["agent-2"])
    assert [thing.item for thing in seen.things if thing.item in (prop, food)] == [prop]
    stand(world, "agent-2", cells[4])
    (seen,) = world.observe(["agent-2"])
    assert [thing.item for thing in seen.things if thing.item in (prop, food)] == [prop, food]
    assert all(
        not world.refusal(Action("agent-2", "take", {"item": thing.item}))
        for thing in seen.things
        if not thing.artifact
    )
