"""The rule expert in talk: news first, then orders, answers, questions and invitations; nobody talks for ever."""

from __future__ import annotations

import re

from . import speech, tables
from .appointments import place_in, today
from .reading import Dice, Row, Sheet
from .speech import TELLS, Speech

_INVITED = re.compile(r"will you meet me at (.+) at ([0-9]{2}:[0-9]{2}), ")
_ORDERED = re.compile(r"will you make me an? ([a-z]+), ")
_SAID = " said to you: "
_SAID_TO_ALL = " said to all: "
TOGETHER = 75
"""Minutes between two appointments."""

PROMISED, LATE = 2, 17 * 60
"""So many promises in mind are enough; and the minute of the day after which no more are made."""

ENOUGH = 5
"""Turns after which somebody who has no news says good-bye."""


def talk(sheet: Sheet, dice: Dice) -> dict[str, str]:
    """Answer a `talk` prompt."""
    said = _last_said(sheet)
    turn = int(sheet.fields.get("turn", "1").partition(" ")[0])
    people = sheet.people
    other = people[0] if people else Row("", "", ("", ""), "friend")
    words = Speech(sheet, dice, other)
    if invited := _INVITED.search(said.lower()):
        return _invited(sheet, dice, invited, other, words)
    if ordered := _ORDERED.search(said.lower()):
        return _ordered(sheet, dice, ordered[1], other, words)
    for row in sheet.memories:
        if row.facts[0] == "important" and _is_new(row, other):
            return _answer("tell", _to(sheet, dice, other), memory=row.label, say=words.news(row))
    if "will meet you at" in said or "will make you a" in said or _is_leave(said) or turn >= ENOUGH:
        return _answer("end")
    return _chat(sheet, dice, said, turn, other, words)


def _answer(
    do: str, target: str = "", memory: str = "", place: str = "", at: str = "", thing: str = "", say: str = ""
) -> dict[str, str]:
    return {"do": do, "target": target, "memory": memory, "place": place, "at": at, "thing": thing, "say": say}


def _to(sheet: Sheet, dice: Dice, other: Row) -> str:
    """Return whom an answer is for: who spoke, or everybody now and then where there are more."""
    near = [row for row in sheet.people if row.facts[1].startswith("near")]
    return "" if len(near) > 2 and dice.chance(20) else other.label


def _last_said(sheet: Sheet) -> str:
    for line in reversed(sheet.lines.get("happened", ())):
        for mark in (_SAID, _SAID_TO_ALL):
            before, found, said = line.partition(mark)
            if found and before:
                return said
    return ""


def _is_leave(said: str) -> bool:
    return said.startswith(tuple(leave[:-1] for leave in speech.LEAVES))


def _is_new(row: Row, other: Row) -> bool:
    return bool(other.label) and other.label in row.facts[3].split(" ")[2:]


def _invited(sheet: Sheet, dice: Dice, invited: re.Match[str], other: Row, words: Speech) -> dict[str, str]:
    place = place_in(invited[1], sheet.places)
    hour, minute = invited[2].split(":")
    at = int(hour) * 60 + int(minute)
    if place and at > sheet.minute + 20 and _is_free(sheet, at) and dice.chance(75):
        return _answer("agree", other.label, place=place, at=invited[2], say=words.before(speech.PROMISES))
    return _answer("decline", other.label, say=words.refusal())


def _is_free(sheet: Sheet, minute: int) -> bool:
    """Whether nothing was agreed before for about this minute: nobody can be at two places."""
    return all(abs(each.minute - minute) >= TOGETHER for each in today(sheet))


def _ordered(sheet: Sheet, dice: Dice, thing: str, other: Row, words: Speech) -> dict[str, str]:
    """Promise what one's job makes; somebody else's trade is declined."""
    mine = thing in tables.THINGS.get(sheet.fields.get("job", ""), tables.OTHER_THINGS)
    busy = sheet.minute > LATE or sum(" promised to make " in row.text for row in sheet.memories) >= PROMISED
    if mine and not busy and dice.chance(85):
        return _answer("promise", other.label, thing=thing, say=words.before(speech.PROMISES))
    return _answer("decline", other.label, say=words.refusal())


def _chat(sheet: Sheet, dice: Dice, said: str, turn: int, other: Row, words: Speech) -> dict[str, str]:
    """Answer what was asked, say something to what was told, greet who greets; then something of one's own."""
    notable = [row for row in sheet.memories if _is_new(row, other)]
    to = _to(sheet, dice, other)
    if said.endswith("?"):
        return _answer("greet", to, say=words.answer(said))
    told = next((row for row in sheet.memories if row.kind == "told" and row.text and row.text in said), None)
    if told is not None and told.facts[0] != "slight":
        return _answer("greet", to, say=words.reaction(important=True))
    if notable and dice.chance(TELLS):
        return _answer("tell", to, memory=notable[0].label, say=words.news(notable[0]))
    if '"' in said:
        return _answer("greet", to, say=words.reaction(important=False))
    if turn == 1:
        return _answer("greet", to, say=words.greeting())
    return _begin(sheet, dice, other, words, to)


def _begin(sheet: Sheet, dice: Dice, other: Row, words: Speech, to: str) -> dict[str, str]:
    """Go on with something of one's own, or take leave."""
    if _can_order(sheet, dice, other):
        things = tables.THINGS[other.kind]
        thing = things[dice.below(len(things))]
        return _answer("order", other.label, thing=thing, say=words.before(speech.ORDERS))
    if _can_invite(sheet, other) and dice.chance(30):
        return _invite(sheet, dice, other, words)
    if dice.chance(55):
        return _answer("ask", to, say=words.question())
    return _answer("greet", to, say=words.leave()) if dice.chance(50) else _answer("end")


def _can_order(sheet: Sheet, dice: Dice, other: Row) -> bool:
    return (
        other.kind in tables.MAKERS
        and sheet.minute < LATE
        and sheet.fields.get("job") != other.kind
        and dice.chance(30)
    )


def _can_invite(sheet: Sheet, other: Row) -> bool:
    familiar = other.facts[1]
    return sheet.minute < 16 * 60 and ("friend" in familiar or "known" in familiar or "close" in familiar)


def _invite(sheet: Sheet, dice: Dice, other: Row, words: Speech) -> dict[str, str]:
    kinds = [row for row in sheet.places if row.kind in ("square", "harbour", "inn", "beach", "lookout")]
    if not kinds:
        return _answer("end")
    place = kinds[dice.below(len(kinds))]
    at = 16 * 60 + 30 + dice.below(4) * 15
    if not _is_free(sheet, at):
        return _answer("end")
    say = words.before(speech.JOINED)
    return _answer("invite", other.label, place=place.label, at=f"{at // 60:02d}:{at % 60:02d}", say=say)
