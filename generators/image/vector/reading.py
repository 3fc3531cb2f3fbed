"""Reads a picture back: which attributes does it show, and are they those asked for? No model, no taste."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from worldloom.generators.vocabulary import COLOURS, JOBS

from .program import Clip, Part, Prim, Program
from .references import VARIANTS, broken, matches
from .sitter import garbs_of, hats_of
from .vocabulary import SLOTS

Shown = dict[str, frozenset[str]]
"""Attribute -> the words that a picture may be said to show; several where the source draws them alike, or none."""
_THIN = 5
"""Width of the widest brow of a woman, in quarters."""


def complaint(program: Program) -> str:
    """Return what is wrong with a picture as an answer to its own attributes, or nothing."""
    part = broken(program)
    if part:
        return f"the {program.domain}'s {part} is not drawn as it should be"
    shown = read(program)
    for slot, word in program.attributes.items():
        if word not in shown[slot]:
            return f"the {program.domain} does not show the {slot} {word}"
    return ""


def obeyed(program: Program) -> bool:
    """Whether a picture shows all that it was asked for, its other parts whole or not."""
    shown = read(program)
    return all(word in shown[slot] for slot, word in program.attributes.items())


def read(program: Program) -> Shown:
    """Return what a picture shows, attribute by attribute, told from its shapes and their paint."""
    parts = {part.name: part for part in program.parts}
    found = _READERS[program.domain](program, parts)
    return {slot: frozenset(found.get(slot, ())) for slot in SLOTS[program.domain]}


def _told(domain: str, parts: dict[str, Part], name: str, slot: str) -> frozenset[str]:
    """Return the words of a slot that a part's shapes tell; none where there is no such part."""
    place = VARIANTS[domain][name].index(slot)
    return frozenset(variant[place] for variant in matches(domain, parts[name])) if name in parts else frozenset()


def _portrait(program: Program, parts: dict[str, Part]) -> Shown:
    moods = [_told("portrait", parts, name, "mood") for name in ("mouth", "eyes", "brows")]
    child = bool(parts.get("eyes")) and _height(parts["eyes"]) >= 34
    hats = _told("portrait", parts, "hat", "hat") if "hat" in parts else frozenset(("none",))
    garbs, sexes = _told("portrait", parts, "garb", "garb"), _sexes(parts, child=child)
    jobs = (job for job in JOBS if garbs & set(garbs_of(job)) and any(hats & set(hats_of(job, sex)) for sex in sexes))
    return {
        "age": _ages(parts, child=child),
        "sex": sexes,
        "job": frozenset(jobs),
        "mood": frozenset.intersection(*moods),
        "hair": _words(program, ("hair",), (prim for part in ("locks", "brows") for prim in _prims(parts, part))),
    }


def _height(eyes: Part) -> int:
    item = eyes.items[0]
    return 0 if isinstance(item, (Prim, Clip)) else item.places[1]


def _ages(parts: dict[str, Part], *, child: bool) -> frozenset[str]:
    if child:
        return frozenset(("child",))
    if "traces" in parts:
        return _told("portrait", parts, "traces", "age") & {"ripe", "old"}
    return frozenset(("grown",) if "whiskers" in parts else ("young", "grown"))


def _sexes(parts: dict[str, Part], *, child: bool) -> frozenset[str]:
    if child:
        styles = _told("portrait", parts, "locks", "style")
        girl = bool(styles & {"bunches", "plaits", "bob"})
        return frozenset(("woman" if girl else "man",)) if styles else frozenset()
    brows = [prim.numbers[0] for prim in _prims(parts, "brows") if prim.op.startswith("L")]
    if not brows or (brows[0] <= _THIN and "whiskers" in parts):
        return frozenset()
    return frozenset(("woman" if brows[0] <= _THIN else "man",))


def _prims(parts: dict[str, Part], name: str) -> Iterable[Prim]:
    return parts[name].prims() if name in parts else ()


def _words(program: Program, roles: tuple[str, ...], prims: Iterable[Prim]) -> frozenset[str]:
    """Return the word of the first of these roles that shapes are painted in."""
    painted = {prim.paint.partition(".")[0] for prim in prims}
    return next((frozenset((program.words[role],)) for role in roles if role in painted), frozenset())


def _ground(part: Part | None) -> tuple[list[Prim], list[Prim]]:
    """Return the shape that is the field, and the marks on it."""
    for item in part.items if part else ():
        if isinstance(item, Clip):
            return [item.items[0]], list(item.items[1:])
    fields = [prim for prim in (part.prims() if part else ()) if prim.paint == "field"]
    return fields[-1:], []


def _sign(program: Program, parts: dict[str, Part]) -> Shown:
    field, _ = _ground(parts.get("board"))
    return {
        "charge": _told("sign", parts, "charge", "charge"),
        "ink": _words(program, ("ink",), _prims(parts, "charge")),
        "field": _words(program, ("field",), field),
        "board": _told("sign", parts, "board", "board"),
        "parting": _told("sign", parts, "board", "parting"),
        "lettering": _told("sign", parts, "charge", "lettering"),
    }


def _emblem(program: Program, parts: dict[str, Part]) -> Shown:
    field, marks = _ground(parts.get("rim"))
    beside = _words(program, ("second",), marks)
    return {
        "charge": _told("emblem", parts, "charge", "charge"),
        "ink": _words(program, ("ink",), _prims(parts, "charge")),
        "field": _words(program, ("field",), field),
        "second": beside or frozenset(COLOURS if not marks else ()),
        "shield": _told("emblem", parts, "rim", "shield"),
        "division": _told("emblem", parts, "rim", "division"),
        "layout": _told("emblem", parts, "charge", "layout"),
    }


def _ornament(program: Program, parts: dict[str, Part]) -> Shown:
    return {
        "kind": _told("ornament", parts, "ornament", "kind"),
        "tint": _words(program, ("tint",), _prims(parts, "ornament")),
    }


_READERS: dict[str, Callable[[Program, dict[str, Part]], Shown]] = {
    "portrait": _portrait,
    "sign": _sign,
    "emblem": _emblem,
    "ornament": _ornament,
}
