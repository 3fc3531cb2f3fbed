"""The backend `embedded` for text: labelled prompt in, answer under its schema out. The model is in `language`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from worldloom.generators.errors import GeneratorError
from worldloom.generators.requests import Answer, Request, Status
from worldloom.generators.trained import Trained

from .language.model import TITLE, WEIGHTS_FOLDER
from .language.values import form_of


class EmbeddedText(Trained):
    """Answers requests with a schema in JSON that obeys it, and those without one in words.

    An answer depends on its request alone, to the bit: each prompt is read in a row of its own, and answers are written
    in batches of one fixed shape.
    """

    title = TITLE

    def __init__(self, folder: Path = WEIGHTS_FOLDER) -> None:
        super().__init__(folder)

    def load(self, folder: Path) -> Any:
        """Return the model that writes answers."""
        from .language.model import load  # noqa: PLC0415  (heavy)
        from .language.writing import Scribe  # noqa: PLC0415

        return Scribe(*load(folder))

    def generate(self, requests: Sequence[Request]) -> list[Answer]:
        """Answer every request, in order; raises WeightsError when the weights cannot be loaded."""
        faults = [_fault(request) for request in requests]
        fit = [request for request, fault in zip(requests, faults, strict=True) if not fault]
        written = iter(self.model.answer(fit) if fit else ())
        return [Answer(status=Status.FAILED, detail=fault) if fault else _answer(*next(written)) for fault in faults]

    def one(self, request: Request) -> Answer:
        """Answer one request as `generate` would."""
        return self.generate([request])[0]


def from_argument(argument: str) -> EmbeddedText:
    """Make the generator of `embedded`, or of `embedded:FOLDER` with other weights."""
    return EmbeddedText(Path(argument) if argument else WEIGHTS_FOLDER)


def _answer(text: str, tokens: int) -> Answer:
    return Answer(text=text, parameters={"tokens": tokens})


def _fault(request: Request) -> str:
    try:
        form_of(request.schema)
    except GeneratorError as error:
        return str(error)
    return ""
