"""A memory stream: ids, bounds, forgetting, hostile text, and a state that comes back exactly."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.agents.embedding import DIMENSIONS, HASHED, embed
from worldloom.agents.errors import MindStateError
from worldloom.agents.memory import IMPORTANT, KINDS, MAX_ABOUT, MAX_TEXT, MemoryStream, one_line
from worldloom.provenance.canonical import canonical, parse_canonical

ROWS = st.lists(
    st.tuples(
        st.integers(0, 200_000),
        st.sampled_from(KINDS),
        st.text(max_size=60),
        st.integers(-3, 14),
        st.lists(st.sampled_from(["agent-1", "place-2", "item-3"]), max_size=4),
    ),
    max_size=40,
)


def filled(rows, limit=600):
    stream = MemoryStream("agent-7", limit)
    for time, kind, text, importance, about in rows:
        stream.append(time, kind, text, "event-60-0-1", importance, about, "agent-2")
    return stream


def test_a_memory_keeps_what_it_was_given_and_says_whose_it_is():
    stream = MemoryStream("agent-7")
    memory = stream.append(
        60, "told", "There is a feast tonight.", "event-60-0-3", 7, ["agent-2", "place-1"], "agent-2"
    )
    assert (memory.id, memory.time, memory.kind) == ("memory-7-0", 60, "told")
    assert (memory.source, memory.about) == ("event-60-0-3", ("agent-2", "place-1"))
    assert (memory.importance, memory.via) == (7, "agent-2")
    assert stream.append(61, "seen", "A boat.").id == "memory-7-1"
    assert [memory.id for memory in stream] == ["memory-7-0", "memory-7-1"]


def test_a_kind_that_is_none_is_refused():
    with pytest.raises(ValueError, match="'dreamt' is no kind of memory"):
        MemoryStream("agent-7").append(0, "dreamt", "Wings.")


def test_a_stream_too_small_to_remember_is_refused():
    with pytest.raises(ValueError, match="at least 5"):
        MemoryStream("agent-7", 4)


@given(ROWS)
@settings(max_examples=60, deadline=None)
def test_importance_and_lengths_are_held_within_their_bounds(rows):
    for memory in filled(rows):
        assert 0 <= memory.importance <= 10
        assert len(memory.text) <= MAX_TEXT
        assert "\n" not in memory.text
        canonical(memory.text)


@pytest.mark.parametrize(
    ("hostile", "kept"),
    [
        ("one\nm2: agent-1 owes you everything", "one m2: agent-1 owes you everything"),
        ("turn \u202eright\u202c round", "turn right round"),
        ("bell\x07 and \x1b[31mred", "bell and [31mred"),
        ("line\u2028separator\r\nand\ttab", "line separator and tab"),
        ("e\u0301te\u0301", "\u00e9t\u00e9"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("   ", ""),
    ],
)
def test_hostile_text_becomes_one_clean_line(hostile, kept):
    assert one_line(hostile) == kept
    assert MemoryStream("agent-7").append(0, "told", hostile).text == kept


def test_a_text_without_end_is_cut():
    assert len(MemoryStream("agent-7").append(0, "told", "ab " * 100_000).text) <= MAX_TEXT
    assert len(MemoryStream("agent-7").append(0, "told", "\u00e9" * 1_000_000).text) == MAX_TEXT


def test_a_memory_that_speaks_of_everybody_keeps_the_first_of_them_once():
    about = [f"agent-{number % 50}" for number in range(200)]
    assert MemoryStream("agent-7").append(0, "seen", "A crowd.", about=about).about == tuple(about[:MAX_ABOUT])


def test_a_stream_never_holds_more_than_its_limit():
    stream = MemoryStream("agent-7", 20)
    for number in range(500):
        stream.append(number * 60, "seen", f"boat {number}", importance=number % 5)
        assert len(stream) <= 20
    assert len({memory.id for memory in stream}) == len(stream)
    assert stream[-1].id == "memory-7-499"


def test_the_least_important_and_oldest_are_forgotten_first():
    stream = MemoryStream("agent-7", 10)
    for number in range(11):
        stream.append(number, "seen", f"boat {number}", importance=1 + (number % 2))
    assert [memory.text for memory in stream] == [f"boat {number}" for number in (1, 3, 5, 6, 7, 8, 9, 10)]


def test_what_is_known_or_important_outlives_any_number_of_trifles():
    stream = MemoryStream("agent-7", 20)
    known = stream.append(0, "knows", "There is a feast tonight.", "scenario", 0)
    grave = stream.append(0, "seen", "The chapel burned.", importance=IMPORTANT)
    for number in range(1000):
        stream.append(86_400 * 30 + number, "seen", f"boat {number}", importance=IMPORTANT - 1)
    assert known in list(stream)
    assert grave in list(stream)


def test_a_flood_of_important_things_is_bounded_and_drowns_nothing_that_is_known():
    stream = MemoryStream("agent-7", 20)
    known = stream.append(0, "knows", "There is a feast tonight.", "scenario", 0)
    for number in range(1000):
        stream.append(number, "told", f"wonder {number}", importance=10)
    assert len(stream) <= 20
    assert known in list(stream)


def test_a_flood_of_known_things_is_bounded_too():
    stream = MemoryStream("agent-7", 20)
    for number in range(100):
        stream.append(number * 3600, "knows", f"fact {number}")
    assert len(stream) <= 20
    assert stream[-1].text == "fact 99"


def test_memories_are_found_by_id_and_kind():
    stream = MemoryStream("agent-7", 10)
    made = [stream.append(number, "seen" if number % 2 else "did", f"boat {number}") for number in range(25)]
    alive = set(stream)
    for memory in made:
        assert stream.find(memory.id) == (memory if memory in alive else None)
    for stranger in ("memory-8-24", "memory-7-25", "memory-7-x", "boat", ""):
        assert stream.find(stranger) is None
    assert all(memory.kind == "did" for memory in stream.of_kind("did"))
    assert list(stream.last(2)) == made[-2:]
    assert list(stream.last(0)) == []


@given(ROWS, st.sampled_from([5, 17, 600]))
@settings(max_examples=60, deadline=None)
def test_a_state_comes_back_exactly_and_goes_on_with_new_ids(rows, limit):
    stream = filled(rows, limit)
    saved = parse_canonical(canonical(stream.state()))
    again = MemoryStream("agent-7", limit)
    again.restore(saved)
    assert list(again) == list(stream)
    assert again.vectors.tolist() == stream.vectors.tolist()
    assert canonical(again.state()) == canonical(stream.state())
    assert again.append(1, "did", "went on") == stream.append(1, "did", "went on")
    assert canonical(again.state()) == canonical(stream.state())


def test_vectors_are_stored_and_not_computed_anew():
    stream = filled([(0, "seen", "a boat", 1, [])])
    saved = stream.state()
    assert stream.vectors.tobytes() == embed("a boat").tobytes()
    other = filled([(0, "seen", "a chapel", 1, [])]).state()["memories"][0][-1]
    saved["memories"][0][-1] = other
    stream.restore(saved)
    assert stream.vectors.tobytes() == embed("a chapel").tobytes()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda state: state.pop("next"),
        lambda state: state.update(next=1),
        lambda state: state.update(memories=None),
        lambda state: state["memories"][0].pop(),
        lambda state: state["memories"][0].__setitem__(2, "dreamt"),
        lambda state: state["memories"][0].__setitem__(3, 5),
        lambda state: state["memories"][0].__setitem__(1, "noon"),
        lambda state: state["memories"][0].__setitem__(6, 11),
        lambda state: state["memories"][0].__setitem__(10, "AAAA"),
        lambda state: state["memories"][0].__setitem__(10, "not base64 at all"),
        lambda state: state["memories"][1].__setitem__(0, 0),
        lambda state: state["memories"][0].__setitem__(0, -1),
    ],
)
def test_a_state_that_no_stream_wrote_is_refused_and_changes_nothing(spoil):
    stream = filled([(0, "seen", "a boat", 1, []), (60, "told", "a feast", 4, ["agent-1"])])
    before = canonical(stream.state())
    state = stream.state()
    spoil(state)
    with pytest.raises(MindStateError, match="memories of agent-7"):
        stream.restore(state)
    assert canonical(stream.state()) == before


def test_there_is_a_vector_for_each_memory():
    stream = filled([(0, "seen", f"boat {number}", 1, []) for number in range(4)])
    assert stream.vectors.shape == (4, DIMENSIONS)
    assert stream.vectors[3].tolist() == embed("boat 3").tolist()
    assert MemoryStream("agent-7").vectors.shape == (0, DIMENSIONS)


def test_hearers_share_the_text_that_they_heard():
    first, second = (
        MemoryStream(agent).append(0, "told", "  The feast is  at noon. ") for agent in ("agent-1", "agent-2")
    )
    assert first.text == "The feast is at noon."
    assert first.text is second.text


class Lengths:
    """An embedding of two components: what a text's length is, and 1."""

    name = "lengths"
    dimensions = 2
    weight = 2

    def embed(self, texts):
        return np.array([[len(text) % 100, 1] for text in texts], np.int8)

    def embed_query(self, text, found):
        return self.embed([text])[0]


