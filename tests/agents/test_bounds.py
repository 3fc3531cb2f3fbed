"""Nothing grows without end: prompts whatever others say, memories and states however long somebody lives."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.agents.asking import LONGEST, ask
from worldloom.agents.interviews import ask_about
from worldloom.agents.memory import LIMIT
from worldloom.agents.mind import Mind
from worldloom.agents.noticing import notice
from worldloom.agents.orders import Order, add
from worldloom.agents.plan import Plan, Question, Step
from worldloom.agents.reflecting import ask_back
from worldloom.agents.talk import key_of
from worldloom.agents.view import Guide, who_line
from worldloom.provenance.canonical import canonical
from worldloom.provenance.events_block import EventRow
from worldloom.worlds.observation import Happening, Observation, Person, Thing

STATE = 500_000
"""Bytes that no mind's state passes."""

HOSTILE = st.text(max_size=60).map(lambda text: (text or "x") * 40)


def crowd(count):
    return tuple(Person(f"agent-{1 + number % 5}", 1000 + number, "working") for number in range(count))


def things(names, holder=""):
    return tuple(Thing(f"item-{number}", "sign", name, "ab" * 32, holder) for number, name in enumerate(names))


@given(st.lists(HOSTILE, min_size=1, max_size=12), st.sampled_from(["decide", "talk", "plan", "make"]))
@settings(max_examples=60, deadline=None)
def test_no_prompt_passes_its_bound_whatever_people_say_and_name_things(village, words, purpose):
    mind, guide = newborn(village)
    said = [
        EventRow(
            30_000 + at, 3, "agent-1", "say", "agent-0", None, "d", {"text": text, "source": "", "heard": ["agent-0"]}
        )
        for at, text in enumerate(words)
    ]
    noticed = notice(mind, guide, [Happening(f"event-{at}-0-0", row, ("agent-0",)) for at, row in enumerate(said)])
    for at, text in enumerate(words):
        mind.remember(at, "seen", text, f"event-{at}-0-1", 5, ("agent-1", "place-1"))
        add(mind.orders, Order(f"agent-{1 + at % 5}", "lantern", at, "d"))
        mind.made = [*mind.made, (at, text)][-4:]
    seen = Observation(
        "agent-0", 36_000, "place-1", crowd(24), things(words * 2), things(words, "agent-0"), 999, 999, 999, (),
        addressed_by="agent-1",
    )  # fmt: skip
    prompt = ask(mind, guide, seen, noticed, Question(purpose, f"you could not work: {words[0][:200]}"), 8)
    assert len(prompt.text) <= LONGEST
    assert len(ask_back(mind, guide, 36_000).text) <= LONGEST
    assert len(ask_about(mind, guide, 36_000, words[0] * 30).text) <= LONGEST


def newborn(play):
    mind = Mind.born(play.personas[0], play.cast, who_line(play.personas[0]))
    mind.plan = Plan("d", (Step(20_000, "work", "place-1"), Step(79_000, "sleep", mind.persona.home)), 110_000)
    return mind, Guide(play.cast)


@pytest.fixture(scope="module")
def village(hamlet, theatre):
    return theatre(hamlet)


def test_a_flood_of_everything_leaves_a_bounded_mind(village):
    mind, guide = newborn(village)
    for number in range(4000):
        text = f"{number} " + "\u00e9" * 400
        mind.remember(
            number * 60, "told", text, f"event-{number}-0-0", number % 11, ("agent-1",), f"agent-{number % 90}"
        )
        mind.told.mark([f"agent-{number}"], key_of(f"{number}"))
        mind.met(f"agent-{number}", number)
        add(mind.orders, Order(f"agent-{number}", "lantern", number, "d"))
        mind.ties.share(f"agent-{number}", "talk", number)
    assert len(mind.stream) <= LIMIT
    assert len(canonical(mind.state())) <= 2 * STATE
    assert len(ask_about(mind, guide, 300_000, "What of 1999?").text) <= LONGEST


@pytest.mark.slow
def test_thirty_days_of_a_hamlet_stay_bounded(hamlet, theatre):
    play = theatre(hamlet)
    asked: list[int] = []
    whys: Counter[str] = Counter()
    for day in range(30):
        for kept in (play.requests, play.decisions, play.artifacts, play.events, play.seen_by, play.whereabouts):
            kept.clear()
        play.play(24)
        states = play.minds[0].state()
        assert all(len(play.memories(who.agent)) <= LIMIT for who in play.personas)
        assert all(len(canonical(state)) <= STATE for state in states.values())
        assert all(len(request.prompt) <= LONGEST // 2 for request in play.requests)
        assert {decision.status for decision in play.decisions} == {"ok"}
        asked.append(len(play.requests))
        whys = Counter(each.prompt.partition("\nwhy: ")[2].partition("\n")[0] for each in play.requests)
        # Somebody makes, talks and looks back every day.
        assert {"plan", "decide", "talk", "make", "reflect"} <= {each.purpose for each in play.decisions}, day
    # Nobody thinks more and more: the last days ask for no more than twice what the first did.
    assert sum(asked[-5:]) <= 2 * sum(asked[:5]), whys.most_common(6)
