import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.agents.schemas import SCHEMAS, read_answer
from worldloom.generators.text.obeying import MOST_TOKENS, PLAIN_TOKENS, complaint, ends_value, read, token_budget

SCHEMA = {
    "type": "object",
    "properties": {
        "do": {"enum": ["go on", "say"]},
        "say": {"type": "string", "maxLength": 20},
        "labels": {"type": "array", "maxItems": 3, "items": {"type": "string", "pattern": "^[eip][1-9]$"}},
    },
    "required": ["do", "say", "labels"],
    "additionalProperties": False,
}
GOOD = '{"do":"say","say":"Aye – ö","labels":["e1"]}'


@pytest.mark.parametrize(
    "words",
    [
        GOOD,
        f"Here you are:\n```json\n{GOOD}\n```\nAnything else?",
        json.dumps(json.loads(GOOD), indent=4),
        f"  {GOOD} {GOOD.replace('say', 'go on', 1)}",
        '<think>{"do": "wait"} or not?</think>' + GOOD,
        "{not this} {" + GOOD,
    ],
)
def test_an_answer_is_found_among_other_words_and_written_compactly(words):
    assert read(words, SCHEMA) == (GOOD, "")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("", "empty"),
        ("   \n", "empty"),
        ("<think>I wonder {", "empty"),
        ("I do not know.", "no JSON value"),
        ('{"do":"say","say":"x"', "no JSON value"),
        ('["do"]', "no JSON value"),
        ('{"do":"fly","say":"","labels":[]}', "do"),
        ('{"do":"say","say":"","labels":["e1","e2","e3","e4"]}', "labels"),
        ('{"do":"say","say":"","labels":["x"]}', "labels"),
        ('{"do":"say","labels":[]}', "say"),
        ('{"do":"say","say":"","labels":[],"more":1}', "more"),
        ('{"do":"say","say":NaN,"labels":[]}', "no JSON value"),
        ('{"do":"say","say":"' + "x" * 21 + '","labels":[]}', "say"),
    ],
)
def test_what_is_wrong_with_words_is_said(words, why):
    text, told = read(words, SCHEMA)
    assert text == ""
    assert why in told


@pytest.mark.parametrize(
    "words", ["[" * 100_000, "{" * 100_000, '{"a":' * 50_000, "{" + "\x00\ud800" * 1000, "}" * 99_999]
)
def test_hostile_words_are_an_answer_that_is_wrong_and_nothing_worse(words):
    assert read(words, SCHEMA)[0] == ""
    assert not ends_value(words, SCHEMA)


def test_without_a_schema_the_words_are_the_answer():
    assert read("  Dear Anna,\nthe sea is calm. ", {}) == ("Dear Anna,\nthe sea is calm.", "")
    assert read("<think>hm</think> Dear Anna", {}) == ("Dear Anna", "")


def test_an_answer_has_ended_when_it_is_whole():
    assert ends_value(GOOD, SCHEMA)
    assert not ends_value(GOOD[:-1], SCHEMA)
    assert not ends_value(GOOD + " And", SCHEMA)


values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["do", "say", "labels"]), inner),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(["do", "say", "labels", "x"]), values) | values, st.text(max_size=20))
def test_what_is_read_obeys_and_what_obeys_is_read(value, around):
    words = json.dumps(value)
    text, why = read(words, SCHEMA)
    assert bool(text) != bool(why)
    if text:
        assert json.loads(text) == value
        assert complaint(json.loads(text), SCHEMA) == ""
    else:
        assert not isinstance(value, dict) or complaint(value, SCHEMA)
    hidden = around.translate(str.maketrans("", "", "{}[]<>"))
    assert read(f"{hidden} {words}", SCHEMA) == (text, why) or not isinstance(value, dict)


@settings(max_examples=60, deadline=None)
@given(
    st.fixed_dictionaries(
        {
            "do": st.sampled_from(["go on", "say"]),
            "say": st.text(st.characters(codec="ascii", exclude_categories=["C"]), max_size=20),
            "labels": st.lists(st.from_regex(r"\A[eip][1-9]\Z"), max_size=3),
        }
    )
)
def test_the_budget_holds_every_answer_that_the_schema_allows(value):
    """A token is a letter at worst; only escapes may take more, and they have room to spare."""
    text, why = read(json.dumps(value), SCHEMA)
    assert why == ""
    assert len(text) <= token_budget(SCHEMA)


def test_budgets_follow_the_schema_and_have_a_limit():
    assert token_budget({}) == PLAIN_TOKENS
    assert token_budget({"enum": ["a"]}) < token_budget({"enum": ["a" * 40]})
    assert token_budget({"type": "array", "maxItems": 10**6, "items": SCHEMA}) == MOST_TOKENS
    assert token_budget(SCHEMAS["decide"]) < 800


@pytest.mark.parametrize("purpose", ["plan", "decide", "talk", "make"])
def test_what_the_agents_check_themselves_is_accepted_here_too(purpose):
    """Two validators, one meaning: nothing that passes here is refused there for its form."""
    schema = SCHEMAS[purpose]

    def least(part):
        if "enum" in part:
            return part["enum"][0]
        if part["type"] == "array":
            return [least(part["items"])] * part["minItems"]
        if part["type"] == "object":
            return {name: least(inner) for name, inner in part["properties"].items()}
        return "07:30" if part.get("pattern", "").count(":") == 1 and "?" not in part["pattern"] else ""

    text, why = read(json.dumps(least(schema)), schema)
    assert why == ""
    assert read_answer(text, schema)[1] == ""
