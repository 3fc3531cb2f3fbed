"""Shop signs and emblems for training: how a hand would compose them. Charges stand in `charges`."""

from __future__ import annotations

from collections.abc import Mapping

from worldloom.generators.image.palette import contrasting
from worldloom.generators.sequence.draws import Draws

from .charges import charge
from .palette import RIMS, WOODS
from .pen import box, clip, dome, group, half, line, oval, poly, ring
from .program import Item, Part, Prim, Program
from .vocabulary import PLANS


def sign(wanted: Mapping[str, str], draws: Draws) -> Program:
    """Return a hanging sign of all six attributes; wood and iron are drawn."""
    plan = {"wood": draws.pick(tuple(WOODS)), "bracket": draws.pick(PLANS["sign"]["bracket"])}
    low, size = (31, 24) if wanted["lettering"] == "lettered" else (38, 31)
    parts = (
        Part("bracket", tuple(_bracket(plan["bracket"]))),
        Part("board", (_board(wanted["board"], "wood", 0), *_parted(wanted["parting"], wanted["board"]))),
        Part("charge", (group((32, low, size), *charge(wanted["charge"], draws)),)),
    )
    return Program("sign", dict(wanted), plan, parts)


def _bracket(kind: str) -> list[Item]:
    arm: list[Item] = [
        line("iron", 8, (16, 11), (16, 16), twin=True),
        box("iron", 2, 3, 4, 20),
        box("iron", 4, 6, 54, 2),
        oval("iron", 58, 7, 2, 2),
    ]
    match kind:
        case "scroll":
            return [*arm, ring("iron", 12, 12, 5, 6), line("iron", 5, (6, 21), (16, 18), (22, 8))]
        case "strut":
            return [*arm, line("iron", 6, (5, 21), (20, 7))]
        case _:
            return [*arm, ring("iron", 56, 12, 4, 5), ring("iron", 9, 12, 4, 5)]


def _board(name: str, paint: str, inset: int) -> Prim:
    right, top, low = 54 - inset, 14 + inset, 61 - inset
    match name:
        case "shield":
            return dome(
                paint, (right, top), (right, top), (right, 44), (46, 57 - inset), (32, 63 - inset), (32, 63 - inset)
            )
        case "arched":
            return dome(paint, (32, top - 2), (right - 6, top - 2), (right, 24), (right, low), (right, low), (32, low))
        case "swallow":
            return half(paint, (right, top), (right, low), (32, low - 5))
        case "round":
            return oval(paint, 32, 38, 24 - inset, 24 - inset)
        case _:
            return half(paint, (right, top), (right, low))


def _parted(parting: str, board: str) -> list[Item]:
    field = _board(board, "field", 2)
    match parting:
        case "halved":
            return [clip(field, box("field.dark", 32, 10, 31, 53))]
        case "striped":
            return [clip(field, *(box("field.dark", x, 10, 5, 53) for x in (13, 24, 35, 46)))]
        case "banded":
            return [clip(field, box("ink", 4, 47, 56, 2))]
        case "framed":
            return [_board(board, "ink", 2), _board(board, "field", 4)]
        case _:
            return [field]


_SHIELDS = {
    "heater": ((56, 5), (56, 5), (56, 36), (46, 52), (32, 61), (32, 61)),
    "spanish": ((55, 5), (55, 5), (56, 44), (50, 58), (36, 61), (32, 61)),
}


def _shield(name: str, paint: str, inset: int) -> Prim:
    if name == "round":
        return oval(paint, 32, 32, 28 - inset, 28 - inset)
    if name == "lozenge":
        return half(paint, (32, 3 + inset), (60 - inset, 32), (32, 61 - inset))
    (x0, y0), _, *lower = _SHIELDS[name]
    moved = [(x - inset if x > 32 else x, y - inset if y > 48 else y) for x, y in lower]
    return dome(paint, (x0 - inset, y0 + inset), (x0 - inset, y0 + inset), *moved)


def emblem(wanted: Mapping[str, str], draws: Draws) -> Program:
    """Return a coat of arms of all seven attributes; the rim's metal is drawn."""
    plan = {"rim": draws.pick(tuple(RIMS))}
    shield, division = wanted["shield"], wanted["division"]
    ground, marks = _shield(shield, "field", 3), _division(division)
    rim: list[Item] = [_shield(shield, "rim", 0), _shield(shield, "rim.inner", 2)]
    rim.append(clip(ground, *marks) if marks else ground)
    if _torn(division):
        # A charge over two grounds stands on a roundel, else half of it would vanish.
        rim += [oval("second.dark", 32, 32, 18, 18), oval("field", 32, 32, 17, 17)]
    places = _places(division, wanted["layout"], shield)
    parts = (Part("rim", tuple(rim)), Part("charge", (group(places, *charge(wanted["charge"], draws)),)))
    return Program("emblem", dict(wanted), plan, parts)


def _torn(division: str) -> bool:
    return division in ("pale", "fess", "bend", "quarterly", "pales")


def layouts(division: str) -> tuple[str, ...]:
    """Return how many charges a division has room for."""
    return ("one",) if _torn(division) or division in ("wavy",) else ("one", "two", "three")


def _places(division: str, layout: str, shield: str) -> tuple[int, ...]:
    tight = shield == "lozenge"
    if _torn(division):
        return (32, 32, 24)
    if division == "wavy":
        return (32, 23, 22)
    if division == "chief":
        return {"one": (32, 38, 26), "two": (23, 38, 17, 41, 38, 17), "three": (23, 32, 15, 41, 32, 15, 32, 48, 15)}[
            layout
        ]
    if division == "chevron":
        return {"one": (32, 20, 20), "two": (22, 24, 15, 42, 24, 15), "three": (21, 24, 14, 43, 24, 14, 32, 50, 13)}[
            layout
        ]
    return {
        "one": (32, 31, 28 if tight else 34),
        "two": (32, 19, 18, 32, 41, 18) if tight else (21, 29, 20, 43, 29, 20),
        "three": (22, 28, 14, 42, 28, 14, 32, 45, 14) if tight else (21, 21, 18, 43, 21, 18, 32, 43, 18),
    }[layout]


def _division(name: str) -> list[Prim]:
    paint = "second"
    drawn = {
        "plain": [],
        "pale": [box(paint, 32, 1, 31, 62)],
        "fess": [box(paint, 1, 32, 62, 31)],
        "bend": [poly(paint, (1, 1), (63, 63), (1, 63))],
        "quarterly": [box(paint, 32, 1, 31, 31), box(paint, 1, 32, 31, 31)],
        "chief": [box(paint, 1, 1, 62, 19)],
        "chevron": [half(paint, (32, 32), (63, 58), (63, 63), (60, 63), (32, 40))],
        "pales": [box(paint, x, 1, 6, 62) for x in (9, 21, 37, 49)],
        "wavy": [line(paint, 16, (1, y), (16, y - 5), (32, y + 5), (48, y - 5), (63, y)) for y in (41, 48, 55)],
    }
    return drawn[name]


def inks(field: str, second: str | None = None) -> tuple[str, ...]:
    """Return the colours a charge on a field may have: metal on colour, colour on metal."""
    return tuple(ink for ink in contrasting(field) if ink != second) or contrasting(field)
