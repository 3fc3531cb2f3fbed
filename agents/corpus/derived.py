"""Cases of purposes that a day asks for seldom, made from what others remember: looking back, interviews, words."""

from __future__ import annotations

from worldloom.agents.prompting import instructions
from worldloom.agents.rules import tables
from worldloom.agents.rules.reading import Dice
from worldloom.generators.vocabulary import MOODS

from .case import Case, take_apart

_STARTS = ("What do you know of", "What about", "Tell me of", "What happened with", "Have you heard of", "Who knows of")
_UNKNOWN = (
    "the king's gold", "the lost ship", "the man with one shoe", "a fire in the north", "the new bridge", "a wolf",
    "the tax collector", "the weather next year", "a buried chest", "the bishop's cat",
)  # fmt: skip


def reflection(case: Case) -> Case:
    """Return the case of somebody who looks back on the same memories."""
    return _of("reflect", case, ("you", "age", "job", "manner", "likes", "time"), _silent(case))


def interview(case: Case, dice: Dice) -> Case:
    """Return the case of somebody who is asked about one of the memories, or about what nobody knows."""
    memories = _silent(case)
    order = sorted(range(len(memories)), key=lambda _: dice.below(1 << 30))
    close = set(order[: dice.below(3)]) if dice.chance(65) else set()
    rows = [_noted(row, "close" if number in close else "loose") for number, row in enumerate(memories)]
    topic = memories[min(close)].rpartition(" | ")[2] if close else dice.pick(_UNKNOWN)
    words = topic.rstrip(".?").split(" ")
    start = dice.below(max(1, len(words) - 3))
    question = f"{dice.pick(_STARTS)} {' '.join(words[start : start + 3 + dice.below(4)])}?"
    asked = _of("interview", case, ("you", "age", "job", "manner", "likes", "time"), rows)
    fields = dict(asked.fields)
    asked.fields = {**fields, "question": question}
    return asked


def song(case: Case, dice: Dice) -> Case | None:
    """Return the case of somebody who makes a song of one of the memories; None where there is none."""
    memories = case.blocks.get("memories", [])
    if not memories:
        return None
    about = memories[dice.below(len(memories))].rpartition(" | ")[2]
    named = [(row.rpartition(" | ")[2], row.partition(" ")[0]) for row in _rows(case, "people")]
    named += [(row.rpartition(" | ")[2], row.partition(" ")[0]) for row in _rows(case, "places")]
    for name, label in named:
        about = about.replace(name, label)
    made = _of("song", case, ("you", "age", "job", "manner", "likes"), [])
    made.fields |= {"mood": dice.pick(MOODS), "about": about}
    del made.blocks["memories"]
    return made


def letter(case: Case, dice: Dice) -> Case | None:
    """Return the case of somebody who writes to one of the people in view; None where there is nobody."""
    people = _rows(case, "people")
    if not people:
        return None
    row = people[dice.below(len(people))]
    job, name = row.split(" | ")[0].partition(" ")[2], row.rpartition(" | ")[2]
    made = take_apart(f"{instructions('letter')}\nletter:")
    made.fields = {field: case.fields[field] for field in ("you", "age", "job", "manner", "likes", "time")}
    made.fields |= {"to": f"e1 | {job} | {name}", "from": "e2", "occasion": dice.pick(tables.OCCASIONS)}
    return made


def _of(purpose: str, case: Case, fields: tuple[str, ...], memories: list[str]) -> Case:
    """Return a case of another purpose about the same person, people, places and these memories."""
    twin = take_apart(f"{instructions(purpose)}\n{'song:' if purpose == 'song' else 'answer:'}")
    twin.fields = {name: case.fields[name] for name in fields if name in case.fields}
    twin.blocks = {"people": _rows(case, "people"), "places": _rows(case, "places"), "memories": memories}
    return twin


def _rows(case: Case, heading: str) -> list[str]:
    return list(case.blocks.get(heading, ()))


def _silent(case: Case) -> list[str]:
    """Return the memories without a note on whom they are new to."""
    return [_noted(row, "") for row in case.blocks.get("memories", ())]


def _noted(row: str, note: str) -> str:
    parts = row.split(" | ", 5)
    parts[4] = note
    return " | ".join(parts)