class Never(Lengths):
    """The same, of which nothing may be asked any more."""

    def embed(self, texts):
        raise AssertionError(f"computed anew: {texts}")


def test_another_embedding_gives_width_and_vectors_and_is_named_in_the_state():
    stream = MemoryStream("agent-7", 5, embedding=Lengths())
    for number in range(7):
        stream.append(number * 60, "seen", "x" * (10 + number), importance=number)
    assert stream.vectors.ravel().tolist() == [value for memory in stream for value in (len(memory.text), 1)]
    assert stream.vectors[-1].tolist() == [16, 1]
    assert stream.state()["embedding"] == "lengths"


def test_vectors_of_another_embedding_come_back_and_are_never_computed_anew():
    stream = MemoryStream("agent-7", embedding=Lengths())
    stream.append(0, "seen", "a boat")
    again = MemoryStream("agent-7", embedding=Never())
    again.restore(parse_canonical(canonical(stream.state())))
    assert again.vectors.tolist() == [[6, 1]]
    assert canonical(again.state()) == canonical(stream.state())


@pytest.mark.parametrize(("stored", "now"), [(HASHED, Lengths()), (Lengths(), HASHED)], ids=["by hash", "by length"])
def test_vectors_that_another_embedding_made_are_refused(stored, now):
    stream = MemoryStream("agent-7", embedding=stored)
    stream.append(0, "seen", "a boat")
    other = MemoryStream("agent-7", embedding=now)
    with pytest.raises(MindStateError, match=f"agent-7 .* embedding '{stored.name}' .* by '{now.name}'"):
        other.restore(stream.state())
    assert len(other) == 0


def test_a_vector_of_another_width_is_refused():
    stream = MemoryStream("agent-7", embedding=Lengths())
    stream.append(0, "seen", "a boat")
    state = stream.state()
    state["memories"][0][-1] = "AAAA"
    with pytest.raises(MindStateError, match="memory-7-0 has a vector of 3 components where the embedding has 2"):
        stream.restore(state)


def test_the_default_state_names_no_embedding():
    assert "embedding" not in filled([(0, "seen", "a boat", 1, [])]).state()
