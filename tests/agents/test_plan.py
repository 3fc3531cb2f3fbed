"""Plans: how their answers are read, which step is on, what following it means, and errands beside it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.agents import errands
from worldloom.agents.errands import Errand, next_of
from worldloom.agents.errors import MindStateError
from worldloom.agents.plan import Plan, Question, Step, Wish, eat_here, end_of, follow, read_steps
from worldloom.agents.schemas import PLAN_SCHEMA, fault
from worldloom.agents.view import Labels
from worldloom.provenance.canonical import canonical, parse_canonical
from worldloom.worlds.observation import Observation, Person, Thing

HOUR = 3600
LOAF = Thing("item-1", "loaf", "a loaf of bread", "", "")
STEW = Thing("item-2", "stew", "a bowl of stew", "", "")


def seen(time=8 * HOUR, place="place-1", people=(), things=(), carried=(), hunger=500, **more):
    return Observation("agent-0", time, place, people, things, carried, hunger, 100, 100, (), **more)


def answer(*steps):
    return {"steps": [{"at": at, "do": do, "place": place, "memory": memory} for at, do, place, memory in steps]}


@pytest.fixture
def persona(hamlet, theatre):
    return theatre(hamlet, agents=2).personas[0]


@pytest.fixture
def labels():
    made = Labels()
    made.add("p", "place-1")
    made.add("p", "place-2")
    made.add("m", "memory-0-4")
    return made


def test_an_answer_becomes_steps_with_places_and_memories(labels, persona):
    steps, memories, why = read_steps(
        answer(("08:30", "eat", "p1", ""), ("09:00", "work", "", ""), ("19:00", "meet", "p2", "m1")),
        labels,
        persona,
        8 * HOUR,
    )
    assert why == ""
    assert memories == ["memory-0-4"]
    assert steps == (
        Step(8 * HOUR + 1800, "eat", "place-1"),
        Step(9 * HOUR, "work", persona.work),
        Step(19 * HOUR, "meet", "place-2", "memory-0-4"),
    )


def test_a_first_step_of_some_minutes_ago_is_on_now_and_times_after_midnight_are_tomorrow(labels, persona):
    steps, _, _ = read_steps(
        answer(("21:50", "visit", "p1", ""), ("00:30", "sleep", "p2", "")), labels, persona, 22 * HOUR
    )
    assert [step.at for step in steps] == [22 * HOUR - 600, 24 * HOUR + 1800]


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        ([("09:00", "work", "p9", ""), ("10:00", "rest", "p1", "")], "there is no p9"),
        ([("09:00", "work", "p1", "m2"), ("10:00", "rest", "p1", "")], "there is no m2"),
        ([("09:00", "work", "p1", ""), ("08:59", "rest", "p1", "")], "not in the order"),
        ([("09:00", "work", "p1", ""), ("18:00", "eat", "p1", ""), ("12:00", "rest", "p1", "")], "not in the order"),
    ],
)
def test_a_plan_that_names_what_is_not_there_or_has_no_order_is_none(labels, persona, steps, why):
    found, memories, fault_ = read_steps(answer(*steps), labels, persona, 8 * HOUR)
    assert (found, list(memories)) == ((), [])
    assert why in fault_


def test_the_schema_wants_two_to_nine_steps_of_known_words():
    step = ("09:00", "work", "p1", "")
    assert fault(answer(step, step), PLAN_SCHEMA) == ""
    assert "2 to 9" in fault(answer(step), PLAN_SCHEMA)
    assert "2 to 9" in fault(answer(*[step] * 10), PLAN_SCHEMA)
    for wrong in (("9:00", "work", "p1", ""), ("24:00", "work", "p1", ""), ("09:00", "fly", "p1", "")):
        assert fault(answer(step, wrong), PLAN_SCHEMA).startswith("answer.steps[1]")
    assert fault(answer(step, ("09:00", "work", "e1", "")), PLAN_SCHEMA) == "answer.steps[1].place is not of its form"


def test_a_plan_moves_on_with_time_and_runs_out():
    plan = Plan("decision-1", (Step(100, "eat", "a"), Step(200, "work", "b"), Step(300, "rest", "a")), 400)
    assert plan.step(50).do == "eat"
    plan.served = True
    assert plan.step(199).do == "eat"
    assert plan.until() == 200
    assert plan.step(250).do == "work"
    assert plan.served is False
    assert plan.following().do == "rest"
    assert plan.step(399).do == "rest"
    assert plan.following() is None
    assert plan.step(400) is None


@given(st.integers(0, 10_000), st.integers(0, 3 * 24))
def test_sleep_ends_some_time_after_the_next_dawn(number, hour):
    steps = (Step(hour * HOUR, "rest", "a"), Step(hour * HOUR + 60, "sleep", "a"))
    end = end_of(steps, number)
    assert steps[-1].at < end
    assert 6 * HOUR <= end % (24 * HOUR) < 7 * HOUR
    assert end_of(steps[:1], number) == hour * HOUR + HOUR


def test_following_a_step_goes_there_first_and_then_does_it():
    plan = Plan("d", (Step(8 * HOUR, "work", "place-2"), Step(9 * HOUR, "rest", "place-1")), 10 * HOUR)
    step = plan.step(8 * HOUR)
    assert follow(plan, step, seen()) == Wish("move", {"to": "place-2"})
    assert follow(plan, step, seen(place="place-2")) == Wish("work", {"seconds": HOUR})
    assert follow(plan, step, seen(time=8 * HOUR + 3000, place="place-2")) == Wish("work", {"seconds": 600})


def test_eating_takes_then_uses_the_most_filling_food_and_asks_where_there_is_none():
    plan = Plan("d", (Step(8 * HOUR, "eat", "place-1"), Step(9 * HOUR, "rest", "place-1")), 10 * HOUR)
    step = plan.step(8 * HOUR)
    assert follow(plan, step, seen(things=(LOAF, STEW))) == Wish("take", {"item": "item-2"})
    assert follow(plan, step, seen(things=(STEW,), carried=(LOAF,))) == Wish("use", {"item": "item-1"})
    assert follow(plan, step, seen()) == Question("decide", "there is nothing to eat here")
    assert follow(plan, step, seen(hunger=100, things=(LOAF,))) == Wish("rest", {"seconds": 900})
    assert plan.served
    assert eat_here(seen(place="", things=(LOAF,))) is None


def test_a_plan_state_comes_back_and_a_broken_one_is_refused():
    plan = Plan("decision-1", (Step(100, "eat", "a", "m"), Step(200, "work", "b")), 400, 1, True)
    state = parse_canonical(canonical(plan.state()))
    assert Plan.from_state(state) == plan
    for broken in ({**state, "position": 2}, {**state, "steps": [[1]]}, {}):
        with pytest.raises(MindStateError, match="plan"):
            Plan.from_state(broken)


# Errands


@pytest.fixture
def cast(hamlet, theatre):
    return theatre(hamlet, agents=6).cast


def letter(title="Letter from A to B"):
    return Thing("item-9", "letter", title, "ab" * 32, "agent-0")


def give(**more):
    return Errand("give", "decision-1", 8 * HOUR, to="agent-1", title="Letter from A to B", **more)


def test_a_letter_is_handed_over_when_its_addressee_is_near_even_out_of_hours(cast):
    todo = [give()]
    near = (Person("agent-1", 4000, "working"),)
    wish, cause = next_of(todo, seen(time=23 * HOUR, people=near, carried=(letter(),)), cast)
    assert wish == Wish("give", {"item": "item-9", "to": "agent-1"})
    assert (cause, todo) == ("decision-1", [])


@pytest.mark.parametrize("person", [Person("agent-1", 9000, "working"), Person("agent-1", 500, "sleeping")])
def test_who_is_far_or_asleep_is_given_nothing(cast, person):
    todo = [give(rests=9 * HOUR)]
    assert next_of(todo, seen(people=(person,), carried=(letter(),)), cast) is None
    assert len(todo) == 1


def test_an_addressee_is_sought_at_work_then_at_home_and_again_tomorrow(cast):
    who = cast.person("agent-1")
    todo, time, visited = [give()], 10 * HOUR, []
    for _ in range(12):
        place = visited[-1] if visited else "place-0"
        found = next_of(todo, seen(time=time, place=place, carried=(letter(),)), cast)
        visited += [found[0].arguments["to"]] if found else []
        time += 31 * 60
    assert visited[:3] == [who.work, who.home, who.work]
    assert todo[0].rests >= 24 * HOUR


def test_what_is_not_in_hand_or_too_old_is_dropped(cast):
    todo = [give()]
    assert next_of(todo, seen(), cast) is None
    assert todo == []
    todo = [give()]
    assert next_of(todo, seen(time=90 * HOUR, carried=(letter(),)), cast) is None
    assert todo == []


def test_a_made_thing_is_brought_to_its_place_and_put_up(cast):
    todo = [Errand("put up", "decision-1", 8 * HOUR, place="place-2", title="Letter from A to B")]
    assert next_of(todo, seen(carried=(letter(),)), cast)[0] == Wish("move", {"to": "place-2"})
    assert next_of(todo, seen(place="place-2", carried=(letter(),)), cast)[0] == Wish("use", {"item": "item-9"})
    assert todo == []


def test_going_to_eat_comes_first_and_ends_when_sated_or_when_there_is_nothing(cast):
    todo = [give(rests=99 * HOUR)]
    errands.add(todo, Errand("eat", "decision-2", 8 * HOUR, place="place-2"))
    assert next_of(todo, seen(), cast) == (Wish("move", {"to": "place-2"}), "decision-2")
    assert next_of(todo, seen(place="place-2", things=(LOAF,)), cast)[0] == Wish("take", {"item": "item-1"})
    assert next_of(todo, seen(place="place-2"), cast) is None
    assert [errand.do for errand in todo] == []


def test_errands_are_few_and_their_states_come_back():
    todo = []
    for number in range(20):
        errands.add(todo, Errand("put up", f"decision-{number}", number, title=f"Sign {number}"))
    assert [errand.since for errand in todo] == list(range(12, 20))
    assert errands.read_errands(parse_canonical(canonical([errand.state() for errand in todo]))) == todo
    with pytest.raises(MindStateError, match="errand"):
        errands.read_errands([["give"]])
