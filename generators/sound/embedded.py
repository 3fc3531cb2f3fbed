"""The backend `embedded` for songs: request -> tune program -> WAV. The model itself is in `model`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from worldloom.generators.errors import GeneratorError
from worldloom.generators.requests import Answer, Request, Status
from worldloom.generators.sequence.model import weights_digest
from worldloom.generators.training.reference import reference
from worldloom.provenance.recipe import Identity

from .delivering import delivered
from .draws import Draws
from .model import TITLE, WEIGHTS_FOLDER, load_model, write
from .reading import complaint
from .wishes import choice_for, wish_of

TEMPERATURE_PERCENT = 90
"""Softmax temperature in hundredths."""
DRAWS = 4
"""Tunes tried before a request is given up: one that misses what was asked is written again."""


class EmbeddedSound:
    """Answers `{"craft": "song", "mood": …, "form": …, "seconds": …, "words": …, "voice": …}` with a WAV file.

    All may be absent: the request's seed then chooses mood, form and voice; `encoding` may ask for flac. `words` are
    lines; they are sung by a small formant voice, in verses where one round of the tune does not hold them. One row a
    forward pass, so that an answer depends on its request alone, to the bit.
    """

    def __init__(self, folder: Path = WEIGHTS_FOLDER) -> None:
        self._folder = folder

    @cached_property
    def identity(self) -> Identity:
        """Who answers; reads the weights file for its digest, without torch."""
        weights = weights_digest(self._folder)
        return Identity(
            backend="embedded",
            model=TITLE,
            weights=weights,
            repeatable=True,
            weights_licence="Apache-2.0",
            output_licence="Apache-2.0",
            source_type="trainedAlgorithmicMedia",
            model_type="c2pa.types.model",
            training=reference(self._folder, weights),
        )

    @cached_property
    def _model(self) -> Any:
        import torch  # noqa: PLC0415  (heavy: only where a model is used)

        torch.set_num_threads(1)
        return load_model(self._folder)

    def prepare(self) -> None:
        """Load the weights now; raises WeightsError."""
        _ = self._model

    def generate(self, requests: Sequence[Request]) -> list[Answer]:
        """Answer every request, in order; raises WeightsError when the weights cannot be loaded."""
        return [self._one(request) for request in requests]

    def _one(self, request: Request) -> Answer:
        try:
            wish = wish_of(request.parameters, request.seed)
        except GeneratorError as error:
            return Answer(status=Status.FAILED, detail=str(error))
        seeds, choice, why = Draws("song", request.seed), choice_for(wish), ""
        for draw in range(DRAWS):
            tune = write(
                self._model,
                wish.form,
                wish.mood,
                seed=seeds.pick(range(1 << 62)),
                temperature=TEMPERATURE_PERCENT / 100,
                choice=choice,
            )
            why = complaint(tune)
            if not why:
                return delivered(tune, wish, {"draws": draw + 1, "temperature_percent": TEMPERATURE_PERCENT})
        return Answer(status=Status.INVALID, detail=f"{DRAWS} tunes missed what was asked; the last: {why}")


def from_argument(argument: str) -> EmbeddedSound:
    """Make the generator of `embedded`, or of `embedded:FOLDER` with other weights of the same vocabulary."""
    return EmbeddedSound(Path(argument) if argument else WEIGHTS_FOLDER)
