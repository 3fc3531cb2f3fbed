"""The one second chance of an answer that breaks its schema: it is asked again, told what was wrong. No model here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from worldloom.generators.requests import Answer, Request, Status

from .obeying import read

ATTEMPTS = 2
"""The first asking and the repair."""

_KEPT = 1500
"""Characters of a wrong answer that are shown to its model again."""


class Turn(NamedTuple):
    """One message of a conversation with a model; `role` is `user` or `assistant`."""

    role: str
    words: str


class Said(NamedTuple):
    """What came of an asking: words, or why there are none. `facts` belong into the recipe."""

    words: str = ""
    status: Status = Status.OK
    detail: str = ""
    facts: Mapping[str, Any] = {}


def first(request: Request) -> tuple[Turn, ...]:
    """Return the conversation that asks a request: its prompt, the same for small and large models."""
    return (Turn("user", request.prompt),)


def again(asked: tuple[Turn, ...], said: Said, why: str) -> tuple[Turn, ...]:
    """Return the conversation that asks once more, with what was wrong."""
    wanted = "Answer the same question again, with nothing but what was asked for."
    return (*asked, Turn("assistant", said.words[:_KEPT]), Turn("user", f"That cannot be used: {why}. {wanted}"))


def judged(request: Request, said: Said, attempt: int) -> Answer:
    """Return the answer that was said: OK if it obeys the request's schema, else why not. `attempt` counts from 0."""
    facts = {"attempts": attempt + 1, **said.facts}
    if said.status is not Status.OK:
        return Answer(status=said.status, detail=said.detail, parameters=facts)
    text, why = read(said.words, request.schema)
    if why:
        return Answer(status=Status.INVALID, text=said.words[:_KEPT], detail=why, parameters=facts)
    return Answer(text=text, parameters=facts)
