"""The backend `procedural` for pictures: request -> sign, portrait (SVG), emblem, tile (PNG), by rules and a seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from worldloom.generators.errors import GeneratorError, UnknownGeneratorError
from worldloom.generators.requests import Answer, Request, Status
from worldloom.provenance.recipe import Identity
from worldloom.provenance.text import clean_text

from .charges import CHARGES, charge_for
from .drawing import Choices
from .heraldry import emblem
from .palette import COLOURS
from .raster import to_png
from .signs import sign
from .svg import to_svg

_CRAFTS = "a 'sign', an 'emblem', a 'portrait' or a 'tile'"
LONGEST = 80
"""Characters of lettering and subject that are read."""


class ProceduralImage:
    """Answers `{"craft": "sign" or "emblem", "subject": …, "colour": …, "text": …}`, `{"craft": "portrait", "name": …,
    "age": …, "job": …, "mood": …}` and `{"craft": "tile", "thing": …, "colour": …}`.

    All but craft, and a tile's thing, may be absent: the seed then chooses.
    """

    identity = Identity(
        backend="procedural",
        model="village-drawings-1",
        output_licence="Apache-2.0",
        source_type="algorithmicMedia",
    )

    def generate(self, requests: Sequence[Request]) -> list[Answer]:
        """Answer every request, in order, each from its own seed."""
        return [_answer(request) for request in requests]


def from_argument(argument: str) -> ProceduralImage:
    """Make the generator of `procedural`; raises UnknownGeneratorError when anything follows the name."""
    if argument:
        raise UnknownGeneratorError(f"procedural takes nothing after its name, not {argument[:40]!r}")
    return ProceduralImage()


def _answer(request: Request) -> Answer:
    try:
        return _draw(request.parameters, request.seed)
    except GeneratorError as error:
        return Answer(status=Status.FAILED, detail=str(error))


def _draw(parameters: Mapping[str, Any], seed: int) -> Answer:
    craft, subject = _text(parameters, "craft"), _text(parameters, "subject")
    if craft in ("portrait", "tile"):
        from . import villagers  # noqa: PLC0415  (start-up time: signs and emblems need none of it)

        draw = villagers.portrait if craft == "portrait" else villagers.tile
        return draw({**parameters, "name": _text(parameters, "name")}, seed)
    if craft not in ("sign", "emblem"):
        raise GeneratorError(f"craft {craft!r} is not one of this backend: it makes {_CRAFTS}")
    choices = Choices(seed, craft)
    colour = _text(parameters, "colour") or choices.pick(tuple(COLOURS))
    if colour not in COLOURS:
        raise GeneratorError(f"colour {colour!r} is not known; there are: {', '.join(COLOURS)}")
    charge = charge_for(subject) or choices.pick(tuple(CHARGES))
    if craft == "emblem":
        picture, chosen = emblem(choices, charge, colour)
        return Answer(payload=to_png(picture), media_type="image/png", parameters={**chosen, "colour": colour})
    picture, chosen = sign(choices, charge, colour, _text(parameters, "text"))
    return Answer(payload=to_svg(picture), media_type="image/svg+xml", parameters={**chosen, "colour": colour})


def _text(parameters: Mapping[str, Any], name: str) -> str:
    value = parameters.get(name, "")
    if not isinstance(value, str):
        raise GeneratorError(f"{name} is {type(value).__name__}, not text")
    return " ".join(clean_text(value, LONGEST).split())
