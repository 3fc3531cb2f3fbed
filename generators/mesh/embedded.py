"""The backend `embedded` for props: request -> primitive program -> GLB. The model itself is in `model`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from worldloom.generators.errors import GeneratorError
from worldloom.generators.requests import Answer, Request, Status
from worldloom.generators.trained import Trained

from .glb import to_glb
from .model import WEIGHTS_FOLDER, load_model
from .reading import complaint
from .sampling import sample
from .vocabulary import COLOURS, KINDS, SIZES, Program, decode, header_tokens

TEMPERATURE_PERCENT = 80
"""Softmax temperature in hundredths."""
DRAWS = 4
"""Programs tried before a request is given up: a drawing that misses what was asked is drawn again."""


class EmbeddedMesh(Trained):
    """Answers `{"craft": "prop", "thing": …, "colour": …, "size": …}` with a coloured GLB.

    Colour and size may be absent: the request's seed then chooses.
    """

    title = "mesh-programs-1"

    def __init__(self, folder: Path = WEIGHTS_FOLDER) -> None:
        super().__init__(folder)

    def load(self, folder: Path) -> Any:
        """Return the model that writes primitive programs."""
        return load_model(folder)

    def one(self, request: Request) -> Answer:
        """Answer with a prop that a reader takes for what was asked, else with the reason."""
        try:
            header = _wanted(request.parameters, request.seed)
        except GeneratorError as error:
            return Answer(status=Status.FAILED, detail=str(error))
        why = ""
        for draw in range(DRAWS):
            tokens = sample(
                self.model,
                header_tokens(*header),
                seed=_draw_seed(request.seed, draw),
                temperature=TEMPERATURE_PERCENT / 100,
            )
            program = decode(tokens)
            why = complaint(program)
            if not why:
                return _answer(program, len(tokens), draw + 1)
        return Answer(status=Status.INVALID, detail=f"{DRAWS} drawings missed what was asked; the last: {why}")


def from_argument(argument: str) -> EmbeddedMesh:
    """Make the generator of `embedded`, or of `embedded:FOLDER` with other weights of the same vocabulary."""
    return EmbeddedMesh(Path(argument) if argument else WEIGHTS_FOLDER)


def _wanted(parameters: Mapping[str, Any], seed: int) -> tuple[str, str, str]:
    craft = parameters.get("craft", "prop")
    if craft != "prop":
        raise GeneratorError(f"craft {craft!r} is not one of this backend: it makes a 'prop'")
    thing = _word(parameters, "thing", tuple(KINDS))
    if thing is None:
        raise GeneratorError(f"no thing was named; the 3D model knows: {', '.join(KINDS)}")
    colour = _word(parameters, "colour", COLOURS) or COLOURS[seed % len(COLOURS)]
    size = _word(parameters, "size", SIZES) or SIZES[seed // len(COLOURS) % len(SIZES)]
    return thing, colour, size


def _word(parameters: Mapping[str, Any], name: str, words: tuple[str, ...]) -> str | None:
    value = parameters.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str) or value not in words:
        raise GeneratorError(f"{name} {str(value)[:40]!r} is not known; the 3D model knows: {', '.join(words)}")
    return value


def _draw_seed(seed: int, draw: int) -> int:
    word = hashlib.blake2b(seed.to_bytes(8, "big"), digest_size=8, salt=draw.to_bytes(8, "big")).digest()
    return int.from_bytes(word, "big")


def _answer(program: Program, tokens: int, draws: int) -> Answer:
    return Answer(
        payload=to_glb(program),
        media_type="model/gltf-binary",
        parameters={
            "thing": program.kind,
            "colour": program.colour,
            "size": program.size,
            "program_tokens": tokens,
            "primitives": len(program.primitives),
            "draws": draws,
            "temperature_percent": TEMPERATURE_PERCENT,
        },
    )
