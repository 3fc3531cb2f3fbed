"""Clothes and tools of portraits for training, by job. Hats stand elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .pen import blob, box, clip, dome, half, line, oval, pair, poly, ring
from .program import Item, Prim
from .sitter import Sitter


class Worn(NamedTuple):
    """What is drawn under the neck, over it, and before the face (tools, glasses, soot)."""

    under: Sequence[Item]
    over: Sequence[Item] = ()
    front: Sequence[Item] = ()


def body(s: Sitter, paint: str, *marks: Prim) -> Item:
    """Return the shoulders in a cloth, marks cut to them."""
    wide, y = s.shoulder, 51 if s.child else 48
    right = 32 + wide
    return clip(dome(paint, (32, y), (40, y), (right - 1, y + 3), (right + 3, 63), (right + 3, 63), (32, 63)), *marks)


def clothes(s: Sitter) -> Worn:
    """Return what somebody of the sitter's job wears."""
    return _DRAWN[s.job](s)


def _collar(paint: str, *, y: int = 49) -> Prim:
    return blob(paint, (32, y + 6), (36, y + 1), (38, y - 2), (42, y), (41, y + 5), (36, y + 9), twin=True)


def _roll(paint: str) -> Prim:
    return dome(paint, (32, 47), (38, 46), (41, 50), (38, 54), (32, 55))


def _fisher(s: Sitter) -> Worn:
    if s.plan["garb"] == "sweater":
        paint = s.draws.pick(("navy", "teal", "slate"))
        rows = [line(f"{paint}.light", 3, (10, y), (32, y - 1), (54, y)) for y in (57, 60)]
        return Worn(
            [body(s, paint, *rows)],
            [_roll(paint), line(f"{paint}.shade", 3, (26, 51), (32, 53), (38, 51))],
        )
    marks = [line("oilskin.shade", 5, (32, 52), (32, 63)), *(oval("coal", 35, y, 1, 1) for y in (57, 61))]
    return Worn([body(s, "oilskin", *marks)], [_collar("oilskin", y=48)])


def _baker(s: Sitter) -> Worn:
    scarf = s.draws.pick(("brick", "navy", "forest"))
    buttons = [oval("cream.shade", 36, y, 1, 1, twin=True) for y in (57, 61)]
    tie = [
        dome(scarf, (32, 48), (38, 47), (40, 50), (36, 54), (32, 54)),
        blob(scarf, (32, 52), (36, 57), (32, 60), (30, 56)),
    ]
    return Worn([body(s, "linen", *buttons)], tie)


def _innkeeper(s: Sitter) -> Worn:
    vest = s.draws.pick(("wine", "moss", "navy"))
    marks = [
        poly(vest, (35, 63), (42, 47), (50, 50), (50, 63), twin=True),
        oval("gold", 34, 60, 1, 1),
    ]
    towel = poly("cream", (43, 48), (51, 50), (52, 63), (44, 63))
    over = [_collar("linen"), towel, line("brick", 4, (44, 58), (52, 58))]
    return Worn([body(s, "linen", *marks)], over)


def _smith(s: Sitter) -> Worn:
    shirt = s.draws.pick(("slate", "coal", "brick"))
    marks = [
        half("leather", (40, 55), (41, 63)),
        line("leather", 9, (39, 56), (44, 46), twin=True),
        oval("steel", 39, 57, 1, 1, twin=True),
    ]
    soot = [oval("soot", 24, s.eyes + 7, 2, 1)] if s.draws.pick((True, False)) else []
    return Worn([body(s, shirt, *marks)], [], soot)


def _trader(s: Sitter) -> Worn:
    coat = s.draws.pick(("plum", "wine", "forest"))
    trim = [blob("fleece", (33, 63), (36, 51), (43, 47), (47, 50), (41, 63), twin=True)]
    chain = line("gold", 5, (40, 52), (38, 58), (32, 60), twin=True)
    return Worn([body(s, coat, *trim)], [chain, oval("gold", 32, 60, 2, 2)])


def _netmaker(s: Sitter) -> Worn:
    paint = s.draws.pick(("navy", "brick", "teal"))
    rows = [line(paint, 7, (8, y), (32, y - 1), (56, y)) for y in (54, 58, 62)]
    return Worn(
        [body(s, "linen", *rows)],
        [dome(paint, (32, 51), (37, 48), (40, 50), (36, 55), (32, 56))],
    )


def _priest(s: Sitter) -> Worn:
    stole = s.draws.pick(("wine", "gold", "forest"))
    marks = [poly(stole, (39, 48), (44, 48), (42, 63), (37, 63), twin=True)]
    over = [dome("coal", (32, 49), (38, 47), (40, 50), (36, 54), (32, 55)), half("spark", (34, 49), (34, 54))]
    return Worn([body(s, "coal", *marks)], over)


