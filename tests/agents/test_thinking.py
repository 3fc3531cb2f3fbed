"""What makes somebody think again: a plan that fails twice, a promise, a missed appointment; what rules make of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from worldloom.agents.going_on import ASK_AGAIN
from worldloom.agents.noticing import Noticed
from worldloom.agents.orders import Order
from worldloom.agents.plan import Plan, Question, Step, Wish
from worldloom.agents.rules.day import plan
from worldloom.agents.rules.reading import Dice, read
from worldloom.agents.thinking import think
from worldloom.provenance.canonical import canonical, parse_canonical
from worldloom.worlds.observation import Observation

NOON = 43_200


@pytest.fixture
def mind(hamlet, theatre):
    play = theatre(hamlet)
    mind = play.minds[0]._mind("agent-0")
    mind.plan = Plan("decision-1", (Step(20_000, "work", "place-1"), Step(79_000, "sleep", mind.persona.home)), 110_000)
    return mind


def observation(time, **more):
    return Observation("agent-0", time, "place-1", (), (), (), 100, 100, 100, (), **more)


def thought(mind, time=NOON, refused="", **more):
    seen = observation(time, **more)
    return think(mind, seen, Noticed(refused=refused), 0, reflection=True)


def test_what_cannot_be_done_twice_in_a_step_makes_the_plan_give_way(mind):
    mind.tried = "work"
    assert thought(mind, refused="has no work at place-1") == Question(
        "decide", "you could not work: has no work at place-1"
    )
    again = thought(mind, refused="has no work at place-1")
    assert again == Question("plan", "you could not work twice: has no work at place-1")
    # Not over and over.
    assert thought(mind, refused="has no work at place-1").purpose == "decide"
    assert thought(mind, NOON + ASK_AGAIN, refused="has no work at place-1").purpose == "plan"


def test_failures_are_counted_for_a_step_and_kept_in_a_state(mind):
    mind.tried = "work"
    thought(mind, refused="no")
    mind.restore(parse_canonical(canonical(mind.state())))
    mind.tried = "work"
    assert mind.plan.failed == 1
    mind.plan.step(80_000)
    assert mind.plan.failed == 0


def test_an_empty_larder_is_thought_of_now_and_then_and_not_at_every_look(mind):
    mind.plan = Plan("decision-1", (Step(20_000, "eat", "place-1"), Step(79_000, "sleep", mind.persona.home)), 110_000)
    hungry = {"hunger": 500}
    seen = [replace(observation(NOON + 60 * at), **hungry) for at in range(25)]
    asked = []
    for each in seen:
        mind.plan.served = False
        found = think(mind, each, Noticed(), 0, reflection=True)
        asked.append(isinstance(found, Question))
    assert [at for at, each in enumerate(asked) if each] == [0, 20]


@pytest.mark.parametrize("tried", ["say", "give"])
def test_words_that_nobody_heard_change_no_plan(mind, tried):
    mind.tried = tried
    for _ in range(3):
        assert isinstance(thought(mind, refused="out of hearing"), Wish)


def test_a_reason_to_plan_anew_waits_until_somebody_is_awake_and_has_hands_free(mind):
    mind.revise = "e1 did not come"
    for doing in ("sleeping", "making"):
        thought(mind, doing=doing, until=NOON + 600)
        assert mind.revise
    assert thought(mind) == Question("plan", "e1 did not come")
    assert mind.revise == ""


def test_a_day_begins_with_what_was_promised_but_not_with_what_nobody_waits_for_any_more(mind):
    mind.plan = None
    assert thought(mind) == Question("plan", "the day begins")
    mind.orders = [Order("agent-1", "lantern", NOON, "decision-1-0-0", "memory-0-0")]
    assert thought(mind) == Question("plan", "the day begins; you promised to make a thing: lantern")
    assert thought(mind, NOON + 4 * 86_400) == Question("plan", "the day begins")


def plan_of(why, memory="", seed=1):
    prompt = (
        "task: plan\nyou: Alda Barwick\nage: 41\njob: smith\nmanner: calm\nlikes: l1 cats\n"
        f"time: day 1, 17:15\nneeds: hunger some\nplan: none\nwhy: {why}\nmade today: 1\n"
        "places:\np1 home | home | Gull Cottage\np2 smithy | work | Ember Forge\np3 inn |  | The Blue Anchor\n"
        f"memories:\n{memory}\nanswer:"
    )
    return plan(read(prompt), Dice(seed))["steps"]


@pytest.mark.parametrize("seed", range(8))
def test_who_was_waited_for_in_vain_is_waited_for_no_longer(seed):
    agreed = "m1 told | important | day 1, 12:00 | p3 |  | I will meet you at The Blue Anchor at 17:00, Alda."
    assert plan_of("you have agreed to meet somebody", agreed, seed)[0]["do"] == "meet"
    assert "meet" not in {step["do"] for step in plan_of("Jora Ling did not come", agreed, seed)}


def test_what_failed_twice_is_left_for_now():
    first = plan_of("you could not move twice: there is no way there")[0]
    assert (first["do"], first["place"]) == ("rest", "p1")
