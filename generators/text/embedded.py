"""The backend `embedded` for text: labelled prompt in, answer under its schema out. The model is in `language`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from worldloom.generators.errors import GeneratorError
from worldloom.generators.requests import Answer, Request, Status
from worldloom.generators.sequence.model import weights_digest
from worldloom.provenance.recipe import Identity

from .language.model import TITLE, WEIGHTS_FOLDER
from .language.values import form_of


class EmbeddedText:
    """Answers requests with a schema in JSON that obeys it, and those without one in words.

    An answer depends on its request alone, to the bit: each prompt is read in a row of its own, and answers are written
    in batches of one fixed shape.
    """

    def __init__(self, folder: Path = WEIGHTS_FOLDER) -> None:
        self._folder = folder

    @cached_property
    def identity(self) -> Identity:
        """Who answers; reads the weights file for its digest, without torch."""
        return Identity(
            backend="embedded",
            model=TITLE,
            weights=weights_digest(self._folder),
            repeatable=True,
            weights_licence="Apache-2.0",
            output_licence="Apache-2.0",
            source_type="trainedAlgorithmicMedia",
            model_type="c2pa.types.model",
        )

    @cached_property
    def _scribe(self) -> Any:
        import torch  # noqa: PLC0415  (heavy: only where a model is used)

        from .language.model import load  # noqa: PLC0415
        from .language.writing import Scribe  # noqa: PLC0415

        torch.set_num_threads(1)
        return Scribe(*load(self._folder))

    def prepare(self) -> None:
        """Load the weights now; raises WeightsError."""
        _ = self._scribe

    def generate(self, requests: Sequence[Request]) -> list[Answer]:
        """Answer every request, in order; raises WeightsError when the weights cannot be loaded."""
        faults = [_fault(request) for request in requests]
        fit = [request for request, fault in zip(requests, faults, strict=True) if not fault]
        written = iter(self._scribe.answer(fit) if fit else ())
        return [_answer(*next(written)) if not fault else fault_answer(fault) for fault in faults]


def from_argument(argument: str) -> EmbeddedText:
    """Make the generator of `embedded`, or of `embedded:FOLDER` with other weights."""
    return EmbeddedText(Path(argument) if argument else WEIGHTS_FOLDER)


def fault_answer(fault: str) -> Answer:
    """Return the answer to a request that cannot be answered."""
    return Answer(status=Status.FAILED, detail=fault)


def _answer(text: str, tokens: int) -> Answer:
    return Answer(text=text, parameters={"tokens": tokens})


def _fault(request: Request) -> str:
    try:
        form_of(request.schema)
    except GeneratorError as error:
        return str(error)
    return ""
