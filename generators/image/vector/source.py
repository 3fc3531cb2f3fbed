"""Seeded training pictures of all domains, drawn from small discrete sets. Draws no picture of a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from worldloom.generators.image.palette import contrasting
from worldloom.generators.sequence.draws import Draws
from worldloom.generators.vocabulary import CHARGES, COLOURS, JOBS, MOODS

from .program import Program
from .sitter import hair_of
from .source_ornaments import ornament
from .source_portraits import portrait
from .source_signs import emblem, inks, layouts, sign
from .vocabulary import AGES, BOARDS, DIVISIONS, INKS, LETTERINGS, ORNAMENTS, PARTINGS, SEXES, SHIELDS

VERSION = 2
"""Raise when a source changes: weights name the version they were trained on."""

PAIRED: dict[str, tuple[str, str]] = {
    "portrait": ("job", "mood"),
    "sign": ("charge", "ink"),
    "emblem": ("charge", "field"),
    "ornament": ("kind", "tint"),
}
"""Domain -> the two attributes whose held-out pairs test composition."""


def _diagonal(rows: tuple[str, ...], columns: tuple[str, ...], step: int) -> frozenset[tuple[str, str]]:
    return frozenset((row, columns[(step * number + 1) % len(columns)]) for number, row in enumerate(rows))


HELD_OUT: dict[str, frozenset[tuple[str, str]]] = {
    # A child in a mood has a face that no grown person shows: to hold it out would test no composition.
    "portrait": _diagonal(tuple(job for job in JOBS if job != "child"), MOODS, 2),
    "sign": _diagonal(CHARGES, INKS, 3),
    "emblem": _diagonal(CHARGES, COLOURS, 3),
    "ornament": _diagonal(ORNAMENTS, COLOURS, 3),
}
"""Pairs that training never shows."""


def draw_picture(domain: str, seed: int, number: int, *, held_out: bool = False) -> tuple[Program, float]:
    """Return picture `number` of a seed with all its attributes, and the entropy of its free choices in nats.

    `held_out` asks for a pair that training never shows.
    """
    draws = Draws("picture", VERSION, domain, seed, number, int(held_out))
    wanted = _pairs(domain, draws, held_out=held_out)
    draws.nats = 0.0
    return build(domain, wanted, draws), draws.nats


def build(domain: str, wanted: Mapping[str, str], draws: Draws) -> Program:
    """Return a picture of the attributes (all of them), what they leave open taken from `draws`."""
    return _BUILT[domain](wanted, draws)


def complete(domain: str, wanted: Mapping[str, str], draws: Draws) -> dict[str, str]:
    """Return the attributes with those that are absent drawn so that all go together."""
    return _COMPLETED[domain](wanted, draws)


def _portrait(wanted: Mapping[str, str], draws: Draws) -> dict[str, str]:
    job = wanted.get("job") or ("child" if wanted.get("age") == "child" else draws.pick(JOBS[:-1]))
    age = wanted.get("age") or ("child" if job == "child" else draws.pick(AGES[1:]))
    found = {"age": age, "sex": wanted.get("sex") or draws.pick(SEXES), "job": job}
    mood, hair = wanted.get("mood") or draws.pick(MOODS), wanted.get("hair") or draws.pick(hair_of(age))
    return {**found, "mood": mood, "hair": hair}


def _sign(wanted: Mapping[str, str], draws: Draws) -> dict[str, str]:
    field = wanted.get("field") or draws.pick(COLOURS)
    return {
        "charge": wanted.get("charge") or draws.pick(CHARGES),
        "ink": wanted.get("ink") or draws.pick(inks(field)),
        "field": field,
        "board": wanted.get("board") or draws.pick(BOARDS),
        "parting": wanted.get("parting") or draws.pick(PARTINGS),
        "lettering": wanted.get("lettering") or draws.pick(LETTERINGS),
    }


def _emblem(wanted: Mapping[str, str], draws: Draws) -> dict[str, str]:
    field = wanted.get("field") or draws.pick(COLOURS)
    second = wanted.get("second") or draws.pick(contrasting(field))
    division = wanted.get("division") or draws.pick(DIVISIONS)
    return {
        "charge": wanted.get("charge") or draws.pick(CHARGES),
        "ink": wanted.get("ink") or draws.pick(inks(field, second)),
        "field": field,
        "second": second,
        "shield": wanted.get("shield") or draws.pick(SHIELDS),
        "division": division,
        "layout": wanted.get("layout") or draws.pick(layouts(division)),
    }


def _ornament(wanted: Mapping[str, str], draws: Draws) -> dict[str, str]:
    return {"kind": wanted.get("kind") or draws.pick(ORNAMENTS), "tint": wanted.get("tint") or draws.pick(COLOURS)}


_COMPLETED: dict[str, Callable[[Mapping[str, str], Draws], dict[str, str]]] = {
    "portrait": _portrait,
    "sign": _sign,
    "emblem": _emblem,
    "ornament": _ornament,
}
_BUILT: dict[str, Callable[[Mapping[str, str], Draws], Program]] = {
    "portrait": portrait,
    "sign": sign,
    "emblem": emblem,
    "ornament": ornament,
}


def _pairs(domain: str, draws: Draws, *, held_out: bool) -> dict[str, str]:
    """Draw attributes until the pair is of the arm that is asked for."""
    one, other = PAIRED[domain]
    while True:
        found = complete(domain, {}, draws) if domain != "portrait" else _any_sitter(draws)
        if ((found[one], found[other]) in HELD_OUT[domain]) == held_out:
            return found


def _any_sitter(draws: Draws) -> dict[str, str]:
    return complete("portrait", {"job": draws.pick(JOBS)}, draws)
