"""A song is sung by whoever holds it, at a place, and heard by those within hearing; it stays with its singer."""

from __future__ import annotations

import pytest
from worldloom.worlds.action import Action
from worldloom.worlds.columns import Activity
from worldloom.worlds.handling import SING_SECONDS, SONG_COMFORT
from worldloom.worlds.world import World

DIGEST = "cd" * 32
SONG = {"craft": "song", "subject": "merry", "mood": "merry", "artifact": DIGEST, "media_type": "audio/wav"}
WORDS = {"text": "Ida gave Bo a lantern.", "about": "memory-0-3", "title": "Merry song: Ida gave Bo a lantern"}


def do(world, agent, kind, **arguments):
    return world.apply([Action(agent, kind, arguments, "decision-1")], 0)


def sung(world, agent, item):
    """Return the event of singing; fails where it was refused."""
    (happening,) = do(world, agent, "use", item=item)
    assert happening.row.kind == "sing", happening.row.detail
    return happening.row


def reason(world, agent, item):
    (happening,) = do(world, agent, "use", item=item)
    assert happening.row.kind == "wait"
    return happening.row.detail["reason"]


@pytest.fixture
def household(settle):
    """Four people; agent-0 and agent-1 live together, and agent-0 holds a song."""
    world = settle(4)
    (happening,) = do(world, "agent-0", "make", seconds=60, **SONG, **WORDS)
    world.end_step()
    world.acknowledge(world.agents.ids)
    return world, happening.row.target


def column(world, agent, name):
    return int(getattr(world.agents, name)[world.agents.row_of(agent)])


def let(world, agent, name, value):
    getattr(world.agents, name)[world.agents.row_of(agent)] = value


def test_it_is_heard_by_those_near_and_stays_with_its_singer(household):
    world, item = household
    row = sung(world, "agent-0", item)
    assert row.detail == {
        "thing": "song",
        "name": WORDS["title"],
        "artifact": DIGEST,
        "mood": "merry",
        "heard": ["agent-1"],
    }
    assert (row.target, row.duration, row.cause) == (item, SING_SECONDS, "decision-1")
    assert row.place == world.settlement.places[column(world, "agent-0", "home")].id
    assert column(world, "agent-0", "activity") == Activity.BUSY
    assert world.items[item].holder == "agent-0"
    (listener, other) = world.observe(["agent-1", "agent-2"])
    assert [happening.row.kind for happening in listener.happened] == ["sing"]
    assert "agent-1" in world.due()
    assert other.happened == ()


def test_it_can_be_sung_again_and_by_whom_it_is_given_to(household):
    world, item = household
    sung(world, "agent-0", item)
    world.end_step()
    assert sung(world, "agent-0", item).detail["mood"] == "merry"
    world.end_step()
    do(world, "agent-0", "give", item=item, to="agent-1")
    world.end_step()
    assert reason(world, "agent-0", item) == "agent-1 has it"
    assert sung(world, "agent-1", item).actor == "agent-1"


def test_it_is_company_to_singer_and_listener_and_to_nobody_else(household):
    world, item = household
    for agent in world.agents.ids:
        let(world, agent, "company", 500)
    sung(world, "agent-0", item)
    felt = [column(world, agent, "company") for agent in world.agents.ids]
    assert felt == [500 - SONG_COMFORT, 500 - SONG_COMFORT, 500, 500]


def test_sung_to_nobody_it_comforts_nobody(household):
    world, item = household
    let(world, "agent-1", "activity", Activity.SLEEPING)
    let(world, "agent-0", "company", 500)
    assert sung(world, "agent-0", item).detail["heard"] == []
    assert column(world, "agent-0", "company") == 500


def test_the_deaf_hear_nothing_and_the_mute_sing_nothing(household):
    world, item = household
    let(world, "agent-1", "deaf", 1)
    assert sung(world, "agent-0", item).detail["heard"] == []
    world.end_step()
    let(world, "agent-0", "mute", 1)
    assert reason(world, "agent-0", item) == "cannot sing"


def test_nobody_sings_on_the_way(household):
    world, item = household
    x, y = (column(world, "agent-0", axis) // 1000 for axis in ("x", "y"))
    far = max(world.settlement.places, key=lambda place: abs(place.anchor[0] * 2 - x) + abs(place.anchor[1] * 2 - y))
    do(world, "agent-0", "move", to=far.id)
    world.end_step()
    (seen,) = world.observe(["agent-0"])
    assert seen.place == ""
    assert reason(world, "agent-0", item) == "is on the way and sings to nobody"


def test_a_song_and_its_mood_live_on_in_a_saved_world(household):
    world, item = household
    again = World.from_state(world.state(), terrain=world.terrain, settlement=world.settlement)
    assert again.items[item].mood == "merry"
    assert again.digest() == world.digest()
    assert sung(again, "agent-0", item).detail == sung(world, "agent-0", item).detail


def test_a_whole_sentence_may_be_sung_of_and_no_more(settle):
    world = settle(2)
    (happening,) = do(world, "agent-0", "make", seconds=60, **SONG, **{**WORDS, "text": "so it was, " * 200})
    assert happening.row.kind == "make"
    assert "text" not in happening.row.detail
