"""The rule expert in talk: news first, then answers and questions; invitations now and then; nobody talks for ever."""

from __future__ import annotations

import re

from . import tables
from .appointments import place_in
from .deeds import greet
from .reading import Dice, Row, Sheet

_INVITED = re.compile(r"will you meet me at (.+) at ([0-9]{2}:[0-9]{2}), ")
_SAID = " said to you: "
ENOUGH = 4
"""Turns after which somebody who has no news says good-bye."""


def talk(sheet: Sheet, dice: Dice) -> dict[str, str]:
    """Answer a `talk` prompt."""
    said = _last_said(sheet)
    turn = int(sheet.fields.get("turn", "1").partition(" ")[0])
    people = sheet.people
    other = people[0] if people else Row("e1", "", ("", ""), "friend")
    if invited := _INVITED.search(said.lower()):
        return _invited(sheet, dice, invited)
    for row in sheet.memories:
        if row.facts[0] == "important" and _is_new(row, other):
            return _answer("tell", memory=row.label)
    if "will meet you at" in said or said.startswith(tuple(leave.partition("{")[0] for leave in tables.LEAVES)):
        return _answer("end")
    if turn >= ENOUGH:
        return _answer("end")
    return _chat(sheet, dice, said, turn, other)


def _answer(do: str, memory: str = "", place: str = "", at: str = "", say: str = "") -> dict[str, str]:
    return {"do": do, "memory": memory, "place": place, "at": at, "say": say}


def _last_said(sheet: Sheet) -> str:
    for line in reversed(sheet.lines.get("happened", ())):
        before, mark, said = line.partition(_SAID)
        if mark and before:
            return said
    return ""


def _is_new(row: Row, other: Row) -> bool:
    return other.label in row.facts[2].split(" ")[2:]


def _invited(sheet: Sheet, dice: Dice, invited: re.Match[str]) -> dict[str, str]:
    place = place_in(invited[1], sheet.places)
    hour, minute = invited[2].split(":")
    ahead = int(hour) * 60 + int(minute) > sheet.minute + 20
    if place and ahead and dice.chance(75):
        return _answer("agree", place=place, at=invited[2])
    return _answer("decline")


def _chat(sheet: Sheet, dice: Dice, said: str, turn: int, other: Row) -> dict[str, str]:
    name = other.text.partition(" ")[0]
    notable = [row for row in sheet.memories if _is_new(row, other)]
    if notable and dice.chance(60):
        return _answer("tell", memory=notable[0].label)
    if said.endswith("?") or (turn == 1 and said.startswith("Good ")):
        words = _reply(sheet, dice, name) if said.endswith("?") else greet(sheet, dice, other)
        return _answer("greet", say=words)
    if turn >= 2 and _can_invite(sheet, other) and dice.chance(15):
        return _invite(sheet, dice)
    if dice.chance(50):
        return _answer("ask", say=dice.pick(tables.QUESTIONS).format(name=name, job=other.kind))
    if dice.chance(50):
        return _answer("greet", say=dice.pick(tables.LEAVES).format(name=name))
    return _answer("end")


def _reply(sheet: Sheet, dice: Dice, name: str) -> str:
    likes = sheet.fields.get("likes", "").split("; ")
    return dice.pick(tables.ANSWERS).format(name=name, like=dice.pick(likes) or "a rest")


def _can_invite(sheet: Sheet, other: Row) -> bool:
    familiar = other.facts[1]
    return sheet.minute < 16 * 60 and ("friend" in familiar or "known" in familiar or "close" in familiar)


def _invite(sheet: Sheet, dice: Dice) -> dict[str, str]:
    kinds = [row for row in sheet.places if row.kind in ("square", "harbour", "inn", "beach", "lookout")]
    if not kinds:
        return _answer("end")
    place = kinds[dice.below(len(kinds))]
    at = 16 * 60 + 30 + dice.below(4) * 15
    return _answer("invite", place=place.label, at=f"{at // 60:02d}:{at % 60:02d}")
