"""The rule expert in an interview: the memory that matches the question best, or an honest no."""

from __future__ import annotations

from .reading import Dice, Row, Sheet

UNKNOWN = (
    "I do not know.",
    "I cannot say.",
    "That I do not know.",
    "I have not heard of it.",
    "You must ask somebody else.",
)


def interview(sheet: Sheet, dice: Dice) -> dict[str, str]:
    """Answer an `interview` prompt; memories are marked close or loose by how well they match the question."""
    close = [row for row in sheet.memories if row.facts[3] == "close"]
    if not close:
        return {"known": "no", "memory": "", "also": "", "say": dice.pick(UNKNOWN)}
    best = close[0]
    also = next((row.label for row in close[1:] if _same_matter(best, row)), "")
    return {"known": "yes", "memory": best.label, "also": also, "say": ""}


def _same_matter(one: Row, other: Row) -> bool:
    return bool(set(one.facts[2].split(" ")) & set(other.facts[2].split(" ")) - {""})
