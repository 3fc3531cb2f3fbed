"""What is said to a server of OpenAI's chat protocol, and what its replies mean. Sends nothing.

Servers differ in the optional fields that they take; which ones an endpoint refuses is learnt from its own words.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from worldloom.generators.backends.chance import fold
from worldloom.generators.requests import Request
from worldloom.provenance.text import clean_text

from .obeying import token_budget
from .repair import Said, Turn

_REFUSALS: Mapping[str, tuple[str, ...]] = {
    "response_format": ("response_format", "json_schema", "guided", "structured output"),
    "seed": ("seed",),
    "temperature": ("temperature",),
    "top_p": ("top_p",),
    "max_tokens": ("max_tokens",),
}
"""Optional fields, and the words by which a server's refusal is known to be about one."""


class Dialect:
    """What one endpoint takes. Fields that it refused are left out from then on, and answers say so."""

    def __init__(self, model: str, temperature: int, top_p: int) -> None:
        self._model = model
        self._sampling = {"temperature": temperature / 100, "top_p": top_p / 100}
        self.refused: set[str] = set()

    def body(self, request: Request, turns: Sequence[Turn], attempt: int) -> dict[str, Any]:
        """Return the request as the protocol has it."""
        budget = "max_completion_tokens" if "max_tokens" in self.refused else "max_tokens"
        wanted: dict[str, Any] = {**self._sampling, "seed": fold(request.seed, attempt)}
        if request.schema:
            form = {"name": "answer", "schema": dict(request.schema), "strict": True}
            wanted["response_format"] = {"type": "json_schema", "json_schema": form}
        return {
            "model": self._model,
            "messages": [{"role": turn.role, "content": turn.words} for turn in turns],
            budget: token_budget(request.schema),
            **{name: value for name, value in wanted.items() if name not in self.refused},
        }

    def learn(self, words: str) -> bool:
        """Take a refusal to heart; return whether the same request may now be put in another way."""
        low = words.lower()
        for name, marks in _REFUSALS.items():
            if name not in self.refused and any(mark in low for mark in marks):
                self.refused.add(name)
                return True
        return False

    def facts(self, request: Request) -> dict[str, Any]:
        """Return what an answer's recipe says of how it was asked."""
        return {
            "schema_sent": bool(request.schema) and "response_format" not in self.refused,
            "seed_sent": "seed" not in self.refused,
            **{
                f"{name}_percent": round(value * 100)
                for name, value in self._sampling.items()
                if name not in self.refused
            },
        }


def said(data: bytes) -> Said | None:
    """Return what a reply of status 200 says, with the facts that it states; None when it is not of the protocol."""
    try:
        value = json.loads(data)
        choice = value["choices"][0]
        words = choice["message"]["content"]
    except (ValueError, RecursionError, KeyError, IndexError, TypeError):
        return None
    if words is not None and not isinstance(words, str):
        return None
    named = {"served": value.get("model"), "fingerprint": value.get("system_fingerprint")}
    facts: dict[str, Any] = {key: clean_text(text, 120) for key, text in named.items() if isinstance(text, str)}
    usage = value.get("usage")
    tokens = usage.get("completion_tokens") if isinstance(usage, dict) else None
    if type(tokens) is int and 0 <= tokens < 2**31:
        facts["tokens"] = tokens
    return Said(words or "", facts={**facts, "cut": choice.get("finish_reason") == "length"})


def complaint(data: bytes) -> str:
    """Return what an error reply says, as one clean line."""
    text = data.decode("utf-8", "replace")
    try:
        value = json.loads(text)
        found = value.get("error", value.get("detail", text))
        text = found.get("message", text) if isinstance(found, dict) else found
    except (ValueError, RecursionError, AttributeError):
        pass
    return " ".join(clean_text(text if isinstance(text, str) else json.dumps(text), 300).split())
