"""Names in a sentence are found whole, the longest of several, wherever they stand."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.agents.cast import Cast, KnownPerson, KnownPlace
from worldloom.agents.mentions import Mentions

PEOPLE = ("Ida Marsh", "Ida Marshwell", "Bo O'Hara", "Åsa af Öl", "Ann")
PLACES = ("The Well", "The Well House", "Saint Anne's Well", "Driftwood")


def cast(people=PEOPLE, places=PLACES):
    return Cast(
        "Saltmarsh",
        tuple(KnownPerson(f"agent-{at}", name, "fisher", "", "") for at, name in enumerate(people)),
        tuple(KnownPlace(f"place-{at}", name, "well") for at, name in enumerate(places)),
    )


def found(text, **names):
    return [(text[each.start : each.end], each.referent) for each in Mentions(cast(**names)).find(text)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ida Marsh gave Bo O'Hara a loaf.", [("Ida Marsh", "agent-0"), ("Bo O'Hara", "agent-2")]),
        ("Ida Marshwell met Ida Marsh", [("Ida Marshwell", "agent-1"), ("Ida Marsh", "agent-0")]),
        ("at The Well House, not The Well.", [("The Well House", "place-1"), ("The Well", "place-0")]),
        ("Åsa af Öl sang at Saint Anne's Well", [("Åsa af Öl", "agent-3"), ("Saint Anne's Well", "place-2")]),
        ("Annabel is not Ann, and Idas Marsh is nobody", [("Ann", "agent-4")]),
        ("some driftwood lay about", []),
        ("", []),
    ],
)
def test_names_are_found_as_they_are_written(text, names):
    assert found(text) == names


def test_of_two_with_one_name_the_first_is_meant():
    assert found("Ann", people=("Ann", "Ann")) == [("Ann", "agent-0")]


@given(st.lists(st.sampled_from([*PEOPLE, *PLACES, "and", "gave", "‹", "Ida", "."]), max_size=12))
def test_mentions_lie_apart_and_in_order(words):
    text = " ".join(words)
    mentions = Mentions(cast()).find(text)
    assert all(one.end <= two.start for one, two in pairwise(mentions))
    assert all(text[each.start : each.end] in (*PEOPLE, *PLACES) for each in mentions)


@given(st.text(max_size=200))
def test_no_text_breaks_it(text):
    Mentions(cast()).find(text)
