"""Probes of minds: do answers hang on the memories they name, is what was planted remembered. Asks no generator.

Two measures are made of these. Dependence: a prompt is asked again without the memory that its answer names, and
without one that it does not name; the first should change what is done, the second should not. Planted facts: people
are told things; an interview should know them, and should not know what nobody was told.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from worldloom.generators.requests import Request
from worldloom.provenance.ids import agent_number
from worldloom.worlds.chance import below

from .cast import Cast
from .memory import Memory
from .turns import Interview

_NAMING = ("memory", "from", "also")
"""Fields of answers that name memories."""

_WORDING = ("say",)
"""Fields that are words: two answers that differ in these alone do the same."""


class Dependence(NamedTuple):
    """Labels of a named and of an unnamed memory, and the prompt without the one and without the other."""

    named: str
    unnamed: str
    without_named: str
    without_unnamed: str


def memory_dependence(prompt: str, answer: str) -> Dependence | None:
    """Return the two changed prompts of a prompt and its answer in JSON.

    None where the answer names no memory of the prompt, or none is left unnamed. Labels of other memories stay.
    """
    shown, named = labels_of(prompt), _named(_value(answer))
    first = next((label for label in named if label in shown), "")
    others = [label for label in shown if label not in named]
    if not first or not others:
        return None
    return Dependence(first, others[-1], without(prompt, first), without(prompt, others[-1]))


def asked_again(request: Request, prompt: str) -> Request:
    """Return a request with another prompt and all else the same, seed included."""
    return Request.from_content(request.content() | {"prompt": prompt})


def same_deed(one: str, other: str) -> bool:
    """Whether two answers in JSON do the same, whatever their words."""
    return bool(_deed(_value(one)) == _deed(_value(other)))


def labels_of(prompt: str) -> Sequence[str]:
    """Return the labels of the memories that a prompt shows, in its order."""
    lines = prompt.split("\n")
    begin = lines.index("memories:") + 1 if "memories:" in lines else len(lines)
    heads = (line.partition(" ")[0] for line in lines[begin:] if line.count(" | ") >= 5)
    return [head for head in heads if head.startswith("m") and head[1:].isdecimal()]


def without(prompt: str, label: str) -> str:
    """Return a prompt without the line of a memory; an empty line stays where no memory is left."""
    head, mark, rest = prompt.partition("\nmemories:\n")
    if not mark:
        return prompt
    lines = rest.split("\n")
    kept = [line for line in lines if not (line.startswith(f"{label} ") and line.count(" | ") >= 5)]
    return head + mark + "\n".join(kept if len(labels_of(prompt)) > 1 else ["", *kept])


def _value(answer: str) -> Any:
    try:
        return json.loads(answer)
    except (ValueError, RecursionError):
        return answer


def _named(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        mine = [str(value[name]) for name in _NAMING if value.get(name)]
        return mine + [label for part in value.values() for label in _named(part)]
    return [label for part in value for label in _named(part)] if isinstance(value, list) else []


def _deed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _deed(part) for name, part in value.items() if name not in _WORDING}
    return [_deed(part) for part in value] if isinstance(value, list) else value


# Planted facts


class Fact(NamedTuple):
    """What one agent alone is told at a minute of the day, and how one asks for it."""

    agent: str
    minute: int
    text: str
    question: str


class Probe(NamedTuple):
    """A question to an agent. `known`: it should know; then a memory that it cites holds the words `holds`."""

    agent: str
    question: str
    known: bool
    holds: str = ""


_THINGS = (
    "silver spoon", "old map", "brass whistle", "blue jug", "ivory comb", "iron key", "walnut box", "copper kettle",
    "painted drum", "glass bead", "leather belt", "woollen cap", "clay pipe", "pewter plate",
)  # fmt: skip
_SPOTS = (
    "the third stair", "the willow stump", "the loose brick", "the upturned boat", "the rain barrel", "the church wall",
    "the hollow oak", "the cellar door", "the old millstone", "the beehive", "the haystack", "the broken cart",
)  # fmt: skip
_TOWNS = ("Ostergate", "Fallowmere", "Quillhaven", "Dunmarrow", "Pellworth", "Ravensby", "Tolliver", "Umberleigh")
_FORMS = (
    ("{who} hid {a} {thing} under {spot}.", "Where did {given} hide the {thing}?"),
    ("{who} found {a} {thing} behind {spot}.", "What did {given} find behind {spot}?"),
    ("{who} sold {a} {thing} to a pedlar from {town}.", "To whom did {given} sell the {thing}?"),
    ("{who} broke {a} {thing} and buried it by {spot}.", "What became of the {thing} that {given} broke?"),
    ("A cousin of {who} has moved to {town}.", "Where has the cousin of {given} moved?"),
    ("{who} dreams of opening a tavern in {town}.", "What does {given} dream of?"),
    ("{who} owes a pedlar money for {a} {thing}.", "For what does {given} owe money?"),
    ("{who} is afraid of the dark by {spot}.", "What is {given} afraid of?"),
)
"""Sentences, and questions that use their rare words in other sentences."""


def plant(seed: int, cast: Cast, per_agent: int = 3) -> tuple[list[Fact], list[Probe]]:
    """Return facts for everybody of a cast, and as many probes of the unknown as of the known.

    Facts may spread in talk. What is asked for as unknown is true of nobody: it has the form of a fact, and often the
    thing, the place or the person of one, so that a mind must look closely to say no.
    """
    people = len(cast.people)
    facts = [_fact(seed, cast, number, turn) for number in range(people) for turn in range(per_agent)]
    probes = [Probe(fact.agent, fact.question, True, fact.text) for fact in facts]
    asked = {fact.question for fact in facts}
    for number, person in enumerate(cast.people):
        strange = (_fact(seed, cast, number, turn).question for turn in range(per_agent, 50 * per_agent))
        fresh = [question for question in dict.fromkeys(strange) if question not in asked][:per_agent]
        probes += [Probe(person.agent, question, False) for question in fresh]
    return facts, probes


def _fact(seed: int, cast: Cast, number: int, turn: int) -> Fact:
    """Return fact number `turn` of somebody; for every person and every thing a form tells one thing only."""
    rolls = below(seed, "planted facts", 1 << 20, number, turn, np.arange(3)).tolist()
    about = cast.people[(number + 1 + rolls[0] % max(1, len(cast.people) - 1)) % len(cast.people)]
    kind = (number * 3 + turn) % len(_FORMS)
    form, question = _FORMS[kind]
    # One person hides, finds or owes one thing: else a question would have several answers.
    mix = below(seed, "planted words", 1 << 20, kind, agent_number(about.agent), np.arange(3)).tolist()
    thing = _THINGS[mix[0] % len(_THINGS)]
    words = {
        "who": about.name,
        "given": about.name.partition(" ")[0],
        "a": "an" if thing[0] in "aeiou" else "a",
        "thing": thing,
        "spot": _SPOTS[mix[1] % len(_SPOTS)],
        "town": _TOWNS[mix[2] % len(_TOWNS)],
    }
    minute = 7 * 60 + rolls[1] % (10 * 60)
    return Fact(cast.people[number].agent, minute, form.format(**words), question.format(**words))


GRATITUDE = "To whom are you grateful?"
"""Asks for what only looking back comes to: nobody says so in passing."""


def thanks_right(givers: Collection[str], found: Interview, memories: Sequence[Memory]) -> bool:
    """Whether who was given things by people of those names thanks one of them, and who was not thanks nobody."""
    cited = {basis.memory for basis in found.memories}
    texts = [memory.text for memory in memories if memory.id in cited]
    return any(giver in text for giver in givers for text in texts) if givers else not found.known


def right(probe: Probe, found: Interview, memories: Sequence[Memory]) -> bool:
    """Whether an interview answered a probe as it should; `memories` are those of the agent."""
    if not probe.known:
        return not found.known and not found.reason
    cited = {basis.memory for basis in found.memories}
    return found.known and any(memory.id in cited and probe.holds in memory.text for memory in memories)
