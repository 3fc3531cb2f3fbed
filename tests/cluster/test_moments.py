"""Times as people write them, names as they call each other, and who answers from when on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.cluster.errors import AskError, DivergedError, MomentError
from worldloom.cluster.makers import Gone, Since, in_charge, kind_of, last_names, name_at, name_from, named, since
from worldloom.cluster.moments import ahead, moment_of, read_moment
from worldloom.cluster.people import find_person
from worldloom.cluster.scenario import Scenario
from worldloom.generators.requests import Answer, Request
from worldloom.provenance.parent import Parent
from worldloom.provenance.recipe import Identity
from worldloom.worlds.clock import clock_text

SIX = 21_600
ROOT = "ab" * 32


@given(time=st.integers(0, 10**9).map(lambda seconds: seconds - seconds % 60))
def test_a_time_reads_as_it_is_printed(time):
    assert read_moment(clock_text(time), SIX) == time
    assert read_moment(clock_text(time).replace(",", "").upper(), SIX) == time
    assert read_moment(f" {time} ", SIX) == time


@given(start=st.integers(0, 10**6), minute=st.integers(0, 1439))
def test_a_time_of_day_alone_is_the_first_one_from_the_start_on(start, minute):
    when = read_moment(f"{minute // 60:02d}:{minute % 60:02d}", start)
    assert start <= when < start + 86_400
    assert when % 86_400 == minute * 60


@given(text=st.text(max_size=30))
def test_any_other_text_is_refused_in_a_short_line(text):
    try:
        assert read_moment(text, SIX) >= 0
    except MomentError as error:
        said = str(error)
        assert len(said) < 300
        assert "\n" not in said


@given(step=st.sampled_from([60, 120, 900, 3600]), second=st.integers(0, 4 * 3600))
def test_a_moment_is_the_beginning_of_the_step_that_holds_it(step, second):
    scenario = Scenario(name="x", start="06:30", step_seconds=step, hours=4)
    when = moment_of(str(scenario.start_time + second), scenario, scenario.start_time + 4 * 3600)
    assert (when - scenario.start_time) % step == 0
    assert when <= scenario.start_time + second < when + step


@given(now=st.integers(0, 10**6), wait=st.integers(0, 86_399), length=st.integers(0, 2 * 86_400))
def test_what_is_ahead_lies_between_now_and_the_end(now, wait, length):
    when = now + wait - (now + wait) % 60
    for text in (str(when), clock_text(when), clock_text(when).split(", ")[1]):
        try:
            found = ahead(text, now, now + length)
            assert now <= found <= now + length
            assert (found - when) % 86_400 == 0
        except MomentError:
            assert when < now or when > now + length


PEOPLE = [
    {"agent": "agent-0", "name": "Tava Fairmore"},
    {"agent": "agent-1", "name": "Ann Tavason"},
    {"agent": "agent-2", "name": "Anna Fairmore"},
    {"agent": "agent-3", "name": "Ünal Østby"},
]


@pytest.mark.parametrize(
    ("wanted", "agent"),
    [
        ("agent-1", "agent-1"),
        ("AGENT-1", "agent-1"),
        ("tava", "agent-0"),
        ("  TAVA   fairmore ", "agent-0"),
        ("ann", "agent-1"),
        ("tavas", "agent-1"),
        ("ünal", "agent-3"),
        ("ØSTBY", "agent-3"),
    ],
)
def test_a_part_of_a_name_finds_whoever_alone_has_it(wanted, agent):
    assert find_person(PEOPLE, wanted)[0] == agent


@pytest.mark.parametrize(("wanted", "several"), [("fairmore", 2), ("an", 2), ("a", 4)])
def test_a_part_of_several_names_lists_them(wanted, several):
    with pytest.raises(AskError, match=rf"may be any of {several} people: .*; say which"):
        find_person(PEOPLE, wanted)


@given(wanted=st.text(max_size=50))
def test_any_name_finds_somebody_or_lists_who_there_is(wanted):
    try:
        assert find_person(PEOPLE, wanted) in [(person["agent"], person["name"]) for person in PEOPLE]
    except AskError as error:
        said = str(error)
        assert "Tava Fairmore (agent-0)" in said or "may be any of" in said
        assert said.isprintable()


def test_of_many_people_not_all_are_listed():
    crowd = [{"agent": f"agent-{number}", "name": f"Person {number}"} for number in range(5000)]
    with pytest.raises(AskError, match="and 4970 more"):
        find_person(crowd, "nobody")


# Who answers when

TEXT, OTHER, IMAGE = Identity("rules", "1"), Identity("embedded", "2"), Identity("procedural", "3")


def forked_at(time: int, **generators: Identity) -> Parent:
    told = {"generators": {name.replace("_", "@"): who.content() for name, who in generators.items()}}
    return Parent("run-one", "worldloom.run/run-one", time, 2, ROOT, 3, ROOT, told)


@given(times=st.lists(st.integers(0, 10**6), unique=True, max_size=6), time=st.integers(-5, 10**6 + 5))
def test_the_latest_name_whose_time_has_come_is_in_charge(times, time):
    names = ["text", "image", *(name_from("text", each) for each in times)]
    chosen = name_at(names, "text", time)
    come = [each for each in times if each <= time]
    assert chosen == (name_from("text", max(come)) if come else "text")
    assert kind_of(chosen) == "text"
    assert since(chosen) == (max(come) if come else -1)
    assert last_names(names)["text"] == (name_from("text", max(times)) if times else "text")
    assert name_at(names, "sound", time) == "sound"


def test_a_run_that_is_no_fork_names_its_makers_by_kind():
    live = {"text": TEXT, "image": IMAGE}
    assert named(live, None) == live


def test_only_a_maker_that_changes_gets_a_new_name():
    parent = forked_at(600, text=TEXT, image=IMAGE)
    assert named({"text": OTHER, "image": IMAGE}, parent) == {"text": TEXT, "image": IMAGE, "text@600": OTHER}
    assert named({"text": TEXT, "image": IMAGE}, parent) == {"text": TEXT, "image": IMAGE}


def test_a_kind_that_the_parent_lacked_begins_with_the_fork():
    assert named({"text": TEXT, "sound": OTHER}, forked_at(600, text=TEXT)) == {"text": TEXT, "sound@600": OTHER}


def test_in_a_fork_of_a_fork_each_maker_keeps_its_time():
    parent = forked_at(900, text=TEXT, text_600=OTHER)
    assert named({"text": TEXT}, parent) == {"text": TEXT, "text@600": OTHER, "text@900": TEXT}
    assert named({"text": OTHER}, parent) == {"text": TEXT, "text@600": OTHER}
    # From before, or from the same moment, what the first fork chose has never answered.
    for time in (300, 600):
        again = forked_at(time, text=TEXT, text_600=OTHER)
        assert named({"text": IMAGE}, again) == {"text": TEXT, f"text@{time}": IMAGE}


class Says:
    def __init__(self, word, identity):
        self.word, self.identity = word, identity

    def generate(self, requests):
        return [Answer(text=f"{self.word} {request.seed}") for request in requests]


def request(time: int, seed: int = 0) -> Request:
    return Request("text", "talk", "agent-0", time, 0, seed, "")


@given(times=st.lists(st.integers(0, 20), max_size=8))
def test_before_the_moment_the_past_answers_and_from_it_on_the_present(times):
    makers = in_charge({"text": TEXT}, forked_at(10), lambda who: Says("old", who), lambda _, who: Says("new", who))
    asked = [request(time, seed) for seed, time in enumerate(times)]
    said = [answer.text for answer in makers["text"].generate(asked)]
    assert said == [f"{'old' if time < 10 else 'new'} {seed}" for seed, time in enumerate(times)]


def test_only_the_last_of_a_kind_is_ever_asked():
    names = {"text": TEXT, "text@600": OTHER, "image": IMAGE}
    makers = in_charge(names, forked_at(600), Gone, lambda kind, who: Says(kind, who))
    assert {name: type(maker) for name, maker in makers.items()} == {"text": Gone, "text@600": Since, "image": Since}
    assert {name: maker.identity for name, maker in makers.items()} == names
    assert makers["image"].generate([request(700)])[0].text == "image 0"
    for name in ("text", "image"):
        with pytest.raises(DivergedError, match="which the shared past must hold"):
            makers[name].generate([request(599)])
