"""The rule expert's letters: from who writes, to whom, and the occasion. Never from memories, so they carry no news."""

from __future__ import annotations

from . import tables
from .reading import Dice, Sheet


def letter(sheet: Sheet, dice: Dice) -> str:
    """Answer a `letter` prompt with two to five sentences between opening and name."""
    fields = sheet.fields
    likes = fields.get("likes", "").split("; ")
    words = {
        "job": fields.get("job", "villager"),
        "age": fields.get("age", "many"),
        "like": f"l{1 + dice.below(len(likes))}",
    }
    manner = fields.get("manner", "")
    openings = next((tables.OPENINGS[word] for word in tables.OPENINGS if word in manner), tables.OPENINGS[""])
    rows = tables.LETTERS.get(fields.get("occasion", ""), tables.LETTERS["greeting"])
    sentences = [dice.pick(row) for row in rows]
    if "sparing of words" in manner:
        del sentences[1]
    body = " ".join(sentences)
    return f"{dice.pick(openings)}\n\n{body}\n\n{dice.pick(tables.CLOSINGS)}".format(**words)
