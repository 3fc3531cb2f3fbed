"""Gifts among what somebody looks back on: to oneself, from oneself, between others. Only the first call for thanks."""

from __future__ import annotations

from worldloom.agents.rules import tables
from worldloom.agents.rules.reading import Dice

from .case import Case

MOST = 8
"""Memories that a prompt of looking back shows (`agents.reflecting.SHOWN`)."""

_COLOURS = ("blue", "brown", "green", "grey", "red", "white", "yellow")
_SIZES = ("Small", "Medium", "Large")


def with_gifts(case: Case, dice: Dice) -> Case:
    """Return a case of looking back with up to three gifts among its memories, which are numbered anew."""
    people = [(row.partition(" ")[0], row.rpartition(" | ")[2]) for row in case.blocks.get("people", ())]
    rows = [_noted(case, row) for row in case.blocks.get("memories", ())]
    if not people:
        return case
    # Often the same person gives twice: that is a friend.
    generous = people[dice.below(len(people))]
    for _ in range(dice.below(4)):
        giver = generous if dice.chance(50) else people[dice.below(len(people))]
        rows.insert(dice.below(len(rows) + 1), _gift(case, giver, people, dice))
    while len(rows) > MOST:
        rows.pop(dice.below(len(rows)))
    case.blocks["memories"] = [f"m{number} {row.partition(' ')[2]}" for number, row in enumerate(rows, 1)]
    return case


def _gift(case: Case, giver: tuple[str, str], people: list[tuple[str, str]], dice: Dice) -> str:
    """Return the row of a gift, but for a label of its own: half are for the one who looks back."""
    label, name = giver
    me, places = case.fields["you"], case.labels("places")
    where = dice.pick(places) if places else ""
    chance = dice.below(100)
    if chance < 55:
        return _row(case, "seen", f"{label} {where}", "of you", f"{name} gave {me}", dice)
    if chance < 80:
        return _row(case, "did", f"{label} {where}", "", f"{me} gave {name}", dice)
    other, whom = people[dice.below(len(people))]
    about = " ".join(sorted({label, other}))
    return _row(case, "seen", f"{about} {where}", "", f"{name} gave {whom if other != label else 'a child'}", dice)


def _noted(case: Case, row: str) -> str:
    """Return the row of a memory, with the note that a gift to oneself has (`agents.reflecting`)."""
    parts = row.split(" | ", 5)
    if not parts[0].endswith(" did") and f" gave {case.fields['you']} " in parts[5]:
        parts[4] = "of you"
    return " | ".join(parts)


def _row(case: Case, kind: str, about: str, note: str, said: str, dice: Dice) -> str:
    text = f'{said} "{_title(case, dice)}".'
    return f"m0 {kind} | notable | {case.fields['time']} | {about.strip()} | {note} | {text}"


def _title(case: Case, dice: Dice) -> str:
    """Return a title as things are called, or a letter's."""
    if dice.chance(20):
        return f"Letter to {case.fields['you']}"
    things = tables.THINGS[dice.pick(tuple(tables.THINGS))] if dice.chance(70) else tables.OTHER_THINGS
    return f"{dice.pick(_SIZES)} {dice.pick(_COLOURS)} {dice.pick(things)}"
