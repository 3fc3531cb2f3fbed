"""Ties between agents: where they begin, how they grow and loosen, and that they stay bounded."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.agents.cast import Cast
from worldloom.agents.errors import MindStateError
from worldloom.agents.persona import make_cast
from worldloom.agents.relationships import CLOSEST, COLLEAGUE, FAMILY, MOST, SHARES, Relationships
from worldloom.provenance.canonical import canonical, parse_canonical
from worldloom.worlds.settlement import found_settlement
from worldloom.worlds.terrain import make_terrain

DAY = 86_400


@pytest.fixture(scope="module")
def hamlet():
    return found_settlement(make_terrain(3, 128), 3)


def test_one_begins_close_to_family_and_acquainted_with_colleagues(hamlet):
    people = make_cast(5, 40, hamlet)
    cast = Cast.of(people, hamlet)
    for person in people:
        ties = Relationships.of(person, cast)
        assert ties.closeness(person.agent, 0) == 0
        for other in person.household:
            assert ties.closeness(other, 0) == FAMILY
        for other in set(cast.workers(person.work)) - {person.agent} - set(person.household):
            assert ties.closeness(other, 0) == COLLEAGUE


def test_a_workplace_of_thousands_gives_a_bounded_number_of_ties(hamlet):
    people = make_cast(5, 5000, hamlet)
    ties = Relationships.of(people[2500], Cast.of(people, hamlet))
    assert len(ties.closest(0)) <= MOST


def test_meeting_talking_and_giving_bring_people_closer_in_this_order():
    grown = {what: Relationships("agent-1").share("agent-2", what, 60) for what in SHARES}
    assert 0 < grown["meet"] < grown["talk"] < grown["gift"]


def test_nobody_ever_comes_closer_than_closest():
    ties = Relationships("agent-1")
    for turn in range(3000):
        ties.share("agent-2", "gift", turn)
    assert ties.closeness("agent-2", 3000) == CLOSEST
    assert ties.tie("agent-2").times == 3000


def test_absence_loosens_a_tie_but_not_a_family():
    ties = Relationships("agent-1")
    ties.share("agent-2", "gift", 0)
    assert ties.closeness("agent-2", DAY - 1) == 100
    assert ties.closeness("agent-2", 3 * DAY) == 85
    assert ties.closeness("agent-2", 300 * DAY) == 0
    ties.restore({"agent-3": [FAMILY, 0, 0, FAMILY]})
    assert ties.closeness("agent-3", 300 * DAY) == FAMILY


def test_one_is_no_acquaintance_of_oneself():
    ties = Relationships("agent-1")
    ties.share("agent-1", "talk", 0)
    assert ties.closest(0) == []


def test_an_encounter_that_is_none_is_refused():
    with pytest.raises(ValueError, match="'duel' is no encounter"):
        Relationships("agent-1").share("agent-2", "duel", 0)


def test_too_many_acquaintances_push_out_the_least_close_and_never_the_newest():
    ties = Relationships("agent-1")
    ties.share("agent-2", "gift", 0)
    for number in range(3, 3 + 2 * MOST):
        ties.share(f"agent-{number}", "meet", number)
        assert ties.closeness(f"agent-{number}", number) > 0
    assert len(ties.closest(1000)) == MOST
    assert ties.closest(1000)[0] == "agent-2"


def test_the_closest_come_first_and_equals_by_number():
    ties = Relationships("agent-1")
    for number in (10, 9, 2):
        ties.share(f"agent-{number}", "meet", 0)
    ties.share("agent-20", "talk", 0)
    assert ties.closest(0) == ["agent-20", "agent-2", "agent-9", "agent-10"]
    assert ties.closest(0, 1) == ["agent-20"]


@given(st.lists(st.tuples(st.integers(0, 30), st.sampled_from(sorted(SHARES)), st.integers(0, 10 * DAY)), max_size=40))
@settings(max_examples=60, deadline=None)
def test_a_state_comes_back_exactly(encounters):
    ties = Relationships("agent-1")
    for other, what, time in encounters:
        ties.share(f"agent-{other}", what, time)
    again = Relationships("agent-1")
    again.restore(parse_canonical(canonical(ties.state())))
    assert again.state() == ties.state()
    assert again.closest(5 * DAY) == ties.closest(5 * DAY)


@pytest.mark.parametrize(
    "state",
    [
        {"agent-2": [1001, 1, 0, 0]},
        {"agent-2": [10, 1, 0, 20]},
        {"agent-2": [10, 1, 0]},
        {"agent-2": None},
        {"agent-2": ["10", 1, 0, 0]},
        {"somebody": [10, 1, 0, 0]},
        None,
    ],
)
def test_a_state_that_nobody_wrote_is_refused(state):
    ties = Relationships("agent-1")
    ties.share("agent-9", "talk", 0)
    with pytest.raises(MindStateError, match="acquaintances of agent-1"):
        ties.restore(state)
    assert ties.closest(0) == ["agent-9"]
