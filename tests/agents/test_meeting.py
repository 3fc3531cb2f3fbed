"""Appointments made in talk: both keep them in mind, plan for them, come, and notice who does not."""

from __future__ import annotations

import re

import pytest
from worldloom.agents.appointments import MOST, Appointment, add, read_appointments
from worldloom.agents.asking import ask
from worldloom.agents.errors import MindStateError
from worldloom.agents.meeting import EARLY, LATE, heard, look_out
from worldloom.agents.noticing import Noticed
from worldloom.agents.plan import Question
from worldloom.agents.view import MEMORIES, Guide
from worldloom.provenance.canonical import canonical, parse_canonical
from worldloom.worlds.observation import Observation, Person

AT = 17 * 3600
OTHER = "agent-1"
AGREED = re.compile(r"I will meet you at (.+) at ([0-9]{2}):([0-9]{2}), ")


@pytest.fixture
def mind(hamlet, theatre):
    play = theatre(hamlet)
    return play.minds[0]._mind("agent-0")


@pytest.fixture
def spot(hamlet):
    return hamlet.settlement.of_kind("inn")[0]


def hear(mind, spot, clock="17:00", time=36_000):
    text = f"Gladly. I will meet you at {spot.name} at {clock}, {mind.persona.name}."
    memory = mind.remember(time, "told", text, "event-36000-0-0", 8, (OTHER, spot.id), OTHER)
    heard(mind, memory, Guide(mind.cast))
    return memory


def look(mind, time, place, people=(), doing="resting"):
    look_out(mind, Observation("agent-0", time, place, tuple(people), (), (), 0, 0, 0, (), doing=doing))
    return list(mind.stream)[-1].text


def test_what_is_agreed_comes_to_mind_in_talk_whatever_else_there_is_to_say(mind, spot):
    agreed = hear(mind, spot)
    for number in range(30):
        mind.remember(36_100 + number, "knows", f"The bell rang {number} times.", "event-1-w-0", 10)
    seen = Observation(
        "agent-0", 40_000, spot.id, (Person(OTHER, 2000, "talking"),), (), (), 0, 0, 0, (), addressed_by=OTHER
    )
    prompt = ask(mind, Guide(mind.cast), seen, Noticed(), Question("talk", ""), 1).text
    rows = [line for line in prompt.partition("memories:\n")[2].split("\n") if line.startswith("m")]
    assert len(rows) == MEMORIES
    assert sum(agreed.text in row for row in rows) == 1


def test_what_was_agreed_in_words_is_an_appointment_once_and_survives_a_state(mind, spot):
    memory = hear(mind, spot)
    assert mind.appointments == [Appointment(OTHER, spot.id, AT, memory.id, "event-36000-0-0")]
    hear(mind, spot)
    assert len(mind.appointments) == 1
    mind.restore(parse_canonical(canonical(mind.state())))
    assert mind.appointments[0].at == AT
    hear(mind, spot, "09:00")
    assert mind.appointments[-1].at == 86_400 + 9 * 3600


@pytest.mark.parametrize(
    "words",
    [
        "Will you meet me at {place} at 17:00, Alda?",
        "I will meet you at the moon at 17:00, Alda.",
        "See you at {place}.",
    ],
)
def test_other_words_are_none(mind, spot, words):
    text = words.format(place=spot.name)
    about = tuple(Guide(mind.cast).places_in(text))
    heard(mind, mind.remember(36_000, "told", text, "event-1-0-0", 8, (OTHER, *about), OTHER), Guide(mind.cast))
    assert mind.appointments == []


def test_who_comes_is_met_and_both_remember(mind, spot):
    hear(mind, spot)
    look(mind, AT - EARLY - 60, spot.id, [Person(OTHER, 3000, "resting")])
    assert mind.appointments
    text = look(mind, AT - EARLY, spot.id, [Person(OTHER, 3000, "resting")])
    assert text == f"{mind.persona.name} met {mind.cast.name(OTHER)} at {spot.name}, as agreed."
    assert mind.appointments == []
    assert mind.stream[-1].source == "event-36000-0-0"
    assert mind.revise == ""


