"""A small tokenizer, an untrained model over it and some schemas: what the form of answers is tested with."""

from __future__ import annotations

from typing import Any

import pytest
from worldloom.generators.requests import Request
from worldloom.generators.sequence.model import ModelSize, new_model
from worldloom.generators.text.language.model import MAX_TOKENS
from worldloom.generators.text.language.tokens import Tokens, learn_tokens
from worldloom.generators.text.language.writing import Scribe

DEED = {
    "type": "object",
    "properties": {
        "do": {"enum": ["go on", "say", "eat", "rest"]},
        "target": {"type": "string", "pattern": "^([ei][1-9][0-9]?)?$"},
        "at": {"type": "string", "pattern": "^(([01][0-9]|2[0-3]):[0-5][0-9])?$"},
        "say": {"type": "string", "maxLength": 80},
    },
}
DAY = {
    "type": "object",
    "properties": {
        "steps": {
            "type": "array",
            "minItems": 0,
            "maxItems": 3,
            "items": {
                "type": "object",
                "properties": {"do": {"enum": ["work", "eat"]}, "place": {"type": "string", "pattern": "^(p[1-9])?$"}},
            },
        }
    },
}
PROMPT = """You are a villager. These instructions are the same for all; e9 is no label.
task: decide
you: Emva Marton
likes: l1 strong tea; l2 good rope
time: day 1, 08:10
people:
e1 baker | working | near, friend | Orsa Oarham
e2 smith | resting | far, stranger | Kama Strandfold
things:
i1 loaf | food | carried | a loaf of bread
places:
p1 home | home, here | Plover Cottage
answer:"""


@pytest.fixture(scope="session")
def tokens() -> Tokens:
    texts = [PROMPT, "go on", "say", "Good morning, e1. The tide is late today.", "work", "eat"] * 3
    return learn_tokens(texts, 420)


@pytest.fixture(scope="session")
def model(tokens: Tokens) -> Any:
    torch = pytest.importorskip("torch")
    torch.set_num_threads(1)  # as the backend does
    return new_model(tokens.words, ModelSize(32, 2, 4, 64), 5, MAX_TOKENS, 0, 1).eval()


@pytest.fixture(scope="session")
def scribe(model: Any, tokens: Tokens) -> Scribe:
    return Scribe(model, tokens)


def request_of(seed: int, schema: dict[str, Any], prompt: str = PROMPT, **parameters: Any) -> Request:
    return Request("text", "decide", "agent-1", 0, 0, seed, prompt, schema=schema, parameters=parameters)
