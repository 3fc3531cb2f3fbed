"""From answers to actions: the strict check against schemas, labels that become ids, and errands that follow."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.agents.decide import AS_PLANNED, decide, reply
from worldloom.agents.making import make, title_of
from worldloom.agents.mind import Mind, Pending
from worldloom.agents.schemas import DECIDE_SCHEMA, MAX_ANSWER, SCHEMAS, fault, read_answer
from worldloom.agents.talk import key_of
from worldloom.agents.view import Guide, Labels, who_line
from worldloom.worlds.observation import Observation, Thing

CARRIED = Thing("item-4", "loaf", "a loaf of bread", "", "agent-0")
LYING = Thing("item-5", "loaf", "a loaf of bread", "", "")


@pytest.fixture
def mind(hamlet, theatre):
    play = theatre(hamlet)
    return Mind.born(play.personas[0], play.cast, who_line(play.personas[0]))


def pending(mind, purpose="decide", place="place-3", speaker=""):
    labels = Labels()
    for letter, referent in (
        ("e", "agent-1"), ("e", "agent-2"), ("i", "item-4"), ("i", "item-5"), ("p", "place-0"), ("p", "place-3"),
    ):  # fmt: skip
        labels.add(letter, referent)
    for memory in mind.stream:
        labels.add("m", memory.id)
    seen = Observation("agent-0", 36_000, place, (), (LYING,), (CARRIED,), 500, 100, 100, ())
    return Pending(purpose, "r", "p", "t", labels, seen, (), speaker)


def deed(do, target="", item="", memory="", say=""):
    return {"do": do, "target": target, "item": item, "memory": memory, "say": say}


def talk(do, **words):
    return dict.fromkeys(("target", "memory", "place", "at", "thing", "say"), "") | {"do": do} | words


def answer_to(mind, asked, answer):
    return reply(mind, Guide(mind.cast), asked, answer, "decision-1")


# Schemas


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[" * 3000, "not JSON"),
        ("NaN", "not an object"),
        ("[1]", "not an object"),
        ('"go on"', "not an object"),
        (" " * (MAX_ANSWER + 1), "longer than"),
        (json.dumps(deed("go on") | {"plan": "x"}), "may not have"),
        (json.dumps({"do": "go on"}), "lacks target"),
        (json.dumps(deed("jump")), "do is none of its words"),
        (json.dumps(deed(["go on"])), "do is none of its words"),
        (json.dumps(deed("move", "p0")), "target is not of its form"),
        (json.dumps(deed("move", "p1\n")), "target is not of its form"),
        (json.dumps(deed("move", "place-1")), "target is not of its form"),
        (json.dumps(deed("move", "p100")), "target is not of its form"),
        (json.dumps(deed("say", "e1", memory="e1")), "memory is not of its form"),
        (json.dumps(deed("say", 1)), "target is not text"),
        (json.dumps(deed("say", say="x" * 201)), "longer than 200"),
    ],
)
def test_what_breaks_the_schema_is_named(text, why):
    value, found = read_answer(text, DECIDE_SCHEMA)
    assert value == {}
    assert why in found


@given(
    st.text(max_size=200) | st.recursive(st.none() | st.integers() | st.text(), lambda x: st.lists(x)).map(json.dumps)
)
def test_reading_an_answer_never_raises(text):
    for schema in SCHEMAS.values():
        value, why = read_answer(text, schema)
        assert (value == {}) == bool(why)


def test_schemas_use_only_what_the_check_knows():
    known = {
        "type", "properties", "required", "additionalProperties", "items", "minItems", "maxItems", "maxLength", "enum",
        "pattern",
    }  # fmt: skip

    def walk(schema):
        assert set(schema) <= known
        for part in schema.get("properties", {}).values():
            walk(part)
        if "items" in schema:
            walk(schema["items"])

    for schema in SCHEMAS.values():
        walk(schema)
        assert schema["required"] == list(schema["properties"])


# Decisions


@pytest.mark.parametrize(
    ("answer", "wish"),
    [
        (deed("move", "p1"), ("move", {"to": "place-0"})),
        (deed("take", "i2"), ("take", {"item": "item-5"})),
        (deed("use", "i1"), ("use", {"item": "item-4"})),
        (deed("give", "e2", item="i1"), ("give", {"item": "item-4", "to": "agent-2"})),
        (deed("eat", "i1"), ("use", {"item": "item-4"})),
        (deed("eat", "i2"), ("take", {"item": "item-5"})),
        (deed("eat", "p1"), ("move", {"to": "place-0"})),
        (deed("say", "e1", say=" Hello \n there "), ("say", {"to": "agent-1", "text": "Hello there", "source": ""})),
        (deed("say", say="Hello all"), ("say", {"to": "", "text": "Hello all", "source": ""})),
        (deed("wait", say="for rain"), ("wait", {"seconds": 300, "reason": "for rain"})),
        (deed("go on"), AS_PLANNED),
    ],
)
def test_labels_become_ids(mind, answer, wish):
    outcome = decide(mind, pending(mind), answer, "decision-1")
    assert outcome.fault == ""
    assert outcome.wish[:2] == wish[:2]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (deed("move", "p9"), "there is no p9"),
        (deed("move", "e1"), "needs a label of p"),
        (deed("move"), "needs a label of p"),
        (deed("take", "p1"), "needs a label of i"),
        (deed("give", "e1"), "needs a label of i"),
        (deed("give", "i1", item="i1"), "needs a label of e"),
        (deed("say", "e1"), "memory or words"),
        (deed("say", "e1", memory="m4"), "there is no m4"),
        (deed("say", "i1", say="Hello"), "needs a label of e"),
        (deed("rest", memory="m4"), "there is no m4"),
    ],
)
def test_labels_that_are_not_there_or_of_the_wrong_kind_are_faults(mind, answer, why):
    outcome = decide(mind, pending(mind), answer, "decision-1")
    assert why in outcome.fault
    assert outcome.wish == AS_PLANNED


def test_telling_says_the_memory_with_its_source_and_rests_on_it(mind):
    memory = mind.remember(60, "told", "There is a feast at the inn tonight.", "event-60-0-1", 8, (), "agent-2")
    outcome = decide(mind, pending(mind), deed("say", "e1", memory="m1"), "decision-1")
    said = {"to": "agent-1", "text": memory.text, "source": "event-60-0-1"}
    assert (outcome.wish.arguments, outcome.memories) == (said, (memory.id,))
    assert "told already" in decide(mind, pending(mind), deed("say", "e2", memory="m1"), "d").fault
    mind.told.mark(["agent-1"], key_of(memory.text))
    assert "told already" in decide(mind, pending(mind), deed("say", "e1", memory="m1"), "d").fault


def test_what_is_not_for_telling_cannot_be_told(mind):
    mind.remember(60, "told", "Good morning.", "event-60-0-1", 2, (), "agent-2")
    assert "not for telling" in decide(mind, pending(mind), deed("say", "e1", memory="m1"), "d").fault


def test_an_errand_follows_from_going_to_eat(mind):
    outcome = decide(mind, pending(mind), deed("eat", "p1"), "decision-1")
    assert (outcome.errand.do, outcome.errand.place, outcome.errand.cause) == ("eat", "place-0", "decision-1")
    assert decide(mind, pending(mind, place=""), deed("eat"), "d").fault


def test_replies_go_to_the_speaker_whatever_else_is_in_view(mind):
    blank = talk("greet", target="e2", say="Ahoy")
    asked = pending(mind, "talk", speaker="agent-2")
    assert answer_to(mind, asked, blank).wish.arguments == {"to": "agent-2", "text": "Ahoy", "source": ""}
    assert answer_to(mind, asked, talk("greet", say="Ahoy")).wish.arguments["to"] == ""
    assert answer_to(mind, asked, {**blank, "do": "end"}).wish is AS_PLANNED
    place, name = mind.cast.place("place-0").name, mind.cast.name("agent-2").partition(" ")[0]
    invited = answer_to(mind, asked, {**blank, "do": "invite", "place": "p1", "at": "17:00"})
    assert invited.wish.arguments["text"] == f"Ahoy Will you meet me at {place} at 17:00, {name}?"
    for broken in (
        {"do": "invite", "place": "p1"}, {"do": "agree", "at": "17:00"}, {"do": "tell"}, {"do": "order"},
        {"do": "promise"}, {"target": "e9"}, {"target": "p1"},
    ):  # fmt: skip
        assert answer_to(mind, asked, {**blank, **broken}).fault


def test_an_order_is_for_who_spoke_and_a_promise_is_kept_in_mind(mind):
    asked = pending(mind, "talk", speaker="agent-2")
    name = mind.cast.name("agent-2")
    ordered = answer_to(mind, asked, talk("order", target="e1", thing="anchor"))
    assert ordered.wish.arguments["text"] == f"Will you make me an anchor, {name.partition(' ')[0]}?"
    assert ordered.wish.arguments["to"] == "agent-2"
    assert not mind.orders
    promised = answer_to(mind, asked, talk("promise", thing="anchor"))
    assert promised.wish.arguments["text"] == f"I will make you an anchor, {name.partition(' ')[0]}."
    (order,) = mind.orders
    assert (order.by, order.thing, order.cause) == ("agent-2", "anchor", "decision-1")
    memory = mind.stream.find(order.memory)
    assert (memory.kind, memory.source) == ("plan", "decision-1")
    assert memory.text == f"{mind.persona.name} promised to make an anchor for {name}."
    assert "anchor" in mind.revise
    answer_to(mind, asked, talk("promise", thing="anchor"))
    assert len(mind.orders) == 1


# Making


def craft(name, **words):
    fields = ("thing", "subject", "colour", "size", "occasion", "mood", "memory", "order", "target")
    answer = dict.fromkeys(fields, "")
    return {"craft": name, **answer, **words}


def test_a_make_answer_becomes_an_action_and_says_what_becomes_of_the_thing(mind):
    outcome = make(mind, pending(mind, "make"), craft("letter", occasion="thanks", target="e1"), "decision-1")
    assert outcome.wish.arguments["to"] == "agent-1"
    assert (outcome.errand.do, outcome.errand.to) == ("give", "agent-1")
    assert outcome.errand.title == f"Letter from {mind.persona.name} to {mind.cast.name('agent-1')}"
    outcome = make(mind, pending(mind, "make"), craft("sign", subject="mug", colour="red", target="p1"), "decision-1")
    assert outcome.wish.arguments["text"] == mind.cast.place("place-0").name
    assert (outcome.errand.do, outcome.errand.place) == ("put up", "place-0")
    assert title_of({"craft": "prop", "subject": "boat", "colour": "red", "size": "small"}, "A") == "Small red boat"


@pytest.mark.parametrize(
    "answer",
    [
        craft("letter", target="e1"),
        craft("letter", occasion="thanks", target="p1"),
        craft("letter", occasion="thanks", target="e7"),
        craft("sign", subject="mug", target="e1"),
        craft("sign", target="p1"),
        craft("prop", subject="mug", target="p1"),
        craft("emblem", subject="fish"),
        craft("portrait", target="e1"),
        craft("portrait", mood="calm", target="p1"),
        craft("tile", colour="red", target="p1"),
        craft("song", mood="calm", target="p1"),
        craft("song", mood="calm", memory="m7", target="p1"),
        craft("prop", thing="mug", target="e1", order="o1"),
    ],
)
def test_a_make_answer_that_lacks_its_word_or_target_is_a_fault(mind, answer):
    assert fault(answer, SCHEMAS["make"]) == ""
    outcome = make(mind, pending(mind, "make"), answer, "decision-1")
    assert outcome.fault
    assert outcome.errand is None


def test_what_was_ordered_fulfils_its_order_and_rests_on_the_promise(mind):
    answer_to(mind, pending(mind, "talk", speaker="agent-2"), talk("promise", thing="anchor"))
    (order,) = mind.orders
    asked = pending(mind, "make")
    asked.labels.add("o", order.id)
    for wrong in (
        craft("prop", thing="mug", target="e2", order="o1"),
        craft("prop", thing="anchor", target="e1", order="o1"),
    ):
        assert "o1 is for a anchor" in make(mind, asked, wrong, "decision-2").fault
    outcome = make(mind, asked, craft("prop", thing="anchor", colour="red", target="e2", order="o1"), "decision-2")
    assert outcome.memories == (order.memory,)
    assert (outcome.errand.do, outcome.errand.to) == ("give", "agent-2")
    assert not mind.orders


@pytest.mark.parametrize("word", ["a\nb", "dragon", "MUG", "mug "])
def test_things_and_subjects_are_words_of_the_makers(word):
    assert fault(craft("prop", thing=word, target="p1"), SCHEMAS["make"]) == "answer.thing is none of its words"
