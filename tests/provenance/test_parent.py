"""What a fork says of its parent, and content told with another log's digests."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.provenance.digests import ARTIFACT, digest_json
from worldloom.provenance.entry import EntryKind, content_leaf
from worldloom.provenance.errors import FormatError
from worldloom.provenance.events_block import EventBlock
from worldloom.provenance.identities import read_identity
from worldloom.provenance.merkle import Frontier, leaf_hash
from worldloom.provenance.parent import Parent, SharedPast, parent_of
from worldloom.provenance.recipe import Identity, TrainingReference
from worldloom.provenance.retold import Retelling, content_digest, what_it_is

ROOT = "ab" * 32
VALUES = st.recursive(
    st.none() | st.integers(-9, 9) | st.text("abé", max_size=3) | st.just(ROOT),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("kl", max_size=2), inner, max_size=3),
    max_leaves=12,
)


def log(scenario: dict, words: list[str], times: int = 60) -> list[tuple[int, int, object]]:
    """Content of a small run: everything descends from its scenario."""
    said = {"type": "scenario", **scenario}
    genesis = {"type": "genesis", "parents": [content_digest(said).hex()]}
    content: list[tuple[int, int, object]] = [(EntryKind.SCENARIO, 0, said), (EntryKind.GENESIS, 0, genesis)]
    born = content_digest(genesis).hex()
    for number, word in enumerate(words):
        time = number * times
        decision = {
            "type": "decision",
            "id": f"decision-{time}-0-0",
            "agent": "agent-0",
            "say": word,
            "parents": [born],
        }
        recipe = {"agent": "agent-0", "parents": [content_digest(decision).hex()]}
        artifact = {"type": "artifact", "title": word, "recipe": recipe}
        detail = {"artifact": digest_json(ARTIFACT, artifact).hex(), "text": word}
        block = EventBlock(time, 0, [(time, 1, "agent-0", "make", None, "place-1", f"decision-{time}-0-0", detail)])
        content += [(EntryKind.DECISION, time, decision), (EntryKind.ARTIFACT, time, artifact)]
        content.append((EntryKind.EVENTS, time, block))
    return content


def parent_of_first(content, count: int, time: int = 999) -> Parent:
    frontier = Frontier()
    for kind, when, body in content[:count]:
        frontier.append(leaf_hash(content_leaf(kind, when, content_digest(body))))
    return Parent("run-one", "worldloom.run/run-one", time, count, frontier.root.hex(), count, ROOT, content[0][2])


def logged(content):
    return [(kind, time, content_digest(body)) for kind, time, body in content]


WORDS = st.lists(st.text("abc ", min_size=1, max_size=5), min_size=1, max_size=6)


@given(words=WORDS, later=WORDS, data=st.data())
def test_the_same_past_under_another_scenario_is_the_same_past(words, later, data):
    one, two = log({"seed": 7}, words), log({"seed": 7, "maker": "other"}, [*words, *later])
    count = data.draw(st.integers(1, len(one)))
    assert logged(one)[1:] != logged(two)[1 : len(one)], "the digests themselves differ"
    past = SharedPast(parent_of_first(one, count), logged(one))
    assert [past.follow(number, *content) for number, content in enumerate(two)] == [""] * len(two)
    assert past.whole
    assert past.seen == count


@given(words=WORDS, data=st.data())
def test_one_other_word_in_the_past_is_found_where_it_stands(words, data):
    changed = data.draw(st.integers(0, len(words) - 1))
    one = log({"seed": 7}, words)
    two = log({"seed": 8}, [*words[:changed], words[changed] + "!", *words[changed + 1 :]])
    parent = parent_of_first(one, len(one))
    known = SharedPast(parent, logged(one))
    faults = [known.follow(number, *content) for number, content in enumerate(two)]
    first = next(number for number, fault in enumerate(faults) if fault)
    assert first == 2 + 3 * changed
    assert f"content {first} (decision decision-{60 * changed}-0-0 agent-0 at {60 * changed} s)" in faults[first]
    alone = SharedPast(parent)
    faults = [alone.follow(number, *content) for number, content in enumerate(two)]
    assert not any(faults[:-1]), "without the parent's log only the root can tell"
    assert "are not those of run-one" in faults[-1]


@given(words=WORDS)
def test_another_time_or_kind_is_another_content(words):
    one = log({"seed": 7}, words)
    past = SharedPast(parent_of_first(one, len(one)), logged(one))
    kind, time, body = one[0]
    assert past.follow(0, kind, time + 1, body)


def test_content_is_followed_in_its_order_and_once():
    one = log({"seed": 7}, ["a"])
    past = SharedPast(parent_of_first(one, len(one)), logged(one))
    assert past.follow(1, *one[1]) == "content 1 came where content 0 was due"
    assert past.follow(0, *one[0]) == past.follow(0, *one[0]) == past.follow(1, *one[1]) == ""
    assert past.seen == 2


@given(value=VALUES, known=st.booleans())
def test_retelling_changes_what_it_learned_and_nothing_else(value, known):
    retelling = Retelling()
    body = {"type": "x", "value": value}
    assert retelling.body(body) is body
    retelling.same("cd" * 32 if known else ROOT, "ef" * 32)
    told = retelling.body(body)
    assert (told is body) == (known or ROOT not in str(value))
    assert str(told) == (str(body) if known else str(body).replace(ROOT, "ef" * 32))


def test_keys_and_parts_of_words_are_never_retold():
    retelling = Retelling()
    retelling.same(ROOT, "ef" * 32)
    body = {ROOT: 1, "text": f"see {ROOT}"}
    assert retelling.body(body) == body


def test_a_parent_reads_as_it_was_written():
    parent = parent_of_first(log({"seed": 7}, ["a"]), 2)
    assert parent_of({"type": "scenario", "parent": parent.content()}) == parent
    assert parent_of({"type": "scenario"}) is None
    assert parent_of(None) is None


@pytest.mark.parametrize(
    "change",
    [
        {"content_root": "ab"},
        {"log_root": ROOT.upper()},
        {"time": "60"},
        {"content_count": True},
        {"content_count": None},
        {"scenario": []},
        {"run": 7},
        {"more": 1},
    ],
)
def test_a_parent_of_another_shape_is_refused(change):
    value = parent_of_first(log({"seed": 7}, ["a"]), 2).content()
    with pytest.raises(FormatError):
        parent_of({"parent": {**value, **change}})


@given(value=VALUES.filter(lambda value: value is not None))
def test_anything_else_in_the_place_of_a_parent_is_refused(value):
    with pytest.raises(FormatError):
        parent_of({"parent": value})


@pytest.mark.parametrize("training", [None, TrainingReference("worldloom.training/x", 3, ROOT)])
def test_an_identity_reads_as_it_was_written(training):
    who = Identity("embedded", "village-1", weights=ROOT, output_licence="Apache-2.0", training=training)
    assert read_identity(who.content()) == who


@pytest.mark.parametrize("value", [None, 7, [], {}, {"backend": "x"}, {"backend": "x", "model": "y", "colour": "red"}])
def test_what_is_no_identity_is_refused(value):
    with pytest.raises(FormatError, match="not the identity of a generator"):
        read_identity(value)


def test_content_is_named_in_a_few_words():
    one = log({"seed": 7}, ["a"])
    assert [what_it_is(kind, body) for kind, _, body in one] == [
        "scenario",
        "genesis",
        "decision decision-0-0-0 agent-0",
        "artifact a agent-0",
        "events of range 0",
    ]
    assert what_it_is(EntryKind.ARTIFACT, None) == "artifact (erased)"
    assert what_it_is(0x8001, {}) == "0x8001"
