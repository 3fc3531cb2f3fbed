"""What is said to a server and what is understood of its replies, whatever they are."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.generators.backends.control import Facts
from worldloom.generators.requests import Request
from worldloom.generators.text.dialect import Dialect, complaint, said
from worldloom.generators.text.endpoint import Endpoint, _wait
from worldloom.generators.text.pacing import START, Pace
from worldloom.generators.text.repair import first
from worldloom.provenance.canonical import canonical

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["choices", "message", "content", "model", "usage", "completion_tokens", "error"]), inner
        )
    ),
    max_leaves=10,
)


def reply(content, **more):
    return {"choices": [{"message": {"content": content}, "finish_reason": "stop"}], **more}


@given(st.binary(max_size=80) | json_values.map(lambda value: json.dumps(value).encode()))
def test_no_reply_breaks_the_reader(data):
    heard = said(data)
    assert heard is None or isinstance(heard.words, str)
    assert "\n" not in complaint(data)
    assert len(complaint(data)) <= 300


@given(st.text(), json_values, json_values, json_values)
def test_what_a_server_states_of_itself_may_stand_in_content(words, model, fingerprint, usage):
    heard = said(json.dumps(reply(words, model=model, system_fingerprint=fingerprint, usage=usage)).encode())
    assert heard is not None
    assert heard.words == words
    canonical(dict(heard.facts))


def test_hostile_names_are_cleaned_and_cut():
    value = reply("x", model="\u202eevil\x00" + "m" * 500, usage={"completion_tokens": 2**70})
    facts = said(json.dumps(value).encode()).facts
    assert facts["served"].startswith("evilm")
    assert len(facts["served"]) == 120
    assert "tokens" not in facts


def test_an_answer_that_was_cut_says_so():
    value = reply('{"a":')
    value["choices"][0]["finish_reason"] = "length"
    assert said(json.dumps(value).encode()).facts["cut"]


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ("Unsupported parameter: 'response_format'", "response_format"),
        ("json_schema is not supported by this model", "response_format"),
        ("Extra inputs are not permitted: seed", "seed"),
        ("Unsupported value: 'temperature' does not support 0.7", "temperature"),
        ("Unknown field top_p", "top_p"),
    ],
)
def test_a_refused_field_is_left_out_from_then_on_and_each_only_once(words, field):
    request = Request("text", "decide", "agent-0", 0, 0, 7, "Decide.", {"type": "object"})
    dialect = Dialect("m", 70, 100)
    assert field in dialect.body(request, first(request), 0)
    assert dialect.learn(words)
    assert field not in dialect.body(request, first(request), 0)
    assert not dialect.learn(words), "nothing more can be learnt from the same words"


def test_words_about_something_else_teach_nothing():
    assert not Dialect("m", 70, 100).learn("the context has no room for this prompt")


@pytest.mark.parametrize(("header", "seconds"), [("7", 7), (" 0 ", 0), ("", 0), ("soon", 0), ("-5", 0), ("٣", 0)])
def test_retry_after_in_seconds(header, seconds):
    assert _wait(header) == seconds


def test_retry_after_as_a_date():
    assert 85 < _wait(format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)) <= 90
    assert _wait("Wed, 21 Oct 2015 07:28:00 GMT") == 0


@pytest.mark.parametrize(
    ("subject", "base"),
    [
        ("http://localhost:8000/v1/#m", "http://localhost:8000/v1"),
        ("https://[::1]:8443/v1#org/model:tag", "https://[::1]:8443/v1"),
        ("https://Example.org#m", "https://example.org"),
    ],
)
def test_the_address_is_read(subject, base):
    endpoint = Endpoint(subject)
    assert endpoint.base == base
    assert endpoint.model == subject.partition("#")[2]


def test_a_burst_of_complaints_halves_once():
    async def burst():
        pace = Pace(64, Facts())
        for _ in range(200):
            pace.went_well()
        grown = pace.limit
        async with pace.turn() as one, pace.turn() as other:
            pace.stumbled(one)
            pace.stumbled(other)
        return grown, pace.limit

    grown, after = asyncio.run(burst())
    assert grown > START
    assert after == grown // 2


def test_a_later_complaint_halves_again_and_one_always_goes():
    async def complaints():
        pace = Pace(64, Facts())
        for _ in range(10):
            async with pace.turn() as began:
                pace.stumbled(began)
        return pace.limit

    assert asyncio.run(complaints()) == 1
