"""From a request to a picture's attributes: which words are known, which are drawn from the seed. Draws no picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from worldloom.generators.errors import GeneratorError
from worldloom.generators.image.charges import charge_for
from worldloom.generators.image.procedural import LONGEST
from worldloom.generators.requests import Request
from worldloom.generators.sequence.draws import Draws
from worldloom.generators.vocabulary import COLOURS, JOBS, MOODS
from worldloom.provenance.text import clean_text

from .sitter import hair_of
from .source import complete
from .vocabulary import ORNAMENTS, SEXES, SLOTS, age_band

OLDEST = 150


class Wish(NamedTuple):
    """What is to be drawn: domain, all attributes, lettering, title."""

    domain: str
    attributes: Mapping[str, str]
    text: str
    title: str


def wish(request: Request) -> Wish:
    """Return what a request asks for, completed from its seed; raises GeneratorError for words that are not known."""
    craft = request.parameters.get("craft")
    if not isinstance(craft, str) or craft not in SLOTS:
        raise GeneratorError(f"craft {craft!r:.60} is not one of this maker: it makes {', '.join(SLOTS)}")
    return _WISHES[craft](request.parameters, Draws("wish", craft, request.seed))


def _portrait(parameters: Mapping[str, Any], draws: Draws) -> Wish:
    job, mood = _word(parameters, "job", JOBS), _word(parameters, "mood", MOODS)
    hair, sex = _word(parameters, "hair", SLOTS["portrait"]["hair"]), _word(parameters, "sex", SEXES)
    name, age = _text(parameters, "name"), _age(parameters.get("age"))
    if job and age and (job == "child") != (age == "child"):
        raise GeneratorError(f"job {job!r} does not go with age {parameters['age']}: under 14 the job is 'child'")
    given = {"age": age, "sex": sex, "job": job, "mood": mood, "hair": hair}
    kept = {slot: word for slot, word in given.items() if word}
    # What a person is born with follows from the name: painted twice, somebody has the same hair.
    whose = Draws("sitter", name) if name else draws
    kept.setdefault("sex", whose.pick(SEXES))
    found = complete("portrait", kept, draws)
    if not hair:
        found["hair"] = whose.pick(hair_of(found["age"]))
    return Wish("portrait", found, "", f"Portrait of {name}" if name else "Portrait")


def _sign(parameters: Mapping[str, Any], draws: Draws) -> Wish:
    text = _text(parameters, "text")
    found = _charged("sign", parameters, ("board", "parting"), {"lettering": "lettered" if text else "bare"}, draws)
    return Wish("sign", found, text, f"{found['field']} sign with {found['charge']}")


def _emblem(parameters: Mapping[str, Any], draws: Draws) -> Wish:
    found = _charged("emblem", parameters, ("shield", "division"), {}, draws)
    return Wish("emblem", found, "", f"{found['field']} emblem with {found['charge']}")


def _charged(
    domain: str, parameters: Mapping[str, Any], free: tuple[str, ...], fixed: dict[str, str], draws: Draws
) -> dict[str, str]:
    given = {slot: _word(parameters, slot, SLOTS[domain][slot]) for slot in free} | fixed
    given["charge"] = charge_for(_text(parameters, "subject")) or ""
    given["field"] = _word(parameters, "colour", COLOURS)
    return complete(domain, {slot: word for slot, word in given.items() if word}, draws)


def _ornament(parameters: Mapping[str, Any], draws: Draws) -> Wish:
    given = {"kind": _word(parameters, "subject", ORNAMENTS), "tint": _word(parameters, "colour", COLOURS)}
    found = complete("ornament", {slot: word for slot, word in given.items() if word}, draws)
    return Wish("ornament", found, "", f"{found['tint']} {found['kind']}")


def _word(parameters: Mapping[str, Any], name: str, words: tuple[str, ...]) -> str:
    value = parameters.get(name)
    if value is None or value == "":
        return ""
    if not isinstance(value, str) or value not in words:
        raise GeneratorError(f"{name} {value!r:.60} is not known; the picture model knows: {', '.join(words)}")
    return value


def _text(parameters: Mapping[str, Any], name: str) -> str:
    value = parameters.get(name, "")
    if not isinstance(value, str):
        raise GeneratorError(f"{name} is {type(value).__name__}, not text")
    return " ".join(clean_text(value, LONGEST).split())


def _age(years: Any) -> str:
    if years is None:
        return ""
    if type(years) is not int or not 0 <= years <= OLDEST:
        raise GeneratorError(f"age {years!r:.60} is no number of years from 0 to {OLDEST}")
    return age_band(years)


_WISHES: dict[str, Callable[[Mapping[str, Any], Draws], Wish]] = {
    "portrait": _portrait,
    "sign": _sign,
    "emblem": _emblem,
    "ornament": _ornament,
}
