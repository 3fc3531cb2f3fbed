"""Tests of walking: pace, arrival, cells of one's own, meetings on the way, never through a wall or into water."""

from __future__ import annotations

import numpy as np
import pytest
from worldloom.worlds.action import Action
from worldloom.worlds.columns import NOWHERE, Activity
from worldloom.worlds.movement import MEET_COOLDOWN
from worldloom.worlds.nearby import HEARING_MM
from worldloom.worlds.space import CELL_MM
from worldloom.worlds.terrain import LAND


def move(world, agent, place):
    return world.apply([Action(agent, "move", {"to": place})], 0)


def rows_of(world, steps=1):
    return [row for _ in range(steps) for block in world.end_step() for row in block.rows]


def cells(world):
    return world.agents.line, world.agents.column


def far_place(world, agent):
    """The place of the hamlet farthest from an agent, and how many seconds away it is."""
    routes, row = world.settlement.routes, world.agents.row_of(agent)
    here = int(world.agents.column[row]), int(world.agents.line[row])
    return max((routes.seconds(here, place.id), place.id) for place in world.settlement.places)


@pytest.mark.parametrize("step", [1, 7, 60, 600])
def test_a_walk_takes_as_long_as_the_way_says_whatever_the_step(settle, step):
    world = settle(1, step=step)
    seconds, place = far_place(world, "agent-0")
    (happening,) = move(world, "agent-0", place)
    assert happening.row.duration == seconds
    arrived = [row for row in rows_of(world, seconds // step + 4) if row.kind == "arrive"]
    assert [(row.target, row.place) for row in arrived] == [(place, place)]
    # To the middle of the place; nobody stands in the way of a world's only inhabitant.
    assert arrived[0].time - 21_600 in (seconds, seconds + 1)
    assert world.agents.activity[0] == Activity.IDLE


def test_on_the_way_one_is_at_no_place_and_in_the_middle_of_a_cell(settle):
    world = settle(1)
    seconds, place = far_place(world, "agent-0")
    move(world, "agent-0", place)
    world.end_step()
    assert seconds > 60, "the farthest place is a minute's walk away, or this test shows nothing"
    (seen,) = world.observe(["agent-0"])
    assert (seen.place, seen.going, seen.doing) == ("", place, "walking")
    assert world.agents.x[0] % CELL_MM == world.agents.y[0] % CELL_MM == CELL_MM // 2
    assert world.due() == ()


def test_nobody_is_ever_in_a_wall_in_water_or_off_the_walkable_ground(settle):
    world = settle(30)
    walkable, water = world.settlement.walkable, world.terrain.water
    places = world.settlement.places
    for number in range(150):
        due = world.due()
        world.apply(
            [Action(a, "move", {"to": places[(number * 7 + at * 5) % len(places)].id}) for at, a in enumerate(due)], 0
        )
        world.end_step()
        assert walkable[cells(world)].all()
        wet = water[cells(world)] != LAND
        assert (world.settlement.ways[cells(world)][wet] > 0).all(), "only bridges and piers stand in water"
    assert walkable.any()


def test_no_step_is_longer_than_one_can_walk_in_it(settle):
    world = settle(12)
    places = world.settlement.places
    for number in range(60):
        world.apply([Action(a, "move", {"to": places[(number + at) % 20].id}) for at, a in enumerate(world.due())], 0)
        before = np.stack(cells(world))
        world.end_step()
        # 1,400 ms a cell; and to a free cell of a place, whose time may fall into the next step.
        assert abs(np.stack(cells(world)) - before).max() <= 60_000 // 1400 + 12


def test_everybody_gets_a_cell_of_their_own_while_there_are_any(settle):
    world = settle(20)
    inn = world.settlement.of_kind("inn")[0]
    world.apply([Action(agent, "move", {"to": inn.id}) for agent in world.agents.ids], 0)
    rows_of(world, 8)
    stood = list(zip(*(each.tolist() for each in cells(world)), strict=True))
    inside = [cell for cell, place in zip(stood, world.agents.place.tolist(), strict=True) if place == int(inn.id[6:])]
    assert len(inside) == 20
    assert len(set(inside)) == inn.capacity == 18
    assert {(y, x) for x, y in inn.cells} == set(inside)


def test_homes_hold_their_people_apart_at_the_beginning(settle):
    world = settle(10)
    assert len(set(zip(*(each.tolist() for each in cells(world)), strict=True))) == 10


def opposite(world):
    """Send agent-0 to the home of agent-2, and agent-2 to that of agent-0; returns the rows of the walk."""
    homes = [world.settlement.places[int(world.agents.home[row])].id for row in (0, 2)]
    world.apply([Action("agent-0", "move", {"to": homes[1]}), Action("agent-2", "move", {"to": homes[0]})], 0)


def walk_until_meeting(world, limit=10):
    for _ in range(limit):
        met = [row for row in rows_of(world) if row.kind == "meet"]
        if met:
            return met
    return []


def test_people_who_cross_on_the_way_meet_stop_and_can_talk(settle):
    world = settle(4)
    opposite(world)
    (met,) = walk_until_meeting(world)
    assert {met.actor, met.target} == {"agent-0", "agent-2"}
    assert met.place is None
    assert set(world.due()) >= {"agent-0", "agent-2"}
    (seen, other) = world.observe(["agent-0", "agent-2"])
    assert seen.happened[-1].row == other.happened[-1].row == met
    assert "agent-2" in {person.agent for person in seen.people if person.distance <= HEARING_MM}
    world.acknowledge(["agent-0", "agent-2"])
    (said,) = world.apply([Action("agent-0", "say", {"to": "agent-2", "text": "Good day! Where to?"})], 0)
    assert said.row.detail["heard"] == ["agent-2"]
    assert world.agents.activity[[0, 2]].tolist() == [Activity.WALKING] * 2
    rows = rows_of(world, 10)
    assert sorted(row.actor for row in rows if row.kind == "arrive") == ["agent-0", "agent-2"]


def test_who_has_met_somebody_is_left_in_peace_for_a_while(settle):
    world = settle(4)
    opposite(world)
    (met,) = walk_until_meeting(world)
    rows_of(world, 10)
    world.acknowledge(world.agents.ids)
    opposite_back = [
        Action(agent, "move", {"to": world.settlement.places[int(world.agents.home[row])].id})
        for agent, row in (("agent-0", 0), ("agent-2", 2))
    ]
    world.apply(opposite_back, 0)
    assert walk_until_meeting(world) == []
    assert (world.agents.met_at[[0, 2]] == met.time).all()
    while world.time < met.time + MEET_COOLDOWN:
        world.end_step()
    opposite(world)
    assert len(walk_until_meeting(world)) == 1


def test_a_family_that_sets_out_together_does_not_meet_itself(settle):
    world = settle(2)
    world.apply([Action(agent, "move", {"to": "place-1"}) for agent in world.agents.ids], 0)
    assert [row.kind for row in rows_of(world, 6)].count("meet") == 0
    assert world.agents.place.tolist() == [1, 1]


def test_talk_holds_a_walker_up_for_as_long_as_it_takes(settle):
    quiet, talking = settle(1), settle(1)
    times = []
    for world, words in ((quiet, ""), (talking, "x" * 300)):
        seconds, place = far_place(world, "agent-0")
        move(world, "agent-0", place)
        if words:
            (said,) = world.apply([Action("agent-0", "say", {"text": words})], 1)
            assert said.row.duration == 22
        times += [row.time for row in rows_of(world, seconds // 60 + 3) if row.kind == "arrive"]
    assert times[1] == times[0] + 22


def test_who_does_something_else_on_the_way_stops_there(settle):
    world = settle(1)
    _, place = far_place(world, "agent-0")
    move(world, "agent-0", place)
    world.end_step()
    at = cells(world)
    world.apply([Action("agent-0", "rest", {"seconds": 300})], 0)
    world.end_step()
    assert [a.tolist() for a in cells(world)] == [a.tolist() for a in at]
    assert world.agents.target[0] == world.agents.origin[0] == NOWHERE
    move(world, "agent-0", place)
    assert [row.target for row in rows_of(world, 8) if row.kind == "arrive"] == [place]


def test_one_can_change_ones_mind_on_the_way(settle):
    world = settle(1)
    _, place = far_place(world, "agent-0")
    home = world.observe(["agent-0"])[0].place
    move(world, "agent-0", place)
    world.end_step()
    move(world, "agent-0", home)
    assert [row.target for row in rows_of(world, 8) if row.kind == "arrive"] == [home]


def test_moving_to_where_one_is_already_is_refused(settle):
    world = settle(1)
    home = world.observe(["agent-0"])[0].place
    assert world.refusal(Action("agent-0", "move", {"to": home})) == "is there already"


def test_those_who_are_there_take_note_of_who_arrives(settle):
    world = settle(4)
    home = world.observe(["agent-2"])[0].place
    move(world, "agent-0", home)
    (arrived,) = [row for row in rows_of(world, 6) if row.kind == "arrive"]
    seen = {agent: [each.row for each in world.observe([agent])[0].happened] for agent in world.agents.ids}
    assert all(arrived in seen[agent] for agent in ("agent-0", "agent-2", "agent-3"))
    assert arrived not in seen["agent-1"]
