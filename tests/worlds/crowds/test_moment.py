import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.provenance.ids import EventId
from worldloom.worlds.crowds import Moment, event_ids, rows_of
from worldloom.worlds.errors import WorldError
from worldloom.worlds.events import Journal


@pytest.fixture
def moment() -> Moment:
    return Moment(seed=7, time=3600, agents=10, journal=Journal(3600))


def test_chance_follows_from_seed_time_purpose_and_keys(moment):
    later = Moment(7, 7200, 10, Journal(7200))
    drawn = moment.below("luck", 1000)
    assert drawn.shape == (10,)
    assert (drawn == moment.below("luck", 1000)).all()
    assert (drawn[[3, 5]] == moment.below("luck", 1000, np.array([3, 5]))).all()
    assert (drawn != later.below("luck", 1000)).any()
    assert (drawn != moment.below("love", 1000)).any()


def test_the_order_of_two_does_not_hang_on_who_else_is_there(moment):
    everybody = moment.order(moment.numbers).tolist()
    few = moment.order(np.array([8, 1, 4])).tolist()
    assert few == [number for number in everybody if number in (1, 4, 8)]


def test_events_bear_agents_targets_causes_and_details():
    journal = Journal(60)
    first = Moment(1, 60, 5000, journal).record("begin", np.array([4999]))
    events = Moment(1, 60, 5000, journal).record(
        "meet", np.array([0, 4999]), targets=np.array([4999, 0]), causes=[first[0], ""], strength=np.array([3, 4])
    )
    assert events == ["event-60-0-0", "event-60-1-1"]
    rows = [happening.row for happening in journal.happened[1:]]
    assert [(row.actor, row.target, row.cause, row.detail) for row in rows] == [
        ("agent-0", "agent-4999", first[0], {"strength": 3}),
        ("agent-4999", "agent-0", None, {"strength": 4}),
    ]


@given(st.lists(st.tuples(st.integers(0, 2**40), st.integers(0, 99_999), st.integers(0, 4095)), min_size=1))
def test_an_events_id_can_be_told_from_time_agent_and_row(events):
    times, agents, rows = (np.array(column, np.int64) for column in zip(*events, strict=True))
    ids = event_ids(times, agents, rows)
    assert [EventId.parse(each).time for each in ids] == times.tolist()
    assert rows_of(ids).tolist() == rows.tolist()


def test_what_never_happened_has_no_id():
    assert event_ids(np.array([-1]), np.array([3]), np.array([-1])) == [""]


@pytest.mark.parametrize(
    ("agents", "more", "said"),
    [
        ([10], {}, "10 is no agent's number"),
        ([-1], {}, "-1 is no agent's number"),
        ([0.5], {}, "0.5 is no agent's number"),
        ([1, 2], {"targets": np.array([3])}, "differ in length"),
        ([1], {"targets": np.array([99])}, "99 is no agent's number"),
        ([1], {"cell": np.array([1, 2])}, "differ in length"),
    ],
)
def test_events_of_nobody_and_crooked_ones_are_refused_by_name(moment, agents, more, said):
    with pytest.raises(WorldError, match=said) as caught:
        moment.record("move", np.array(agents), **more)
    assert "'move'" in str(caught.value)
