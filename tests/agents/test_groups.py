"""Talk of more than two, what each listener knows of it, and that nobody knows anything without a way to it."""

from __future__ import annotations

import json

import pytest
from worldloom.agents.rules import Rules
from worldloom.agents.talk import key_of
from worldloom.generators.requests import Answer
from worldloom.worlds.action import Action

NEWS = "There is a whale on the beach."


class Silent:
    """Plans as the rules do; speaks to all when spoken to, in the order of a script."""

    identity = Rules().identity

    def __init__(self):
        self.turns = []

    def generate(self, requests):
        return [self.one(request) for request in requests]

    def one(self, request):
        if request.purpose == "talk":
            self.turns.append(request.agent)
            words = dict.fromkeys(("target", "memory", "place", "at", "thing", "say"), "")
            return Answer(text=json.dumps(words | {"do": "greet", "say": f"Words {len(self.turns)}."}))
        if request.purpose == "decide":
            return Answer(text=json.dumps({"do": "go on", "target": "", "item": "", "memory": "", "say": ""}))
        return Rules().generate([request])[0]


@pytest.fixture
def room(hamlet, theatre):
    """Four people in one room, and a model that answers all."""
    play = theatre(hamlet, text=Silent())
    agents = play.world.agents
    for column in (agents.x, agents.y, agents.place):
        column[:4] = column[0]
    play.play(1 / 60)
    for column in (agents.x, agents.y, agents.place):
        column[:4] = column[0]
    agents.activity[:4], agents.busy_until[:4] = 4, play.world.time + 7200
    return play


def talk(play, text=NEWS, source="event-1-w-0"):
    """Let agent-0 speak to all, then play the rounds of the step; return who spoke in each round after it."""
    play.world.begin_step()
    play.world.apply([Action("agent-0", "say", {"to": "", "text": text, "source": source}, "decision-1-0-0")], 0)
    rounds = []
    for round_ in range(1, 9):
        awake = [agent for agent, _ in play.world.addressed()]
        if not awake:
            break
        rounds.append(awake)
        play.round(round_, awake)
    for block in play.world.end_step():
        for at, row in enumerate(block.rows):
            play.events[f"event-{block.time}-{block.range}-{at}"] = row
    return rounds


def test_words_to_all_bring_three_and_more_to_talk_within_the_rounds_of_a_step(room):
    rounds = talk(room)
    assert len(rounds) == 8
    assert len(rounds[0]) == 2
    assert len({agent for awake in rounds for agent in awake}) >= 3
    assert all(len(awake) <= 4 for awake in rounds)


def test_everybody_in_the_room_knows_what_was_said_and_that_the_others_know(room):
    talk(room)
    room.play(3)
    key = key_of(NEWS)
    minds = room.minds[0]
    for agent in ("agent-1", "agent-2", "agent-3"):
        memory = next(each for each in room.memories(agent) if each.text == NEWS)
        assert (memory.via, memory.kind) == ("agent-0", "told")
        told = minds._mind(agent).told
        assert all(told.knows(other, key) for other in ("agent-0", "agent-1", "agent-2", "agent-3") if other != agent)
        assert not any(told.knows(other, key) for other in ("agent-4", "agent-5"))
    assert not any(NEWS in each.text for agent in ("agent-4", "agent-5") for each in room.memories(agent))


def test_whoever_did_not_hear_it_is_not_taken_to_know_it(room):
    agents = room.world.agents
    agents.deaf[2] = 1
    talk(room)
    room.play(3)
    told = room.minds[0]._mind("agent-1").told
    assert told.knows("agent-3", key_of(NEWS))
    assert not told.knows("agent-2", key_of(NEWS))
    assert not any(NEWS in each.text for each in room.memories("agent-2"))


def test_nobody_knows_anything_without_a_way_that_leads_to_what_happened(village_evening):
    play = village_evening
    decisions = {decision.id: decision for decision in play.decisions}
    kinds = set()
    for who in play.personas:
        for memory in play.memories(who.agent):
            kinds.add(memory.kind)
            assert leads_somewhere(play, decisions, memory.source), memory
            for basis in memory.evidence:
                assert leads_somewhere(play, decisions, basis.source), memory
            if memory.kind == "told":
                said = play.events[memory.source]
                assert (said.kind, said.detail["text"]) == ("say", memory.text)
                assert who.agent in said.detail["heard"]
            elif memory.kind in ("seen", "did", "read") and memory.source.startswith("event-"):
                assert who.agent in perceivers(play.events[memory.source], play, memory.source)
    assert kinds >= {"told", "seen", "did", "read", "knows", "reflection", "plan"}


def leads_somewhere(play, decisions, source):
    if source.startswith("decision-"):
        decision = decisions[source]
        return decision.status == "ok" and all(name in play.events for name in decision.observed)
    return source in play.events


def perceivers(row, play, source):
    if row.kind == "say":
        return {row.actor, *row.detail["heard"]}
    return play.seen_by[source]
