"""The backend `uniform` for text: any answer that obeys the schema, all as likely. The floor of every comparison.

Each field takes one of its words, labels or times by the request's seed; free words stay empty where they may.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from worldloom.generators.errors import GeneratorError, UnknownGeneratorError
from worldloom.generators.requests import Answer, Request, Status
from worldloom.generators.sequence.sampling import noise
from worldloom.provenance.recipe import Identity

from .language.prompts import case_of, labels_of
from .language.values import Form, Record, answer_of, form_of, options_of

_WORDS = ("So it is.", "Well.", "Hm.", "I see.")
"""Free words, where some are needed for an answer to mean anything."""


class Uniform:
    """Chance that knows the form of an answer and nothing else."""

    identity = Identity(backend="uniform", model="uniform-1", output_licence="Apache-2.0")

    def generate(self, requests: Sequence[Request]) -> list[Answer]:
        """Answer every request, in order, each from its seed alone."""
        return [_answer(request) for request in requests]


def from_argument(argument: str) -> Uniform:
    """Make the generator of `uniform`; raises UnknownGeneratorError when anything follows the name."""
    if argument:
        raise UnknownGeneratorError(f"uniform takes nothing after its name, not {argument[:40]!r}")
    return Uniform()


class _Chance:
    """Draws of one request, counted."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._drawn = 0

    def below(self, count: int) -> int:
        self._drawn += 1
        return int(noise(self._seed, self._drawn) * count)


def _answer(request: Request) -> Answer:
    try:
        form = form_of(request.schema)
    except GeneratorError as error:
        return Answer(status=Status.FAILED, detail=str(error))
    chance, labels = _Chance(request.seed), sorted(labels_of(case_of(request.prompt)))
    count = form.least + chance.below(form.most - form.least + 1) if form.list_name else 1
    return Answer(text=answer_of([_record(form, labels, chance) for _ in range(count)], form))


def _record(form: Form, labels: Sequence[str], chance: _Chance) -> Record:
    return tuple(_value(schema, labels, chance) for _, schema in form.fields)


def _value(schema: Mapping[str, Any], labels: Sequence[str], chance: _Chance) -> str:
    options = options_of(schema, labels) or _WORDS
    return options[chance.below(len(options))]
