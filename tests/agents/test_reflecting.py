"""Looking back: when, on what, what comes of it, and the way from it to what happened. And many memories made one."""

from __future__ import annotations

import pytest
from worldloom.agents.consolidating import AGE, TOPIC, consolidate
from worldloom.agents.mind import Pending
from worldloom.agents.minds import Minds
from worldloom.agents.plan import Plan, Step
from worldloom.agents.reflecting import APART, INSIGHTS, LEAST, SHOWN, WEIGHTY, ask_back, is_time, look_back
from worldloom.agents.schemas import INSIGHTS as WORDS
from worldloom.agents.turns import Basis
from worldloom.agents.view import Guide
from worldloom.provenance.canonical import canonical, parse_canonical
from worldloom.worlds.observation import Observation

NIGHT = 80_000
OTHER = "agent-1"


@pytest.fixture
def mind(hamlet, theatre):
    play = theatre(hamlet)
    mind = play.minds[0]._mind("agent-0")
    mind.plan = Plan("decision-1", (Step(20_000, "work", "place-1"), Step(79_000, "sleep", mind.persona.home)), 110_000)
    return mind


def see(mind, count, start=30_000, importance=4, about=(OTHER,)):
    name = mind.cast.name(OTHER)
    return [
        mind.remember(start + number, "seen", f'{name} made "Chair {start + number}".', f"event-{number}-0-0",
                      importance, about)
        for number in range(count)
    ]  # fmt: skip


def seen_at(mind, time, doing="idle", place=None):
    home = mind.persona.home if place is None else place
    return Observation("agent-0", time, home, (), (), (), 100, 100, 100, (), doing=doing)


def pending(mind, time=NIGHT):
    prompt = ask_back(mind, Guide(mind.cast), time)
    return Pending("reflect", "r", "p", prompt.template, prompt.labels, seen_at(mind, time), ())


def insight(what="maker", about="e1", shown="m1", also="", say=""):
    return {"what": what, "about": about, "from": shown, "also": also, "say": say}


def reflect(mind, *insights, time=NIGHT):
    return look_back(mind, Guide(mind.cast), pending(mind, time), {"insights": list(insights)}, f"decision-{time}-0-0")


# When


def test_somebody_looks_back_before_sleep_but_not_on_nothing_and_not_asleep(mind):
    step = mind.plan.steps[1]
    assert not is_time(mind, seen_at(mind, NIGHT), step)
    see(mind, LEAST)
    assert is_time(mind, seen_at(mind, NIGHT), step)
    assert not is_time(mind, seen_at(mind, NIGHT, doing="sleeping"), step)
    assert not is_time(mind, seen_at(mind, NIGHT, place="place-1"), step)
    assert not is_time(mind, seen_at(mind, NIGHT), mind.plan.steps[0])


def test_much_that_matters_makes_somebody_look_back_by_day_and_trifles_do_not(mind):
    step, now = mind.plan.steps[0], seen_at(mind, 40_000, place="place-1")
    see(mind, 200, importance=2)
    assert not is_time(mind, now, step)
    see(mind, WEIGHTY // 5, importance=5)
    assert is_time(mind, now, step)
    mind.looked_back = 40_000 - APART + 1
    assert not is_time(mind, now, step)


def test_a_village_looks_back_and_reflections_cite_what_was_there(village_day):
    play = village_day
    asked = [decision for decision in play.decisions if decision.purpose == "reflect"]
    assert len(asked) >= 12
    assert {decision.status for decision in asked} == {"ok"}
    reflections = [(who.agent, each) for who in play.personas for each in play.memories(who.agent)
                   if each.kind == "reflection" and each.topic in INSIGHTS]  # fmt: skip
    assert len({agent for agent, _ in reflections}) >= 8
    decisions = {decision.id: decision for decision in play.decisions}
    for agent, memory in reflections:
        decision = decisions[memory.source]
        assert (decision.agent, decision.purpose) == (agent, "reflect")
        assert memory.evidence
        # What it was shown by now stands in the decision, and each of these leads to an event.
        assert set(memory.evidence) & set(decision.bases)
        assert all(basis.source in play.events or basis.source in decisions for basis in memory.evidence)


def test_without_reflection_nobody_looks_back(hamlet, theatre):
    play = theatre(hamlet)
    play.minds = [Minds(play.personas, play.cast, play.seed, reflection=False)]
    play.play(4)
    assert "reflect" not in {decision.purpose for decision in play.decisions}


# What comes of it


def test_an_insight_is_a_memory_with_its_evidence_and_survives_a_state(mind):
    first, second = see(mind, 2)
    shown, why = reflect(mind, insight(also="m2", say="I admire e1."))
    assert (list(shown), why) == ([first.id, second.id], "")
    (kept,) = mind.stream.of_kind("reflection")
    assert kept.text == f"{mind.persona.name} admires {mind.cast.name(OTHER)}."
    assert kept.evidence == (Basis(first.id, first.source), Basis(second.id, second.source))
    assert (kept.source, kept.about[0], kept.topic) == (f"decision-{NIGHT}-0-0", OTHER, "maker")
    assert kept.bases == (Basis(kept.id, kept.source), *kept.evidence)
    saved = parse_canonical(canonical(mind.state()))
    mind.restore(saved)
    assert list(mind.stream.of_kind("reflection")) == [kept]


@pytest.mark.parametrize(
    "say",
    ["", "You are handy.", "I like e1, do you?", "e1 dances at p1 at 17:00.", "Nobody knows.", "e1 " + "so " * 90],
)
def test_words_that_do_not_fit_give_way_to_the_plain_sentence(mind, say):
    see(mind, 2)
    reflect(mind, insight(say=say))
    assert [each.text for each in mind.stream.of_kind("reflection")] == [f"{mind.cast.name(OTHER)} makes fine things."]


def test_the_same_insight_again_is_one_memory_with_all_that_showed_it(mind):
    see(mind, 2)
    reflect(mind, insight())
    mind.looked_back = NIGHT
    see(mind, 2, start=NIGHT + 1000)
    reflect(mind, insight(also="m2"), time=NIGHT + 80_000)
    (kept,) = mind.stream.of_kind("reflection")
    assert len(kept.evidence) == 3
    assert kept.source == f"decision-{NIGHT + 80_000}-0-0"


def test_no_insight_at_all_is_a_good_answer(mind):
    see(mind, 3)
    assert reflect(mind) == ([], "")
    assert not mind.stream.of_kind("reflection")


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (insight(about="e9"), "there is no e9"),
        (insight(shown="m9"), "there is no m9"),
        (insight(also="m9"), "there is no m9"),
        (insight(shown=""), "needs a memory"),
        (insight(about=""), "needs a label"),
        (insight(about="p1"), "needs a label of e"),
        (insight("gathering", "e1"), "needs a label of p"),
    ],
)
def test_labels_that_are_not_there_or_of_the_wrong_kind_spoil_the_answer(mind, wrong, why):
    see(mind, 2)
    shown, found = reflect(mind, insight(), wrong)
    assert why in found
    assert not shown
    assert not mind.stream.of_kind("reflection")


