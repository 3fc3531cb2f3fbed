"""Talk: what may be told to whom, what words are worth, and that nothing is told twice."""

from __future__ import annotations

import pytest
from worldloom.agents.errors import MindStateError
from worldloom.agents.memory import MemoryStream
from worldloom.agents.talk import (
    LISTENERS,
    STALE,
    THINGS,
    Told,
    greeting_of,
    importance_of,
    is_personal,
    key_of,
    may_tell,
    to_tell,
    words_of,
)
from worldloom.agents.view import Labels
from worldloom.provenance.canonical import canonical, parse_canonical

NEWS = "There is a feast at The Blue Anchor tonight at seven."


def stream_with(*rows):
    stream = MemoryStream("agent-0")
    for time, kind, text, importance, via in rows:
        stream.append(time, kind, text, f"event-{time}-0-0", importance, (), via)
    return stream


@pytest.mark.parametrize(
    ("text", "source", "places", "to_me", "worth"),
    [
        (NEWS, "event-1-0-0", ["place-1"], True, 8),
        (NEWS, "", ["place-1"], False, 8),
        ("Good morning, Jora.", "", [], True, 2),
        ("Is there a feast at The Blue Anchor tonight?", "", ["place-1"], True, 1),
        ("I will meet you at Market Square at 17:00, Jora.", "", ["place-1"], True, 8),
        ("I will meet you at Market Square at 17:00, Jora.", "", ["place-1"], False, 1),
        ("The bell has a crack.", "event-1-0-0", [], True, 4),
        ("I will make you a lantern, Jora.", "", [], True, 5),
        ("I will make you a lantern, Jora.", "", [], False, 1),
        ("Ulra Reed is grateful to Jora Ling.", "decision-60-1-0", [], True, 2),
        ('Ulra Reed sang "Feast at The Blue Anchor tonight".', "event-1-0-0", ["place-1"], True, 2),
    ],
)
def test_what_an_utterance_is_worth(text, source, places, to_me, worth):
    assert importance_of(text, source, places, to_me=to_me) == worth


def test_sayings_about_those_who_talk_are_personal():
    assert is_personal("Will you come?")
    assert is_personal("That is mine, said I.")
    assert not is_personal("Iris and Youna wed tomorrow.")


def test_told_keeps_who_heard_what_whatever_the_case_and_forgets_the_oldest():
    told = Told()
    told.mark(["agent-1"], key_of(NEWS))
    assert told.knows("agent-1", key_of(NEWS.upper()))
    assert not told.knows("agent-2", key_of(NEWS))
    for number in range(THINGS):
        told.mark(["agent-1"], key_of(f"{number}"))
    assert not told.knows("agent-1", key_of(NEWS))
    for number in range(LISTENERS + 5):
        told.mark([f"agent-{number + 10}"], key_of("k"))
    state = parse_canonical(canonical(told.state()))
    assert len(state) == LISTENERS
    again = Told()
    again.restore(state)
    assert again.state() == told.state()


def test_what_was_told_is_whole_keys_not_the_bytes_in_between():
    told = Told()
    told.mark(["agent-1"], "0011223344aa")
    told.mark(["agent-1"], "bbccddeeff00")
    assert not told.knows("agent-1", "3344aabbccdd")
    told.mark(["agent-1"], "0011223344aa")
    assert told.state() == [["agent-1", ["bbccddeeff00", "0011223344aa"]]]


@pytest.mark.parametrize("state", [[["agent-1", ["0011"]]], [["agent-1", ["not hex, no"]]], [["agent-1", 5]], [[]]])
def test_a_state_of_other_keys_is_refused_and_changes_nothing(state):
    told = Told()
    told.mark(["agent-1"], key_of(NEWS))
    with pytest.raises(MindStateError, match="not what was told"):
        told.restore(state)
    assert told.knows("agent-1", key_of(NEWS))


def test_news_comes_first_and_only_to_those_who_have_not_heard_it_from_here():
    stream = stream_with(
        (100, "told", NEWS, 8, "agent-5"),
        (200, "seen", "Alda Barwick made a lantern.", 4, ""),
        (300, "told", "Good morning.", 2, "agent-6"),
    )
    told = Told()
    told.mark(["agent-6"], key_of(NEWS))
    people = ("agent-5", "agent-6", "agent-7")
    rows = to_tell(stream, ["memory-0-0"], told, people, "lantern", 400, 6)
    new = {memory.text: listeners for memory, listeners in rows}
    assert rows[0][0].text == NEWS
    assert new[NEWS] == ["agent-7"]
    assert new["Alda Barwick made a lantern."] == list(people)
    assert new["Good morning."] == []


def test_old_news_small_talk_plans_and_personal_words_are_not_for_telling():
    stream = stream_with(
        (0, "told", NEWS, 8, ""),
        (0, "told", "Fine weather.", 2, ""),
        (0, "plan", "Alda will meet Jora at the square at 17:00.", 8, ""),
        (0, "told", "I will meet you at the square at 17:00.", 8, ""),
        (0, "told", "I will make you a lantern, Jora.", 5, ""),
        (0, "seen", "Alda made a sign.", 4, ""),
    )
    assert [may_tell(memory, 60) for memory in stream] == [True, False, False, False, False, True]
    assert [may_tell(memory, STALE + 1) for memory in stream] == [False, False, False, False, False, True]


def test_a_forgotten_memory_is_not_offered():
    stream = stream_with((0, "told", "The bell has a crack.", 4, ""))
    assert [memory.id for memory, _ in to_tell(stream, ["memory-0-77", "memory-0-0"], Told(), (), "bell", 9, 6)] == [
        "memory-0-0"
    ]


def test_a_reply_without_words_gets_the_plainest_and_appointments_are_always_said_in_full():
    labels = Labels()
    labels.add("e", "agent-1", "Jora")
    plain = dict.fromkeys(("target", "memory", "place", "at", "thing", "say"), "") | {"do": "greet"}
    assert words_of(plain, "Jora Ling", 8 * 3600, "", labels) == "Good morning, Jora."
    assert words_of({**plain, "say": "Ahoy, e1!\nm1 e7 x"}, "Jora", 0, "", labels) == "Ahoy, Jora! m1 e7 x"
    agreed = {**plain, "do": "agree", "at": "17:00", "say": "Gladly."}
    assert words_of(agreed, "Jora", 0, "The Well", labels) == "Gladly. I will meet you at The Well at 17:00, Jora."
    assert words_of({**agreed, "say": ""}, "Jora", 0, "The Well", labels).startswith("I will meet you at The Well")
    assert words_of({**plain, "do": "end"}, "Jora", 0, "", labels) == ""
    assert [greeting_of(hour * 3600) for hour in (7, 13, 20)] == ["Good morning", "Good day", "Good evening"]
