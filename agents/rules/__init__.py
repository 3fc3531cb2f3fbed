"""The text backend `rules`: a deterministic expert that reads the same prompts as any model. No language model."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from worldloom.generators.errors import UnknownGeneratorError
from worldloom.generators.requests import Answer, Request, Status
from worldloom.provenance.digests import PROMPT, digest_json
from worldloom.provenance.recipe import Identity

from . import interviews, reflecting, songs, speech, tables
from .crafts import make
from .day import plan
from .deeds import decide
from .interviews import interview
from .letters import letter
from .reading import Dice, Sheet, read
from .reflecting import reflect
from .songs import song
from .talking import talk
from .trading import trade

MODEL = "rules-2"
"""Changes whenever an answer does; the tables have a digest of their own."""

_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_EXPERTS: Mapping[str, Callable[[Sheet, Dice], Any]] = {
    "plan": plan,
    "decide": decide,
    "talk": talk,
    "make": make,
    "reflect": reflect,
    "interview": interview,
    "trade": trade,
    "letter": letter,
    "song": song,
}


def tables_digest() -> str:
    """Return the hex digest of all words that rules go by."""
    found = {
        f"{module.__name__.rpartition('.')[2]}.{name}": value
        for module in (tables, speech, songs, reflecting, interviews)
        for name, value in vars(module).items()
        if name.isupper()
    }
    return digest_json(PROMPT, dict(sorted(found.items()))).hex()


class Rules:
    """Answers in JSON under the schemas of agents; letters and songs as plain text."""

    def __init__(self) -> None:
        self._identity = Identity(
            backend="rules",
            model=MODEL,
            template=tables_digest(),
            repeatable=True,
            weights_licence="Apache-2.0",
            output_licence="Apache-2.0",
            source_type="algorithmicMedia",
        )

    @property
    def identity(self) -> Identity:
        """Who answers."""
        return self._identity

    def generate(self, requests: Sequence[Request]) -> list[Answer]:
        """Answer every request, in order, each from its prompt and its seed alone."""
        return [_answer(request) for request in requests]


def from_argument(argument: str) -> Rules:
    """Make the generator of `rules`; raises UnknownGeneratorError when anything follows the name."""
    if argument:
        raise UnknownGeneratorError(f"rules takes nothing after its name, not {argument[:40]!r}")
    return Rules()


def _answer(request: Request) -> Answer:
    sheet = read(request.prompt)
    expert = _EXPERTS.get(sheet.fields.get("task", ""))
    if expert is None:
        known = ", ".join(_EXPERTS)
        return Answer(status=Status.FAILED, detail=f"the prompt names no task that rules know; they know {known}")
    try:
        found = expert(sheet, Dice(request.seed))
    except (KeyError, ValueError, IndexError) as error:
        return Answer(status=Status.FAILED, detail=f"rules cannot read this {sheet.fields['task']} prompt: {error!r}")
    return Answer(text=found if isinstance(found, str) else _ENCODE(found))
