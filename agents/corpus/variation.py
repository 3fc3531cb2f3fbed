"""Changes a case in ways that should change the answer, or should not: rows, labels, needs, hours, reasons, words.

The rules answer every variation anew, so that the model learns what an answer hangs on, not what prompts look like.
"""

from __future__ import annotations

from collections.abc import Sequence

from worldloom.agents.rules import speech, tables
from worldloom.agents.rules.reading import Dice

from .case import LETTERS, Case, relabel

_DEGREES = ("none", "none", "little", "some", "strong", "urgent")
_MANNERS = (
    "set in old ways", "curious", "easy-going", "careful", "sparing of words", "talkative", "blunt", "kind", "calm",
    "quick to worry",
)  # fmt: skip
_REASONS = (
    "you are hungry",
    "you are exhausted",
    "there is nothing to eat here",
    "you could not move: is there already",
)
_KEPT = {"people": 80, "things": 75, "places": 90, "memories": 70, "orders": 100}
"""How many rows in a hundred stay when a block is thinned out."""


def vary(case: Case, dice: Dice) -> Case:
    """Return a variation of a case; one in six is the case itself."""
    varied = case.copy()
    if dice.below(6) == 0:
        return varied
    for change in (_thin, _weigh, _needs, _hour, _person, _reason, _said, _order, _shuffle):
        if dice.chance(50):
            change(varied, dice)
    return varied


def _thin(case: Case, dice: Dice) -> None:
    """Leave rows out, but none that the rest of the case names."""
    named = " ".join([case.fields.get("why", ""), case.fields.get("plan", ""), *case.blocks.get("happened", ())])
    needed = set(named.replace(";", " ").split(" "))
    gone: set[str] = set()
    for heading, keep in _KEPT.items():
        rows = case.blocks.get(heading, [])
        kept = [row for row in rows if row.partition(" ")[0] in needed or "here" in row or dice.chance(keep)]
        gone |= {row.partition(" ")[0] for row in rows} - {row.partition(" ")[0] for row in kept}
        if heading in case.blocks:
            case.blocks[heading] = kept
    _forget(case, gone)


def _forget(case: Case, gone: set[str]) -> None:
    """Take labels that are gone out of what memories say of themselves."""
    rows = []
    for row in case.blocks.get("memories", ()):
        parts = row.split(" | ", 5)
        parts[3] = " ".join(label for label in parts[3].split(" ") if label not in gone)
        listeners = [label for label in parts[4].split(" ")[2:] if label not in gone]
        if parts[4].startswith("new to"):
            parts[4] = f"new to {' '.join(listeners)}" if listeners else ""
        rows.append(" | ".join(parts))
    if "memories" in case.blocks:
        case.blocks["memories"] = rows


def _weigh(case: Case, dice: Dice) -> None:
    """Let memories matter more or less, and be new to others than they were."""
    near = [row.partition(" ")[0] for row in case.blocks.get("people", ()) if " near" in row]
    rows = []
    for row in case.blocks.get("memories", ()):
        parts = row.split(" | ", 5)
        if dice.chance(35):
            parts[1] = dice.pick(("slight", "notable", "notable", "important"))
        if near and case.purpose in ("decide", "talk") and dice.chance(35):
            fresh = [label for label in near if dice.chance(60)] if parts[1] != "slight" else []
            parts[4] = f"new to {' '.join(fresh)}" if fresh else ""
        rows.append(" | ".join(parts))
    if "memories" in case.blocks:
        case.blocks["memories"] = rows


def _needs(case: Case, dice: Dice) -> None:
    if "needs" in case.fields:
        hunger, tiredness, loneliness = (dice.pick(_DEGREES) for _ in range(3))
        case.fields["needs"] = f"hunger {hunger}, tiredness {tiredness}, loneliness {loneliness}"


def _hour(case: Case, dice: Dice) -> None:
    if "time" not in case.fields:
        return  # a song is made at any hour
    day, _, clock = case.fields["time"].rpartition(" ")
    minute = max(300, min(1430, int(clock[:2]) * 60 + int(clock[3:]) + dice.below(361) - 180))
    case.fields["time"] = f"{day} {minute // 60:02d}:{minute % 60:02d}"