@pytest.mark.parametrize("people", [[], [Person(OTHER, 3000, "sleeping")], [Person(OTHER, 40_000, "walking")]])
def test_who_waits_in_vain_remembers_it_and_looks_at_the_plan_again(mind, spot, people):
    hear(mind, spot)
    look(mind, AT + LATE - 60, spot.id, people)
    assert mind.appointments
    text = look(mind, AT + LATE, spot.id, people)
    assert text == f"{mind.cast.name(OTHER)} did not come to {spot.name} to meet {mind.persona.name}."
    assert mind.revise.endswith("did not come")
    assert mind.appointments == []


def test_who_does_not_come_notices_that_too(mind, spot):
    hear(mind, spot)
    text = look(mind, AT + LATE, mind.persona.home)
    assert text == f"{mind.persona.name} did not come to {spot.name} to meet {mind.cast.name(OTHER)}."
    assert (mind.stream[-1].kind, mind.revise) == ("did", "")


def test_sleepers_notice_when_they_wake(mind, spot):
    hear(mind, spot)
    look(mind, AT + LATE, mind.persona.home, doing="sleeping")
    assert mind.appointments


def test_appointments_are_bounded_and_a_wrong_state_is_refused():
    kept = []
    for number in range(MOST + 9):
        add(kept, Appointment(f"agent-{number}", "place-1", number, "memory-0-1", "event-1-0-0"))
    assert [each.at for each in kept] == list(range(9, MOST + 9))
    with pytest.raises(MindStateError, match="not an appointment"):
        read_appointments([["agent-1"]])


def test_of_what_is_agreed_in_a_village_most_is_kept_by_both(village_evening):
    play = village_evening
    agreed = appointments(play)
    assert len(agreed) >= 4
    kept = [each for each in agreed if all(was_there(play, agent, each) for agent in each[:2])]
    assert len(kept) >= len(agreed) * 3 // 4
    for one, other, place, at in kept:
        told = [memory.text for memory in play.memories(one) if memory.text.endswith(", as agreed.")]
        met = f"{play.cast.name(one)} met {play.cast.name(other)} at {play.cast.place(place).name}, as agreed."
        assert met in told, at


def test_both_remember_an_agreement_and_both_plan_for_it(village_evening):
    play = village_evening
    agreed = [
        (name, row) for name, row in play.events.items() if row.kind == "say" and AGREED.search(row.detail["text"])
    ]
    planned = 0
    for name, row in agreed:
        (heard_of,) = [memory for memory in play.memories(row.target) if (memory.source, memory.kind) == (name, "told")]
        assert heard_of.importance == 8
        own = [memory for memory in play.memories(row.actor) if (memory.source, memory.kind) == (row.cause, "plan")]
        assert own
        names = {heard_of.id, own[0].id}
        plans = [each for each in play.decisions if each.purpose == "plan" and each.agent in (row.actor, row.target)]
        planned += any(basis.memory in names for each in plans for basis in each.bases)
    assert planned >= len(agreed) * 3 // 4


def appointments(play):
    """Return (agent, other, place, second) of all that was agreed to, each once."""
    by_name = {spot.name: spot.place for spot in play.cast.spots}
    found = {}
    for row in play.events.values():
        match = AGREED.search(row.detail["text"]) if row.kind == "say" else None
        if match:
            at = int(match[2]) * 3600 + int(match[3]) * 60
            found[frozenset((row.actor, row.target)), at] = (row.actor, row.target, by_name[match[1]], at)
    return list(found.values())


def was_there(play, agent, each):
    times = range(each[3] - 900, each[3] + 901, 60)
    return any(play.whereabouts.get((time, agent)) == each[2] for time in times)
