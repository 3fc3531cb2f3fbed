"""What the rule expert makes: what its job knows, in a colour of its own, for somebody or for a place it goes to."""

from __future__ import annotations

from worldloom.generators.vocabulary import MOODS

from . import tables
from .reading import Dice, Row, Sheet

FIELDS = ("craft", "thing", "subject", "colour", "size", "occasion", "mood", "memory", "order", "target")
_WORDS = {
    "letter": "Letter from",
    "sign": "Sign of",
    "emblem": " emblem",
    "portrait": "Portrait of",
    "tile": " tile",
    "song": " song:",
}
"""How the titles of what was made tell its craft."""


def make(sheet: Sheet, dice: Dice) -> dict[str, str]:
    """Answer a `make` prompt: what was ordered first, else what the job is good at."""
    job = sheet.fields.get("job", "")
    answer = dict.fromkeys(FIELDS, "")
    if sheet.orders:
        order = sheet.orders[0]
        made = {"thing": order.kind, "colour": dice.pick(tables.COLOURS), "size": dice.pick(tables.SIZES)}
        return answer | made | {"craft": "prop", "order": order.label, "target": order.text.partition(" ")[2]}
    craft = _craft(sheet, dice, tables.CRAFTS.get(job, tables.OTHER_CRAFTS))
    answer["craft"] = craft
    if craft == "letter":
        return answer | {"occasion": dice.pick(tables.OCCASIONS), "target": _friend(sheet, dice).label}
    if craft == "portrait":
        return answer | {"mood": dice.pick(MOODS), "target": _friend(sheet, dice).label}
    if craft == "song":
        return answer | _song(sheet, dice)
    answer["colour"] = dice.pick(tables.COLOURS)
    if craft == "sign":
        place = _sign_place(sheet, dice)
        return answer | {"subject": tables.PLACE_SUBJECTS.get(place.kind, "lantern"), "target": place.label}
    if craft == "emblem":
        answer["subject"] = dice.pick(tables.JOB_SUBJECTS.get(job, tables.OTHER_SUBJECTS))
    else:
        answer["thing"] = dice.pick(tables.THINGS.get(job, tables.OTHER_THINGS))
    if craft == "prop":
        answer["size"] = dice.pick(tables.SIZES)
    gift = bool(sheet.people) and dice.chance(30)
    return answer | {"target": (_friend(sheet, dice) if gift else _stand(sheet, dice)).label}


def _song(sheet: Sheet, dice: Dice) -> dict[str, str]:
    """Sing of what matters most now and then, else of anything, where people come."""
    weighty = [row for row in sheet.memories if row.facts[0] == "important"]
    matter = weighty if weighty and dice.chance(30) else sheet.memories
    memory = matter[dice.below(len(matter))]
    mood = "merry" if "feast" in memory.text else dice.pick(MOODS)
    return {"mood": mood, "memory": memory.label, "target": _stand(sheet, dice).label}


def _craft(sheet: Sheet, dice: Dice, crafts: tuple[str, ...]) -> str:
    """Return a craft, rather one that was not done last; a letter only when there is somebody to write to."""
    made = " ".join(sheet.lines.get("made", ()))
    lacking = ("letter", "portrait") * (not sheet.people) + ("song",) * (not sheet.memories)
    allowed = [craft for craft in crafts if craft not in lacking]
    fresh = [craft for craft in allowed if craft not in _WORDS or _WORDS[craft] not in made]
    return dice.pick(fresh or allowed or ("emblem",))


def _friend(sheet: Sheet, dice: Dice) -> Row:
    """Return somebody to make it for, rather not of the own family, whom one can tell it all the same."""
    people = sheet.people
    others = [row for row in people if "family" not in row.facts[1]]
    chosen = others if others and dice.chance(80) else people
    return chosen[dice.below(len(chosen))]


def _sign_place(sheet: Sheet, dice: Dice) -> Row:
    work = [row for row in sheet.places if "work" in row.facts[0].split(", ")]
    if work and dice.chance(60):
        return work[0]
    return _stand(sheet, dice)


def _stand(sheet: Sheet, dice: Dice) -> Row:
    """Return a place to put something up: where one lives or works, or where people come."""
    places = [row for row in sheet.places if row.kind not in ("field", "wood", "bridge", "lookout")] or sheet.places
    own = [row for row in places if row.facts[0]]
    chosen = own if own and dice.chance(50) else places
    return chosen[dice.below(len(chosen))]
