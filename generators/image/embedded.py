"""The backend `embedded` for pictures: hands each craft to the maker whose model draws it. Draws nothing itself."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from worldloom.generators.requests import Answer, Request, Status
from worldloom.generators.sequence.model import WEIGHTS_FILE
from worldloom.generators.training.reference import reference
from worldloom.provenance.recipe import Identity

from .sprites.maker import CRAFTS as SPRITE_CRAFTS
from .sprites.maker import SpriteMaker
from .sprites.model import WEIGHTS_FOLDER as SPRITE_FOLDER
from .vector.maker import CRAFTS as VECTOR_CRAFTS
from .vector.maker import VectorMaker
from .vector.model import FOLDER as VECTOR_FOLDER
from .vector.model import TITLE as VECTOR_TITLE

SPRITE_TITLE = "village-sprites-1"


class Maker(Protocol):
    """One model's way from a request to a picture."""

    @property
    def weights(self) -> str:
        """Hex SHA-256 of the model's weights; raises WeightsError."""
        ...

    def prepare(self) -> None:
        """Load what making needs; raises WeightsError."""
        ...

    def make(self, request: Request) -> Answer:
        """Answer one request."""
        ...


class EmbeddedImages:
    """Answers signs, emblems, portraits, ornaments (vector model), tiles and textures (diffusion).

    What a craft's parameters are stands with its maker. Each answer's parameters name the model that drew it and that
    model's weights; the identity's weights are a digest over those of all models that are there. A craft whose model
    has no weights yet is answered with that reason.
    """

    def __init__(self, folder: Path = VECTOR_FOLDER) -> None:
        vector: Maker = VectorMaker(folder)
        sprites: Maker = SpriteMaker()
        self._folder = {VECTOR_TITLE: folder, SPRITE_TITLE: SPRITE_FOLDER}
        self._models: dict[str, Maker] = {VECTOR_TITLE: vector}
        if (SPRITE_FOLDER / WEIGHTS_FILE).is_file():
            self._models[SPRITE_TITLE] = sprites
        self._told: dict[str, dict[str, Any]] = {}
        self._title = {**dict.fromkeys(VECTOR_CRAFTS, VECTOR_TITLE), **dict.fromkeys(SPRITE_CRAFTS, SPRITE_TITLE)}

    @cached_property
    def identity(self) -> Identity:
        """Who answers; reads the weights files for their digests, without torch. Raises WeightsError."""
        lines = "".join(f"{title} {maker.weights}\n" for title, maker in sorted(self._models.items()))
        return Identity(
            backend="embedded",
            model="village-images-1",
            weights=hashlib.sha256(lines.encode()).hexdigest(),
            repeatable=True,
            weights_licence="Apache-2.0",
            output_licence="Apache-2.0",
            source_type="trainedAlgorithmicMedia",
            model_type="c2pa.types.model",
        )

    def prepare(self) -> None:
        """Load all models now; raises WeightsError."""
        for maker in self._models.values():
            maker.prepare()

    def generate(self, requests: Sequence[Request]) -> list[Answer]:
        """Answer every request, in order; raises WeightsError when weights cannot be loaded."""
        return [self._one(request) for request in requests]

    def _one(self, request: Request) -> Answer:
        craft = request.parameters.get("craft")
        if not isinstance(craft, str) or craft not in self._title:
            known = ", ".join(self._title)
            return Answer(status=Status.FAILED, detail=f"craft {craft!r:.60} is not one of this backend: {known}")
        title = self._title[craft]
        if title not in self._models:
            return Answer(status=Status.FAILED, detail=f"{title} has no weights: train it with worldloom train sprite")
        maker = self._models[title]
        answer = maker.make(request)
        if answer.status is not Status.OK:
            return answer
        return replace(answer, parameters={**answer.parameters, **self._drawn_by(title)})

    def _drawn_by(self, title: str) -> dict[str, Any]:
        """Return what an answer says of its model; where its training is logged, where the log tells of it."""
        if title not in self._told:
            weights = self._models[title].weights
            log = reference(self._folder[title], weights)
            self._told[title] = {"model": title, "weights": weights} | ({"training": log._asdict()} if log else {})
        return self._told[title]


def from_argument(argument: str) -> EmbeddedImages:
    """Make the generator of `embedded`, or of `embedded:FOLDER` with other weights of the vector model."""
    return EmbeddedImages(Path(argument) if argument else VECTOR_FOLDER)
