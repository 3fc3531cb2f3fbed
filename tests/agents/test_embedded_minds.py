"""Minds with the language model that ships, in a village: valid, by the memories they name, and not all alike.

Floors are well below what was measured (docs/benchmarks.md): what is tested here is that weights and code fit.
"""

from __future__ import annotations

import json
from collections import Counter

import pytest
from worldloom.agents.corpus.judging import distinct
from worldloom.agents.probing import asked_again, memory_dependence, same_deed
from worldloom.agents.rules import Rules
from worldloom.agents.schemas import SCHEMAS, read_answer
from worldloom.generators.requests import Request, Status
from worldloom.generators.text.embedded import EmbeddedText

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def model() -> EmbeddedText:
    return EmbeddedText()


@pytest.fixture(scope="module")
def answered(model, village_evening):
    requests = [each for each in village_evening.requests if each.purpose in SCHEMAS][::4]
    return list(zip(requests, model.generate(requests), strict=True))


def test_every_answer_obeys_its_schema(answered):
    assert len(answered) >= 40
    for request, answer in answered:
        assert answer.status is Status.OK
        assert read_answer(answer.text, request.schema)[1] == ""


def test_an_answer_depends_on_its_request_alone(model, answered):
    for request, answer in answered[:6]:
        assert model.generate([request])[0] == answer


def test_deeds_hang_on_the_memory_that_is_named_more_than_on_others(model, answered):
    probed = [
        (request, answer, found)
        for request, answer in answered
        if request.purpose in ("decide", "talk") and (found := memory_dependence(request.prompt, answer.text))
    ]
    changed = Counter()
    for request, answer, found in probed:
        prompts = (found.without_named, found.without_unnamed)
        for part, other in enumerate(model.generate([asked_again(request, prompt) for prompt in prompts])):
            changed[part] += not same_deed(answer.text, other.text)
    assert len(probed) >= 5
    assert changed[0] > 2 * changed[1]


def said(answers):
    return [words for answer in answers if (words := json.loads(answer.text).get("say"))]


def test_what_is_said_varies_nearly_as_much_as_what_it_was_learnt_from(answered):
    mine = said(answer for _, answer in answered)
    theirs = said(Rules().generate([request for request, _ in answered]))
    many = min(len(mine), len(theirs))  # of more sentences, fewer are new
    assert len(set(mine[:many])) > 0.6 * len(set(theirs[:many]))
    assert distinct(mine[:many]) > 0.7 * distinct(theirs[:many])


def test_seeds_change_answers(model, answered):
    request, _ = next((request, answer) for request, answer in answered if request.purpose == "talk")
    others = [Request.from_content(request.content() | {"seed": str(seed)}) for seed in range(12)]
    assert len({answer.text for answer in model.generate(others)}) >= 4
