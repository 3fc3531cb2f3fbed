"""Who talks with whom: two are one conversation, and so are three where somebody joins in; no line is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.cluster.closing.conversing import conversations_of
from worldloom.cluster.closing.naming import Names
from worldloom.cluster.closing.record import Record, Said
from worldloom.cluster.closing.talk import spots
from worldloom.provenance.events_block import EventRow

ALL = ""
NAMES = Names({f"agent-{at}": name for at, name in enumerate(("Ann", "Bo", "Cy", "Di"))}, {"place-0": "the inn"}, "X")


def say(time, speaker, listener, *heard, text="x"):
    target = f"agent-{listener}" if listener != ALL else None
    detail = {"text": text, "heard": [f"agent-{each}" for each in heard]}
    row = EventRow(time, 5, f"agent-{speaker}", "say", target, "place-0", None, detail)
    return Said(f"event-{time}-0-{speaker}", row)


def talks(*said):
    return [[(line.row.time, line.row.actor[-1]) for line in talk] for talk in conversations_of(said)]


@pytest.mark.parametrize(
    ("said", "count"),
    [
        # two who answer each other
        ([say(0, 0, 1, 1), say(0, 1, 0, 0), say(60, 0, 1, 1)], 1),
        # a long silence parts them
        ([say(0, 0, 1, 1), say(301, 1, 0, 0)], 2),
        # two pairs at one table stay two talks, though everybody hears everything
        ([say(0, 0, 1, 1, 2, 3), say(0, 2, 3, 0, 1, 3), say(60, 1, 0, 0, 2, 3), say(60, 3, 2, 0, 1, 2)], 2),
        # words to all bring others in
        ([say(0, 0, ALL, 1, 2), say(0, 1, 0, 0, 2), say(60, 2, 0, 0, 1)], 1),
        # who did not hear them is not brought in
        ([say(0, 0, ALL, 1), say(120, 2, 1, 0, 1)], 2),
        # a listener answers at once
        ([say(0, 0, 1, 1, 2), say(60, 2, 0, 0, 1)], 1),
        # a listener who comes later begins a talk of their own
        ([say(0, 0, 1, 1, 2), say(180, 2, 0, 0, 1)], 2),
        # one of two turns to a third: another talk
        ([say(0, 0, 1, 1, 2), say(60, 1, 2, 0, 2)], 2),
    ],
)
def test_who_is_in_a_talk(said, count):
    assert len(talks(*said)) == count


def test_a_talk_of_three_is_one_on_the_page():
    record = Record(said=[say(0, 0, ALL, 1, 2), say(0, 1, 0, 0, 2), say(60, 2, 0, 0, 1)])
    (spot,) = spots(record, NAMES, frozenset())
    (conversation,) = spot.conversations
    assert conversation.people == "Ann, Bo and Cy"
    assert [line.speaker for line in conversation.lines] == ["Ann", "Bo", "Cy"]


def test_words_to_all_that_nobody_answers_say_so():
    (spot,) = spots(Record(said=[say(0, 0, ALL, 1)]), NAMES, frozenset())
    assert spot.conversations[0].people == "Ann, to all"


def test_a_line_is_told_as_it_was_spoken():
    said = say(0, 0, 1, 1, text="Ann told Bo of the feast.")
    said.row.detail["spoken"] = "Have you heard?"
    (spot,) = spots(Record(said=[said]), NAMES, frozenset())
    assert [line.text for line in spot.conversations[0].lines] == ["Have you heard?"]


LINES = st.lists(
    st.tuples(
        st.integers(0, 1200),
        st.integers(0, 4),
        st.sampled_from([0, 1, 2, 3, 4, ALL]),
        st.lists(st.integers(0, 4), max_size=4),
    ),
    max_size=25,
)


@given(LINES)
def test_every_line_is_in_one_talk_and_talks_are_in_order(lines):
    said = [say(time, speaker, listener, *heard) for time, speaker, listener, heard in lines]
    found = conversations_of(said)
    assert sorted(id(line) for talk in found for line in talk) == sorted(map(id, said))
    assert all([line.row.time for line in talk] == sorted(line.row.time for line in talk) for talk in found)
    assert [talk[0].row.time for talk in found] == sorted(talk[0].row.time for talk in found)


@given(st.sampled_from([None, {}, {"heard": None}, {"heard": [3]}, {"heard": "agent-1"}, {"spoken": 7, "text": None}]))
def test_a_row_of_any_shape_is_a_line(detail):
    row = EventRow(0, 0, "agent-0", "say", None, "place-0", None, detail)
    (spot,) = spots(Record(said=[Said("event-0-0-0", row), say(30, 1, 0, 0)]), NAMES, frozenset())
    assert spot.count == 2
