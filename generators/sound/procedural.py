"""The backend `procedural` for songs: request -> tune by rules and a seed -> WAV. Loads no model."""

from __future__ import annotations

from collections.abc import Sequence

from worldloom.generators.errors import GeneratorError, UnknownGeneratorError
from worldloom.generators.requests import Answer, Request, Status
from worldloom.provenance.recipe import Identity

from .delivering import delivered
from .draws import Draws
from .source import compose
from .wishes import choice_for, wish_of


class ProceduralSound:
    """Answers the same requests as the embedded model, with tunes of its source."""

    identity = Identity(
        backend="procedural",
        model="folk-rules-1",
        output_licence="Apache-2.0",
        source_type="algorithmicMedia",
    )

    def generate(self, requests: Sequence[Request]) -> list[Answer]:
        """Answer every request, in order, each from its own seed."""
        return [_answer(request) for request in requests]


def from_argument(argument: str) -> ProceduralSound:
    """Make the generator of `procedural`; raises UnknownGeneratorError when anything follows the name."""
    if argument:
        raise UnknownGeneratorError(f"procedural takes nothing after its name, not {argument[:40]!r}")
    return ProceduralSound()


def _answer(request: Request) -> Answer:
    try:
        wish = wish_of(request.parameters, request.seed)
    except GeneratorError as error:
        return Answer(status=Status.FAILED, detail=str(error))
    return delivered(compose(wish.form, wish.mood, Draws("song", request.seed), choice_for(wish)), wish, {})
