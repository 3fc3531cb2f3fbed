import json
from collections import Counter

import pytest
from worldloom.agents.schemas import SCHEMAS, read_answer
from worldloom.generators.errors import UnknownGeneratorError
from worldloom.generators.registry import resolve
from worldloom.generators.requests import Request

PROMPT = """Instructions.
task: decide
likes: l1 tea
people:
e1 baker | near | friend | Orsa
things:
i1 loaf | food
answer:"""


@pytest.mark.parametrize("purpose", sorted(SCHEMAS))
def test_every_answer_obeys_its_schema(purpose: str) -> None:
    uniform = resolve("text", "uniform")
    requests = [Request("text", purpose, "agent-1", 0, 0, seed, PROMPT, schema=SCHEMAS[purpose]) for seed in range(80)]
    for answer in uniform.generate(requests):
        assert read_answer(answer.text, SCHEMAS[purpose])[1] == ""


def test_words_are_as_likely_as_each_other() -> None:
    uniform = resolve("text", "uniform")
    requests = [Request("text", "decide", "a", 0, 0, seed, PROMPT, schema=SCHEMAS["decide"]) for seed in range(2000)]
    counts = Counter(json.loads(answer.text)["do"] for answer in uniform.generate(requests))
    assert len(counts) == 10
    assert max(counts.values()) < 2 * min(counts.values())


def test_nothing_may_follow_its_name() -> None:
    with pytest.raises(UnknownGeneratorError, match="uniform takes nothing"):
        resolve("text", "uniform:fast")
