"""The backend `embedded` for songs: request -> tune program -> WAV. The model itself is in `model`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from worldloom.generators.errors import GeneratorError
from worldloom.generators.requests import Answer, Request, Status
from worldloom.generators.trained import Trained

from .delivering import delivered
from .draws import Draws
from .model import TITLE, WEIGHTS_FOLDER, load_model, write
from .reading import complaint
from .wishes import choice_for, wish_of

TEMPERATURE_PERCENT = 90
"""Softmax temperature in hundredths."""
DRAWS = 4
"""Tunes tried before a request is given up: one that misses what was asked is written again."""


class EmbeddedSound(Trained):
    """Answers `{"craft": "song", "mood": …, "form": …, "seconds": …, "words": …, "voice": …}` with a WAV file.

    All may be absent: the request's seed then chooses mood, form and voice; `encoding` may ask for flac. `words` are
    lines; they are sung by a small formant voice, in verses where one round of the tune does not hold them.
    """

    title = TITLE

    def __init__(self, folder: Path = WEIGHTS_FOLDER) -> None:
        super().__init__(folder)

    def load(self, folder: Path) -> Any:
        """Return the model that writes tunes."""
        return load_model(folder)

    def one(self, request: Request) -> Answer:
        """Answer with a tune that a reader hears as it was asked for, else with the reason."""
        try:
            wish = wish_of(request.parameters, request.seed)
        except GeneratorError as error:
            return Answer(status=Status.FAILED, detail=str(error))
        seeds, choice, why = Draws("song", request.seed), choice_for(wish), ""
        for draw in range(DRAWS):
            tune = write(
                self.model,
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
