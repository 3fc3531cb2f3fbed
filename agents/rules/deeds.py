"""The rule expert's decisions: what is given is used, hunger comes before talk, news before small talk."""

from __future__ import annotations

from collections.abc import Sequence

from . import tables
from .reading import Dice, Row, Sheet
from .speech import TELLS, Speech


def decide(sheet: Sheet, dice: Dice) -> dict[str, str]:
    """Answer a `decide` prompt."""
    why = sheet.fields.get("why", "")
    if " gave you " in why:
        found = _gift(sheet, why)
    elif why in ("you are hungry", "there is nothing to eat here"):
        found = _eat(sheet, dice)
    elif why == "you are exhausted":
        found = _answer("rest")
    elif why.startswith("you could not"):
        found = _answer("go on")
    else:
        found = _company(sheet, dice)
    return found


def _answer(do: str, target: str = "", memory: str = "", say: str = "") -> dict[str, str]:
    return {"do": do, "target": target, "item": "", "memory": memory, "say": say}


def _gift(sheet: Sheet, why: str) -> dict[str, str]:
    """Read a letter, put up a present, where one can."""
    inside = any("here" in row.facts[0].split(", ") for row in sheet.places)
    for row in sheet.things:
        if row.facts == ("made", "carried") and row.text in why and (row.kind == "letter" or inside):
            return _answer("use", row.label)
    return _answer("go on")


def _eat(sheet: Sheet, dice: Dice) -> dict[str, str]:
    things = sheet.things
    inside = any("here" in row.facts[0].split(", ") for row in sheet.places)
    for where in ("carried", "here") if inside else ("carried",):
        for row in things:
            if row.facts == ("food", where):
                return _answer("eat", row.label)
    kinds = tables.LARDERS[dice.below(len(tables.LARDERS)) :] + tables.LARDERS
    for kind in kinds:
        for row in sheet.places:
            facts = row.facts[0].split(", ")
            if "here" not in facts and (row.kind == kind or kind in facts):
                return _answer("eat", row.label)
    return _answer("go on")


def _company(sheet: Sheet, dice: Dice) -> dict[str, str]:
    near = [row for row in sheet.people if row.facts[1].startswith("near")]
    labels = [row.label for row in near]
    tellable = [(row, new) for row in sheet.memories if (new := _new_to(row, labels))]
    for row, new in tellable:
        if row.facts[0] == "important":
            return _tell(sheet, dice, near, new[0], row)
    fresh = [row for row in near if "talked lately" not in row.facts[1]] or near
    if not fresh or not dice.chance(_talkative(sheet)):
        return _answer("go on")
    who = fresh[0]
    for row, new in tellable:
        if who.label in new and dice.chance(TELLS):
            return _tell(sheet, dice, near, who.label, row)
    to = "" if len(near) > 2 and dice.chance(20) else who.label
    return _answer("say", to, say=Speech(sheet, dice, who).greeting())


def _tell(sheet: Sheet, dice: Dice, near: Sequence[Row], to: str, memory: Row) -> dict[str, str]:
    who = next(row for row in near if row.label == to)
    return _answer("say", to, memory.label, Speech(sheet, dice, who).news(memory))


def _new_to(row: Row, near: Sequence[str]) -> list[str]:
    return [label for label in row.facts[3].split(" ")[2:] if label in near]


def _talkative(sheet: Sheet) -> int:
    """Return how many times in a hundred somebody begins a talk."""
    manner, needs = sheet.fields.get("manner", ""), sheet.fields.get("needs", "")
    more = 25 if "talkative" in manner else -25 if "sparing of words" in manner else 0
    return 55 + more + 20 * needs.endswith(("strong", "urgent"))
