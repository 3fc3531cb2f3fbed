"""The rule expert looking back: who was good, who makes fine things, where people come together. Cites memories."""

from __future__ import annotations

from collections.abc import Sequence

from .reading import Dice, Row, Sheet

SAYINGS: dict[str, tuple[str, ...]] = {
    "friend": ("{who} is good to me.", "I can count on {who}.", "I am fond of {who}."),
    "maker": ("{who} makes fine things.", "{who} has good hands.", "Nobody is as handy as {who}."),
    "gathering": ("People will come together at {who}.", "Something is on at {who}.", "Everybody will be at {who}."),
    "habit": ("{who} is often about.", "I see a good deal of {who}.", "{who} is always busy."),
    "gratitude": ("I owe {who} thanks.", "I am grateful to {who}.", "I will not forget what {who} did."),
}
MOST = 2


def reflect(sheet: Sheet, dice: Dice) -> dict[str, list[dict[str, str]]]:
    """Answer a `reflect` prompt."""
    found: list[dict[str, str]] = []
    for what, about, shown in _candidates(sheet):
        if len(found) == MOST or any(each["about"] == about for each in found):
            continue
        say = dice.pick(SAYINGS[what]).format(who=about)
        also = shown[1].label if len(shown) > 1 else ""
        found.append({"what": what, "about": about, "from": shown[0].label, "also": also, "say": say})
    return {"insights": found}


def _candidates(sheet: Sheet) -> list[tuple[str, str, Sequence[Row]]]:
    """Return (kind, label, memories that show it), weightiest first."""
    memories = [row for row in sheet.memories if row.kind != "reflection"]
    gathering = [
        ("gathering", place, [row])
        for row in memories
        if row.facts[0] == "important"
        for place in _labels(row, "p")[:1]
    ]
    me = sheet.fields.get("you", "")
    by_person = {
        row.label: [each for each in memories if row.label in each.facts[2].split(" ")] for row in sheet.people
    }
    deeds = {
        row.label: [each for each in by_person[row.label] if each.kind == "seen" and each.text.startswith(row.text)]
        for row in sheet.people
    }
    given = [
        ("friend" if len(mine) > 1 else "gratitude", person, mine)
        for person, rows in deeds.items()
        if (mine := [row for row in rows if f" gave {me} " in row.text])
    ]
    makers = [
        ("maker", person, mine)
        for person, rows in deeds.items()
        if len(mine := [row for row in rows if " made " in row.text or " put up " in row.text]) > 1
    ]
    seen = [("habit", person, rows) for person, rows in by_person.items() if len(rows) > 2]
    return [*given, *gathering, *makers, *seen]


def _labels(row: Row, letter: str) -> list[str]:
    return [label for label in row.facts[2].split(" ") if label.startswith(letter)]