def _person(case: Case, dice: Dice) -> None:
    """Let somebody of another character and trade be asked."""
    case.fields["manner"] = f"{dice.pick(_MANNERS)} and {dice.pick(_MANNERS)}"
    if dice.chance(50):
        case.fields["job"] = dice.pick(tuple(tables.HOURS))
    if "made today" in case.fields:
        case.fields["made today"] = str(dice.below(3))


def _reason(case: Case, dice: Dice) -> None:
    """Give another reason to decide, one that fits what is in view."""
    if case.purpose != "decide":
        return
    people, gifts = case.labels("people"), [row for row in case.blocks["things"] if "| made | carried" in row]
    reasons = list(_REASONS)
    if people:
        who = dice.pick(people)
        reasons += [f"{who} is near", f"{who} is near", f"you meet {who}"]
        if gifts:
            title = gifts[dice.below(len(gifts))].rpartition(" | ")[2]
            reasons += [f'{who} gave you "{title}"'] * 2
    case.fields["why"] = dice.pick(reasons)


def _said(case: Case, dice: Dice) -> None:
    """Let the one who speaks say something else."""
    people = case.labels("people")
    if case.purpose != "talk" or not people:
        return
    clock = case.fields["time"].rpartition(" ")[2]
    happened = case.blocks["happened"]
    case.blocks["happened"] = [*happened[:-1], f"- {clock} e1 said to you: {_words(case, dice)}"]
    case.fields["turn"] = f"{1 + dice.below(7)} of 8"


def _order(case: Case, dice: Dice) -> None:
    """Let somebody have promised a thing, or nothing."""
    people = case.labels("people")
    if case.purpose != "make" or not people:
        return
    things = tables.THINGS.get(case.fields.get("job", ""), tables.OTHER_THINGS)
    case.blocks["orders"] = [f"o1 {dice.pick(things)} | for {dice.pick(people)}"] if dice.chance(60) else []


def _words(case: Case, dice: Dice) -> str:
    name = case.fields["you"].partition(" ")[0]
    places = [row.rpartition(" | ")[2] for row in case.blocks.get("places", ())]
    options = [f"{dice.pick(speech.LEAVES)[:-1]}, {name}.", f"{dice.pick(speech.HAILS['day'])}, {name}."]
    options += [_plain(dice.pick(lines), name) for lines in _LINES]
    things = tables.THINGS.get(case.fields.get("job", ""), tables.OTHER_THINGS)
    thing = dice.pick(things) if dice.chance(70) else dice.pick(tables.OTHER_THINGS)
    options += [f"Will you make me {'an' if thing[0] in 'aeiou' else 'a'} {thing}, {name}?"] * 2
    told = [row.rpartition(" | ")[2] for row in case.blocks.get("memories", ()) if row.partition(" ")[2][:4] == "told"]
    options += [f"{dice.pick(speech.NEWS)} {dice.pick(told)}"] if told else []
    if places:
        at = f"{14 + dice.below(8):02d}:{dice.pick(('00', '15', '30', '45'))}"
        options += [f"Will you meet me at {dice.pick(places)} at {at}, {name}?"] * 2
    return dice.pick(options)


_LINES = (tuple(speech.QUESTIONS), tuple(speech.QUESTIONS), speech.ANSWERS, speech.REMARKS)


def _plain(line: str, name: str) -> str:
    likes = {"like": "feasts and holidays", "my_like": "good rope"}
    return line.format(here="home", other_place="the harbour", job="fisher", name=name, **likes)


def _shuffle(case: Case, dice: Dice) -> None:
    """Put rows in another order and number them anew: what counts is where a label points, not its number."""
    new: dict[str, str] = {}
    for heading, letter in LETTERS.items():
        rows = case.blocks.get(heading, [])
        # Who speaks stays first: a prompt of talk is made so.
        fixed = 1 if heading == "people" and case.purpose == "talk" else 0
        order = [*rows[:fixed], *_shuffled(rows[fixed:], dice)]
        if heading in case.blocks:
            case.blocks[heading] = order
        new |= {row.partition(" ")[0]: f"{letter}{number}" for number, row in enumerate(order, 1)}
    relabel(case, new)


def _shuffled(rows: Sequence[str], dice: Dice) -> list[str]:
    left, order = list(rows), []
    while left:
        order.append(left.pop(dice.below(len(left))))
    return order
