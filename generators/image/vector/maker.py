"""Makes vector pictures: request -> attributes -> program -> SVG or PNG. The model itself is in `model`."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from worldloom.generators.errors import GeneratorError
from worldloom.generators.image.raster import to_png
from worldloom.generators.image.svg import to_svg
from worldloom.generators.requests import Answer, Request, Status
from worldloom.generators.sequence.model import weights_digest

from . import references
from .draw import draw
from .lettering import lettering
from .model import DRAWS, FOLDER, TEMPERATURE_PERCENT, TOP_P_PERCENT, load_model, write
from .program import Program, decode, header
from .reading import complaint
from .wishes import Wish, wish

CRAFTS = ("sign", "emblem", "portrait", "ornament")


class VectorMaker:
    """Answers signs, portraits and ornaments with an SVG, emblems with a PNG of 512 pixels.

    `{"craft": "sign", "subject": …, "colour": …, "text": …}`, `{"craft": "emblem", "subject": …, "colour": …}`,
    `{"craft": "portrait", "name": …, "age": years, "job": …, "mood": …, "sex": …, "hair": …}`,
    `{"craft": "ornament", "subject": …, "colour": …}`. All but craft may be absent: the seed then chooses (of somebody
    with a name, the name chooses sex and hair). Signs may name `board` and `parting`, emblems `shield` and `division`.
    One row a forward pass, so that an answer depends on its request alone, to the bit.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        self.folder = folder

    @cached_property
    def weights(self) -> str:
        """Hex SHA-256 of the weights, without loading torch; raises WeightsError."""
        return weights_digest(self.folder)

    @cached_property
    def _model(self) -> Any:
        import torch  # noqa: PLC0415  (heavy: only where a model is used)

        torch.set_num_threads(1)
        return load_model(self.folder)

    def prepare(self) -> None:
        """Load the weights and what pictures are read with; raises WeightsError."""
        _ = self._model
        references.prepare()

    def make(self, request: Request) -> Answer:
        """Answer one request; raises WeightsError when the weights cannot be loaded."""
        try:
            wanted = wish(request)
        except GeneratorError as error:
            return Answer(status=Status.FAILED, detail=str(error))
        start, why = header(wanted.domain, wanted.attributes), ""
        for number in range(DRAWS):
            tokens = write(self._model, start, _draw_seed(request.seed, number))
            program = decode(tokens)
            why = complaint(program)
            if not why:
                return _answer(wanted, program, len(tokens), number + 1)
        return Answer(status=Status.INVALID, detail=f"{DRAWS} pictures missed what was asked; the last: {why}")


def _draw_seed(seed: int, draw: int) -> int:
    word = hashlib.blake2b(seed.to_bytes(8, "big"), digest_size=8, salt=draw.to_bytes(8, "big")).digest()
    return int.from_bytes(word, "big")


def _answer(wanted: Wish, program: Program, tokens: int, draws: int) -> Answer:
    picture = draw(program, wanted.title)
    if wanted.text:
        picture = replace(picture, lettering=lettering(wanted.attributes, wanted.text))
    png = wanted.domain == "emblem"
    # A request's `age` is in years and stays so in its recipe; what is drawn is their band.
    shown = {"age_band" if slot == "age" else slot: word for slot, word in wanted.attributes.items()}
    return Answer(
        payload=to_png(picture) if png else to_svg(picture),
        media_type="image/png" if png else "image/svg+xml",
        parameters={
            **shown,
            "program_tokens": tokens,
            "draws": draws,
            "temperature_percent": TEMPERATURE_PERCENT,
            "top_p_percent": TOP_P_PERCENT,
        },
    )
