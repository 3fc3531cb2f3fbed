"""Commissions: a thing is asked for, promised, made, handed over, remembered; the gift leads to the asking."""

from __future__ import annotations

import json

import pytest
from worldloom.agents.rules import Rules
from worldloom.agents.rules.day import plan
from worldloom.agents.rules.reading import Dice, read
from worldloom.generators.requests import Answer


class Customer:
    """The rules, but whoever greets the smith orders a lantern, and the smith promises what is asked for."""

    identity = Rules().identity

    def __init__(self):
        self.rules = Rules()

    def generate(self, requests):
        return [self.one(request) for request in requests]

    def one(self, request):
        sheet = read(request.prompt) if request.purpose in ("talk", "decide") else None
        if sheet is None or not sheet.people:
            return self.rules.generate([request])[0]
        words = dict.fromkeys(("target", "memory", "place", "at", "thing", "say"), "")
        said = " ".join(sheet.lines["happened"])
        if request.purpose == "talk" and sheet.fields["job"] == "smith" and "Will you make me a lantern" in said:
            return Answer(text=json.dumps(words | {"do": "promise", "target": "e1", "thing": "lantern"}))
        if request.purpose == "talk" and sheet.people[0].kind == "smith" and "I will make you" not in said:
            return Answer(text=json.dumps(words | {"do": "order", "target": "e1", "thing": "lantern"}))
        return self.rules.generate([request])[0]


@pytest.fixture(scope="module")
def play(hamlet, theatre):
    play = theatre(hamlet, text=Customer())
    play.play(14)
    return play


def gifts(play):
    smith = play.job("smith")
    return [(name, row) for name, row in play.events.items()
            if row.kind == "give" and row.actor == smith and row.detail["thing"] == "prop"]  # fmt: skip


def test_what_is_ordered_is_promised_made_and_handed_over(play):
    found = gifts(play)
    assert found
    for _, row in found:
        assert "lantern" in row.detail["name"]
        received = [memory.text for memory in play.memories(row.target)]
        assert f'{play.cast.name(row.actor)} gave {play.cast.name(row.target)} "{row.detail["name"]}".' in received


def test_the_lineage_leads_from_the_gift_to_the_asking(play):
    decisions = {decision.id: decision for decision in play.decisions}
    for _, row in gifts(play):
        making = decisions[row.cause]
        assert making.purpose == "make"
        promise = decisions[making.bases[0].source]
        assert (promise.purpose, promise.agent) == ("talk", row.actor)
        asking = [play.events[name] for name in promise.observed if play.events[name].kind == "say"]
        assert any(each.actor == row.target and "Will you make me a lantern" in each.detail["text"] for each in asking)


def test_a_promise_makes_room_in_the_day(play):
    smith = play.job("smith")
    whys = [request.prompt.partition("\nwhy: ")[2].partition("\n")[0] for request in play.requests
            if request.purpose == "plan" and request.agent == smith]  # fmt: skip
    assert "you promised to make a thing: lantern" in whys


@pytest.mark.parametrize("hour", range(6, 18))
def test_a_plan_after_a_promise_makes_it_at_work_that_day(hour):
    prompt = (
        "task: plan\nyou: Alda Barwick\nage: 41\njob: smith\nmanner: calm\nlikes: l1 cats\n"
        f"time: day 1, {hour:02d}:20\nneeds: hunger some\nplan: none\nwhy: you promised to make a thing: lantern\n"
        "made today: 0\nplaces:\np1 home | home | Gull Cottage\np2 smithy | work | Ember Forge\nmemories:\n\nanswer:"
    )
    for seed in range(10):
        steps = plan(read(prompt), Dice(seed))["steps"]
        makes = [step for step in steps if step["do"] == "make" and step["place"] == "p2"]
        assert makes
        assert makes[0]["at"] <= f"{max(hour + 1, 8):02d}:30"
        assert steps[-1]["do"] == "sleep"
