"""First and third person: what is kept means the same in anybody's mouth, what is said aloud is about me and you."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.agents.voice import MAX_SPOKEN, spoken, third_person

ME, YOU = "Alda Barwick", "Jora Saltby"


@pytest.mark.parametrize(
    ("own", "kept"),
    [
        (f"I can count on {YOU}.", f"{ME} can count on {YOU}."),
        (f"I am fond of {YOU}.", f"{ME} is fond of {YOU}."),
        (f"I owe {YOU} thanks.", f"{ME} owes {YOU} thanks."),
        (f"I worry about {YOU}.", f"{ME} worries about {YOU}."),
        (f"I made a boat for {YOU}.", f"{ME} made a boat for {YOU}."),
        (f"{YOU} is good to me.", f"{YOU} is good to {ME}."),
        (f"{YOU} has my knife.", f"{YOU} has {ME}'s knife."),
        (f"{YOU} is often about.", f"{YOU} is often about."),
    ],
)
def test_own_words_become_a_sentence_about_a_third_person(own, kept):
    assert third_person(own, ME) == kept


@pytest.mark.parametrize("words", ["I like you.", "Your door is open.", "We meet at the inn.", "Ours is the boat."])
def test_words_to_somebody_become_none(words):
    assert third_person(words, ME) == ""


@pytest.mark.parametrize(
    ("kept", "aloud"),
    [
        (f"{ME} is fond of {YOU}.", "I am fond of you."),
        (f"{ME} owes {YOU} thanks.", "I owe you thanks."),
        (f"{ME} worries about {YOU}.", "I worry about you."),
        (f"{ME} was at the well.", "I was at the well."),
        (f"{YOU} gave {ME} a loaf.", "You gave me a loaf."),
        (f'{ME} gave {YOU} "Portrait of {YOU} by {ME}".', f'I gave you "Portrait of {YOU} by {ME}".'),
        ("The bell has a crack.", ""),
    ],
)
def test_a_memory_is_said_aloud_as_by_its_owner_and_titles_stay(kept, aloud):
    assert spoken(kept, ME, YOU, "") == aloud


def test_a_lead_stands_before_what_is_told():
    assert spoken("The bell has a crack.", ME, YOU, "Have you heard?") == "Have you heard? The bell has a crack."


@given(st.text(max_size=500), st.text(max_size=60))
def test_any_words_are_turned_without_an_error_and_within_bounds(text, lead):
    assert len(spoken(text, ME, YOU, lead)) <= MAX_SPOKEN
    assert isinstance(third_person(text, ME), str)
