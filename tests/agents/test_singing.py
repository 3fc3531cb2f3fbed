"""A song in the world, as people take it in: the singer did it, whoever is near heard it, and nobody else knows."""

from __future__ import annotations

import pytest
from worldloom.worlds.action import Action

TITLE = "Merry song: Ida gave Bo a lantern"
SONG = {
    "craft": "song",
    "subject": "merry",
    "mood": "merry",
    "seconds": 60,
    "text": "Ida gave Bo a lantern.",
    "artifact": "cd" * 32,
    "media_type": "audio/wav",
    "title": TITLE,
}


@pytest.fixture
def heard(hamlet, theatre):
    """Four people who are awake, in the evening of a song at the home of the first two."""
    play = theatre(hamlet, agents=4)
    play.play(0.5)
    world = play.world
    world.apply([Action("agent-0", "make", SONG, "decision-1")], 0)
    (made,) = [item for item in world.items.values() if item.thing == "song"]
    # It takes no time here, and the singer stands at home with agent-1 and nobody else.
    for name in ("x", "y", "place"):
        column = getattr(world.agents, name)
        column[1] = column[0] = world.agents.home[0] if name == "place" else column[0]
    world.agents.activity[:] = 0
    world.agents.busy_until[:] = world.time
    world.apply([Action("agent-0", "use", {"item": made.id}, "decision-2")], 0)
    play.play(1)
    return play


def about_singing(play, agent):
    return [memory for memory in play.memories(agent) if " sang " in memory.text]


def test_singer_and_listeners_remember_it_and_from_what(heard):
    singer = heard.cast.name("agent-0")
    events = {name: row for name, row in heard.events.items() if row.kind == "sing"}
    ((event, row),) = events.items()
    for agent, kind in (("agent-0", "did"), *((each, "seen") for each in row.detail["heard"])):
        (memory,) = about_singing(heard, agent)
        assert (memory.kind, memory.source, memory.importance) == (kind, event, 4)
        assert memory.text == f'{singer} sang "{TITLE}" at {heard.cast.place(row.place).name}.'
        assert {"agent-0", row.place} <= set(memory.about)
    assert "agent-1" in row.detail["heard"]


def test_who_was_not_there_knows_nothing_of_it(heard):
    (row,) = [row for row in heard.events.values() if row.kind == "sing"]
    for agent in {"agent-1", "agent-2", "agent-3"} - set(row.detail["heard"]):
        assert not [memory for memory in about_singing(heard, agent) if memory.kind == "seen"]