def _carpenter(s: Sitter) -> Worn:
    shirt = s.draws.pick(("rust", "moss", "sky"))
    marks = [line("leather", 8, (42, 47), (41, 63), twin=True)]
    x = 32 + s.cheek
    pencil = [
        line("oilskin", 5, (x - 3, s.eyes + 1), (x + 5, s.eyes - 4)),
        line("coal", 4, (x + 5, s.eyes - 4), (x + 6, s.eyes - 5)),
    ]
    return Worn([body(s, shirt, *marks)], [_collar(f"{shirt}.light")], pencil)


def _farmer(s: Sitter) -> Worn:
    shirt = s.draws.pick(("brick", "linen", "moss"))
    marks = [
        half("navy", (39, 57), (40, 63)),
        line("navy", 8, (38, 58), (43, 47), twin=True),
        oval("gold", 38, 58, 1, 1, twin=True),
    ]
    scarf = dome("oilskin" if shirt != "linen" else "brick", (32, 48), (38, 47), (40, 49), (37, 53), (32, 55))
    return Worn([body(s, shirt, *marks)], [scarf])


def _healer(s: Sitter) -> Worn:
    cloak = s.draws.pick(("forest", "teal", "moss"))
    marks = [line(f"{cloak}.shade", 3, (40, 52), (42, 63), twin=True)]
    over: list[Item] = [
        dome(f"{cloak}.light", (32, 53), (38, 47), (44, 49), (38, 56), (32, 58)),
        dome("skin", (32, 50), (36, 47), (35, 51), (32, 54)),
        oval("gold", 32, 57, 2, 2),
        oval("forest", 32, 57, 1, 1),
    ]
    return Worn([body(s, cloak, *marks)], over)


def _teacher(s: Sitter) -> Worn:
    coat, bow = s.draws.pick(("slate", "coal", "navy")), s.draws.pick(("wine", "teal", "gold"))
    marks = [poly("linen", (32, 63), (32, 50), (38, 49), (36, 63), twin=True)]
    over = [_collar("linen"), blob(bow, (32, 53), (38, 50), (38, 57), (32, 55), twin=True), oval(bow, 32, 54, 1, 1)]
    glass = [ring("line", 38, s.eyes, 5, 3, twin=True), line("line", 3, (33, s.eyes), (32, s.eyes - 1), twin=True)]
    return Worn([body(s, coat, *marks)], over, glass)


def _smoker(s: Sitter) -> Worn:
    smock = s.draws.pick(("rust", "felt", "leather"))
    fish = pair(42, 58, 9, oval("steel", 28, 32, 22, 12), poly("steel", (46, 32), (62, 18), (62, 46)))
    scarf = [
        dome("wine", (32, 48), (38, 47), (41, 50), (36, 55), (32, 58)),
        line("linen", 3, (28, 51), (32, 54), (36, 51)),
    ]
    soot = [oval("soot", 40, s.eyes + 7, 2, 1)] if s.draws.pick((True, False)) else []
    return Worn([body(s, smock), fish], scarf, soot)


def _miller(s: Sitter) -> Worn:
    scarf = s.draws.pick(("sky", "brick", "moss"))
    marks = [
        line("cream.shade", 3, (36, 54), (37, 63), twin=True),
        *(oval("spark", x, y, 2, 1) for x, y in ((22, 56), (43, 60))),
    ]
    return Worn(
        [body(s, "cream", *marks)],
        [_collar("linen"), blob(scarf, (32, 52), (36, 54), (34, 60), (30, 60), (28, 54))],
    )


def _shepherd(s: Sitter) -> Worn:
    cloak = s.draws.pick(("moss", "felt", "slate"))
    tufts = [oval("fleece", x, y, 4, 3, twin=True) for x, y in ((44, 50), (40, 54))]
    return Worn([body(s, cloak)], [*tufts, oval("fleece", 32, 57, 5, 3), oval("gold", 36, 58, 1, 1)])


def _child(s: Sitter) -> Worn:
    tunic = s.draws.pick(("sky", "brick", "oilskin", "moss", "plum"))
    collar = _collar("linen", y=51)
    marks = (
        [line(f"{tunic}.light", 3, (32, 58), (32, 63))]
        if s.draws.pick((True, False))
        else [box(f"{tunic}.shade", 40, 58, 5, 5)]
    )
    return Worn([body(s, tunic, *marks)], [collar])


_DRAWN = {
    "fisher": _fisher,
    "baker": _baker,
    "innkeeper": _innkeeper,
    "smith": _smith,
    "trader": _trader,
    "netmaker": _netmaker,
    "priest": _priest,
    "carpenter": _carpenter,
    "farmer": _farmer,
    "healer": _healer,
    "teacher": _teacher,
    "fish smoker": _smoker,
    "miller": _miller,
    "shepherd": _shepherd,
    "child": _child,
}
