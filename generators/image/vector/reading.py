"""Reads a picture back: which attributes does it show, and are they those asked for? No model, no taste."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from worldloom.generators.vocabulary import CHARGES, COLOURS

from .program import Clip, Group, Item, Name, Prim, Program
from .reading_faces import patched, read_portrait
from .references import broken
from .vocabulary import BOARDS, ORNAMENTS, SHIELDS

Shown = dict[str, frozenset[str]]
"""Attribute -> the words that a picture may be said to show; several where the source draws them alike."""


def complaint(program: Program) -> str:
    """Return what is wrong with a picture as an answer to its own header, or nothing."""
    part = broken(program)
    if part:
        return f"the {program.domain}'s {part.rpartition(':')[2]} is not drawn as it should be"
    if patched(program):
        return f"the {program.domain} has skin of two people"
    shown = read(program)
    for slot, word in program.attributes.items():
        if word not in shown.get(slot, ()):
            return f"the {program.domain} does not show the {slot} {word}"
    return ""


def read(program: Program) -> Shown:
    """Return what a picture shows, attribute by attribute; one that cannot be told is absent."""
    try:
        return _READERS[program.domain](program)
    except (IndexError, StopIteration):  # a picture without the shapes that tell it
        return {}


def obeyed(program: Program) -> bool:
    """Whether a picture shows all that its header asks for, its parts whole or not."""
    shown = read(program)
    return all(word in shown.get(slot, ()) for slot, word in program.attributes.items())


def _said(**words: str | None) -> Shown:
    return {slot: frozenset((word,)) for slot, word in words.items() if word is not None}


def _named(items: tuple[Item, ...], start: str, words: tuple[str, ...]) -> str | None:
    names = [item.word for item in items if isinstance(item, Name)]
    names += [part.word for item in items if isinstance(item, Group) for part in item.items if isinstance(part, Name)]
    found = [name.removeprefix(start) for name in names if name.startswith(start)]
    return found[0] if len(set(found)) == 1 and found[0] in words else None


def _colour(prims: Iterator[Prim]) -> str | None:
    """Return the colour word that most of the shapes are painted in."""
    counts = Counter(word for prim in prims if (word := prim.paint.partition(".")[0]) in COLOURS)
    return counts.most_common(1)[0][0] if counts else None


def _stamp(program: Program) -> Group:
    return next(item for item in program.items if isinstance(item, Group))


def _in(group: Group) -> Iterator[Prim]:
    return (item for item in group.items if isinstance(item, Prim))


def _after(program: Program, name: str) -> list[Prim | Clip | Group]:
    """Return what stands after a name, up to the next one."""
    found: list[Prim | Clip | Group] = []
    inside = False
    for item in program.items:
        if isinstance(item, Name):
            inside = item.word == name
        elif inside:
            found.append(item)
    return found


def _field(items: list[Prim | Clip | Group]) -> tuple[Prim, list[Prim]]:
    """Return the painted ground and the marks on it from what lies on a board or in a rim."""
    for item in items:
        if isinstance(item, Clip):
            ground, *marks = [part for part in item.items if isinstance(part, Prim)]
            return ground, marks
    return next(item for item in reversed(items) if isinstance(item, Prim)), []


def _sign(program: Program) -> Shown:
    board, rim = _after(program, "part:board"), _after(program, "part:rim")
    ground, marks = _field(rim or board)
    first = next(item for item in board if isinstance(item, Prim))
    if rim:
        parting = "framed"
    elif len(marks) == 1:
        parting = "halved" if marks[0].numbers[0] == 32 else "banded"
    else:
        parting = {0: "whole", 4: "striped"}.get(len(marks), "")
    stamp = _stamp(program)
    return _said(
        charge=_named(program.items, "charge:", CHARGES),
        ink=_colour(_in(stamp)),
        field=_colour(iter([ground])),
        board=_board(first),
        parting=parting,
        lettering="lettered" if stamp.places[2] < 28 else "bare",
    )


def _board(prim: Prim) -> str | None:
    if prim.op.startswith("U"):
        return "arched" if prim.numbers[0] == 32 else "shield"
    return dict(zip(("O", "H2", "H3"), (BOARDS[4], BOARDS[0], BOARDS[3]), strict=True)).get(prim.op)


def _emblem(program: Program) -> Shown:
    rim = _after(program, "part:rim")
    outer = next(item for item in rim if isinstance(item, Prim))
    clips = [item for item in rim if isinstance(item, Clip)]
    roundel = len(rim) >= 4 and all(isinstance(item, Prim) and item.op == "O" for item in rim[3:5])
    ground, marks = _field([*clips] if clips else rim[:3])
    stamp = _stamp(program)
    shown = _said(
        charge=_named(program.items, "charge:", CHARGES),
        ink=_colour(_in(stamp)),
        field=_colour(iter([ground])),
        shield=_shield(outer),
        division=_division(marks, roundel=roundel),
        layout={"G1": "one", "G2": "two", "G3": "three"}.get(stamp.op),
    )
    second = _colour(iter(marks))
    return shown | {"second": frozenset((second,) if second else COLOURS)}


def _shield(prim: Prim) -> str | None:
    if prim.op.startswith("U"):
        return "heater" if prim.numbers[0] == 56 else "spanish"
    return {"O": SHIELDS[2], "H3": SHIELDS[3]}.get(prim.op)


def _division(marks: list[Prim], *, roundel: bool) -> str | None:
    ops = [mark.op for mark in marks]
    if ops == ["R"]:
        x, y, _, height = marks[0].numbers
        return "pale" if x > 16 else "fess" if y > 16 else "chief" if height < 32 else None
    known = {
        (): "plain",
        ("P3",): "bend",
        ("R", "R"): "quarterly",
        ("H5",): "chevron",
        ("R",) * 4: "pales",
        ("L5",) * 3: "wavy",
    }
    name = known.get(tuple(ops))
    return None if name is None or roundel != (name in ("bend", "quarterly", "pales")) else name


def _ornament(program: Program) -> Shown:
    return _said(kind=_named(program.items, "ornament:", ORNAMENTS), tint=_colour(program.prims()))


_READERS = {"portrait": read_portrait, "sign": _sign, "emblem": _emblem, "ornament": _ornament}
