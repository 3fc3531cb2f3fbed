"""Portraits and tiles by rules and a seed, for the backend `procedural`: the sources of the trained models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from worldloom.generators.errors import GeneratorError
from worldloom.generators.requests import Answer
from worldloom.generators.sequence.draws import Draws
from worldloom.generators.vocabulary import COLOURS, JOBS, MOODS, THINGS

from .drawing import Choices
from .pixels.captions import Caption
from .pixels.grounds import PATTERNS
from .pixels.palette import GROUNDS
from .pixels.sheet import png
from .pixels.source import sprite
from .svg import to_svg
from .vector.draw import draw
from .vector.source import build, complete
from .vector.vocabulary import SEXES, age_band

OLDEST = 130
"""Years that somebody may be old."""


def portrait(parameters: Mapping[str, Any], seed: int) -> Answer:
    """Return somebody's portrait as SVG; raises GeneratorError for an age, job or mood that is none."""
    wanted = {"job": _word(parameters, "job", JOBS), "mood": _word(parameters, "mood", MOODS)}
    wanted["sex"] = _word(parameters, "sex", SEXES)
    wanted["age"] = age_band(_years(parameters["age"])) if "age" in parameters else ""
    draws = Draws("portrait", seed)
    chosen = complete("portrait", {name: word for name, word in wanted.items() if word}, draws)
    picture = draw(build("portrait", chosen, draws), f"Portrait of {parameters.get('name') or 'a villager'}")
    # The years themselves stay what was asked for; what is drawn is their band.
    shown = {"age_band" if name == "age" else name: word for name, word in chosen.items()}
    return Answer(payload=to_svg(picture), media_type="image/svg+xml", parameters=shown)


def tile(parameters: Mapping[str, Any], seed: int) -> Answer:
    """Return a small picture of a thing as PNG, every pixel eight wide; raises GeneratorError for an unknown word."""
    thing, choices = _word(parameters, "thing", THINGS), Choices(seed, "tile")
    if not thing:
        raise GeneratorError(f"a tile of what? there are: {', '.join(THINGS)}")
    colour = _word(parameters, "colour", COLOURS) or choices.pick(COLOURS)
    caption = Caption(thing, colour, choices.pick(tuple(GROUNDS)), choices.pick(tuple(PATTERNS)))
    payload = png(sprite(caption, choices))
    return Answer(payload=payload, media_type="image/png", parameters={"colour": colour, "caption": caption.text})


def _word(parameters: Mapping[str, Any], name: str, words: tuple[str, ...]) -> str:
    value = parameters.get(name, "")
    if value != "" and (not isinstance(value, str) or value not in words):
        raise GeneratorError(f"{name} {str(value)[:40]!r} is not known; there are: {', '.join(words)}")
    return str(value)


def _years(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= OLDEST:
        raise GeneratorError(f"age {str(value)[:40]!r} is no number of years from 0 to {OLDEST}")
    return value
