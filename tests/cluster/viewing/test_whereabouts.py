"""Where everybody is, from events alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from worldloom.cluster.viewing.whereabouts import Leg, Whereabouts
from worldloom.provenance.events_block import EventRow

PEOPLE = [{"agent": f"agent-{number}", "home": f"place-{number}"} for number in range(3)]


def row(time: int, actor: str | None, kind: str, target: str | None = None, place: str | None = None) -> EventRow:
    return EventRow(time, 0, actor, kind, target, place, None, {})


def after(*rows: EventRow) -> Whereabouts:
    where = Whereabouts()
    where.begin(PEOPLE)
    for each in rows:
        where.take(each)
    return where


def test_everybody_begins_at_home() -> None:
    assert {agent: track.place for agent, track in after().tracks.items()} == {
        "agent-0": "place-0",
        "agent-1": "place-1",
        "agent-2": "place-2",
    }


def test_who_leaves_is_on_the_way_until_they_arrive() -> None:
    left = after(row(60, "agent-0", "move", "place-9", "place-0"))
    assert left.tracks["agent-0"].walking() == "place-9"
    there = after(row(60, "agent-0", "move", "place-9", "place-0"), row(120, "agent-0", "arrive", "place-9", "place-9"))
    assert (there.tracks["agent-0"].place, there.tracks["agent-0"].legs) == ("place-9", ())


def test_both_who_meet_stop_and_each_may_go_on() -> None:
    rows = [
        row(60, "agent-0", "move", "place-9"),
        row(60, "agent-1", "move", "place-8"),
        row(90, "agent-0", "meet", "agent-1"),
    ]
    where = after(*rows)
    assert where.tracks["agent-1"].legs == (Leg("place-8", 60, 90),)
    assert where.tracks["agent-0"].walking() == ""
    where.take(row(120, "agent-1", "move", "place-7"))
    assert where.tracks["agent-1"].legs == (Leg("place-8", 60, 90), Leg("place-7", 120))


def test_talk_on_the_way_moves_nobody_to_a_place() -> None:
    where = after(row(60, "agent-0", "move", "place-9"), row(70, "agent-0", "say", "agent-1", "place-3"))
    assert where.tracks["agent-0"].walking() == "place-9"


def test_who_does_something_elsewhere_is_there() -> None:
    assert after(row(60, "agent-0", "work", None, "place-5")).tracks["agent-0"].place == "place-5"


def test_who_comes_later_stands_behind() -> None:
    where = after(
        row(60, "agent-0", "arrive", "place-9", "place-9"), row(70, "agent-2", "arrive", "place-9", "place-9")
    )
    assert where.tracks["agent-0"].turn < where.tracks["agent-2"].turn


_ids = st.sampled_from([None, "agent-0", "agent-1", "agent-9", "scenario", "place-1", "place-7", ""])
_rows = st.builds(row, st.integers(0, 999), _ids, st.sampled_from(["move", "meet", "arrive", "say", "x"]), _ids, _ids)


@given(st.lists(_rows, max_size=30))
def test_whatever_the_log_says_everybody_is_somewhere_and_nobody_is_added(rows: list[EventRow]) -> None:
    where = after(*rows)
    assert set(where.tracks) == {"agent-0", "agent-1", "agent-2"}
    assert all(track.place for track in where.tracks.values())
