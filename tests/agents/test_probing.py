"""Probes: prompts without a memory, planted facts, and that a whole mind does better than one that lacks a part."""

from __future__ import annotations

import json

import pytest
from worldloom.agents.minds import Minds
from worldloom.agents.probing import (
    GRATITUDE,
    Probe,
    asked_again,
    labels_of,
    memory_dependence,
    plant,
    right,
    same_deed,
    thanks_right,
    without,
)
from worldloom.agents.rules import Rules
from worldloom.agents.rules.reading import read

PROMPT = (
    "Point at memories (m1).\ntask: decide\nwhy: e1 is near\npeople:\ne1 baker | idle | near | Jora\nmemories:\n"
    "m1 told | slight | day 1, 06:00 |  |  | A boat.\nm2 told | important | day 1, 06:10 |  | new to e1 | A feast.\n"
    "m3 seen | notable | day 1, 06:20 |  |  | m2 is not a line.\nanswer:"
)


def test_a_memory_is_taken_out_and_the_others_keep_their_labels():
    assert labels_of(PROMPT) == ["m1", "m2", "m3"]
    less = without(PROMPT, "m2")
    assert labels_of(less) == ["m1", "m3"]
    assert less == PROMPT.replace("m2 told | important | day 1, 06:10 |  | new to e1 | A feast.\n", "")
    alone = without(without(less, "m1"), "m3")
    assert alone.endswith("memories:\n\nanswer:")
    assert read(alone).memories == []
    assert without("no memories at all", "m1") == "no memories at all"


@pytest.mark.parametrize(
    ("answer", "named", "unnamed"),
    [
        ({"do": "say", "memory": "m2"}, "m2", "m3"),
        ({"memory": "m3", "also": "m2"}, "m3", "m1"),
        ({"steps": [{"do": "eat", "memory": ""}, {"do": "meet", "memory": "m1"}]}, "m1", "m3"),
        ({"insights": [{"from": "m2", "also": "m3"}]}, "m2", "m1"),
    ],
)
def test_dependence_takes_out_what_is_named_and_what_is_not(answer, named, unnamed):
    found = memory_dependence(PROMPT, json.dumps(answer))
    assert (found.named, found.unnamed) == (named, unnamed)
    assert named not in labels_of(found.without_named)
    assert unnamed not in labels_of(found.without_unnamed)
    assert len(labels_of(found.without_named)) == len(labels_of(found.without_unnamed)) == 2


@pytest.mark.parametrize("answer", ["", "{", "[]", "null", '{"memory": ""}', '{"memory": "m9"}', "[" * 5000])
def test_an_answer_that_names_no_memory_cannot_be_probed(answer):
    assert memory_dependence(PROMPT, answer) is None


def test_the_same_deed_in_other_words_is_the_same_deed():
    one = {"do": "say", "target": "e1", "say": "Hello."}
    assert same_deed(json.dumps(one), json.dumps(one | {"say": "Good day."}))
    assert not same_deed(json.dumps(one), json.dumps(one | {"target": "e2"}))
    assert not same_deed(json.dumps(one), "no JSON")


def test_the_rules_decide_by_the_memories_they_name_and_by_no_others(village_evening):
    rules, named, unnamed, probed = Rules(), 0, 0, 0
    for request in village_evening.requests:
        if request.purpose not in ("decide", "talk"):
            continue
        answer = rules.generate([request])[0].text
        found = memory_dependence(request.prompt, answer)
        if found is None:
            continue
        again = [asked_again(request, prompt) for prompt in (found.without_named, found.without_unnamed)]
        first, second = (each.text for each in rules.generate(again))
        probed, named, unnamed = (
            probed + 1,
            named + (not same_deed(answer, first)),
            unnamed + (not same_deed(answer, second)),
        )
    assert probed >= 50
    assert named >= probed // 2
    assert unnamed <= probed // 10


# Planted facts


def played(theatre, hamlet, **parts):
    """Play a day on which everybody is told facts; return which answers were right, by known, and which thanks."""
    play = theatre(hamlet)
    play.minds = [Minds(play.personas, play.cast, play.seed, **parts)]
    facts, probes = plant(play.seed, play.cast)
    by_minute = {}
    for fact in facts:
        by_minute.setdefault(fact.minute, []).append(fact)
    for minute in range(6 * 60, 22 * 60):
        for fact in by_minute.get(minute, ()):
            play.world.intervene("tell", target=fact.agent, detail={"text": fact.text})
        play.step()
    minds, rules = play.minds[0], Rules()

    def put(agent, question):
        request = minds.interview(agent, play.world.time, question)
        return minds.answer(agent, play.world.time, question, rules.generate([request])[0])

    answered = {True: [], False: []}
    for probe in probes:
        answered[probe.known].append(right(probe, put(probe.agent, probe.question), play.memories(probe.agent)))
    thanks = [
        thanks_right(givers_to(play, who.agent), put(who.agent, GRATITUDE), play.memories(who.agent))
        for who in play.personas
    ]
    return answered, thanks


def givers_to(play, agent):
    return {play.cast.name(row.actor) for row in play.events.values() if (row.kind, row.target) == ("give", agent)}


@pytest.fixture(scope="module")
def outcomes(theatre, hamlet):
    variants = {"whole": {}, "no reflection": {"reflection": False}, "no memory": {"memory": False}}
    return {name: played(theatre, hamlet, **parts) for name, parts in variants.items()}


def test_what_was_planted_is_remembered_and_what_was_not_is_not(outcomes):
    answered, _ = outcomes["whole"]
    assert len(answered[True]) == len(answered[False]) == 18
    assert sum(answered[True]) >= 18 * 95 // 100
    assert sum(answered[False]) >= 18 * 95 // 100


def test_a_whole_mind_answers_better_than_without_reflection_and_that_better_than_without_memory(outcomes):
    scores = {}
    for name, (answered, thanks) in outcomes.items():
        scores[name] = sum(map(sum, (*answered.values(), thanks)))
    assert scores["whole"] > scores["no reflection"] > scores["no memory"]


def test_facts_and_probes_follow_from_the_seed_and_none_is_unknown_and_true(hamlet, theatre):
    cast = theatre(hamlet).cast
    facts, probes = plant(5, cast)
    assert plant(5, cast) == (facts, probes)
    assert plant(6, cast)[0] != facts
    true = {fact.question for fact in facts}
    assert not any(probe.question in true for probe in probes if not probe.known)
    assert {probe.agent for probe in probes} == set(cast.agents)
    # No two facts answer one question in different ways.
    assert len({fact.question for fact in facts}) == len({(fact.question, fact.text) for fact in facts})
    assert isinstance(probes[0], Probe)