def test_what_no_memory_bears_out_is_not_kept(mind):
    see(mind, 2)
    assert reflect(mind, insight("gathering", "p2")) == ([], "")
    assert not mind.stream.of_kind("reflection")


@pytest.mark.parametrize("what", ["gratitude", "friend"])
def test_thanks_need_a_deed_of_the_other_that_concerns_oneself(mind, what):
    see(mind, 2)  # the other made something: no reason to be grateful
    me, name = mind.agent, mind.cast.name(OTHER)
    mind.remember(31_000, "did", f"{mind.persona.name} gave {name} a float.", "event-7-0-0", 5, (me, OTHER))
    for shown in ("m1", "m3"):
        assert reflect(mind, insight(what, shown=shown)) == ([], "")
    given = mind.remember(32_000, "seen", f"{name} gave {mind.persona.name} a mug.", "event-8-0-0", 5, (OTHER, me))
    assert reflect(mind, insight(what, shown="m4")) == ([given.id], "")
    assert [each.topic for each in mind.stream.of_kind("reflection")] == [what]


def test_every_word_of_the_schema_has_a_sentence():
    assert set(INSIGHTS) == set(WORDS)


def test_a_prompt_shows_few_memories_the_weightiest_and_only_new_ones(mind):
    see(mind, 40)
    grave = mind.remember(31_000, "seen", "The chapel burned.", "event-9-0-0", 10)
    text = ask_back(mind, Guide(mind.cast), NIGHT).text
    assert sum(line.startswith("m") and " | " in line for line in text.split("\n")) == SHOWN
    assert grave.text in text
    mind.looked_back = 50_000
    assert grave.text not in ask_back(mind, Guide(mind.cast), NIGHT).text


# Many made one


def chat(mind, count, start, via=OTHER):
    return [mind.remember(start + at, "told", f"Good day {start + at}.", f"event-{at}-0-0", 1, (via,), via)
            for at in range(count)]  # fmt: skip


def test_old_small_talk_of_one_person_becomes_one_memory_that_keeps_its_sources(mind):
    old, fresh = chat(mind, 20, 30_000), chat(mind, 5, 200_000)
    notable = mind.remember(30_500, "told", "The bell has a crack.", "event-7-0-0", 4, (OTHER,), OTHER)
    consolidate(mind, 200_000 + 60)
    left = list(mind.stream)
    assert not set(old) & set(left)
    assert {*fresh, notable} <= set(left)
    (one,) = [memory for memory in left if memory.topic == TOPIC]
    name, me = mind.cast.name(OTHER), mind.persona.name
    assert one.text == f"{me} heard {name} speak 20 times from day 1 to day 1."
    assert one.evidence[0] == Basis(old[-1].id, old[-1].source)
    assert set(one.evidence) <= {Basis(memory.id, memory.source) for memory in old}


def test_days_of_it_add_up_in_the_same_memory(mind):
    for day in range(5):
        chat(mind, 10, 30_000 + day * 86_400)
        consolidate(mind, 30_000 + (day + 1) * 86_400 + AGE)
    (one,) = [memory for memory in mind.stream if memory.topic == TOPIC]
    assert one.text.endswith("heard " + mind.cast.name(OTHER) + " speak 50 times from day 1 to day 5.")
    assert len(mind.stream) == 1


def test_a_few_words_stay_as_they_are(mind):
    chat(mind, 2, 30_000)
    consolidate(mind, 400_000)
    assert len(mind.stream) == 2
