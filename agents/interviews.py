"""Interviews: what somebody asked from outside remembers of a matter, and what the answer comes to. Changes no mind.

A memory is `close` to a question when it holds what the question is about: everybody whom the question names, and of
its other words a share, weighed by how seldom the asked one has met them, of CLOSE or more. Whole numbers, so that the
mark is the same everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from worldloom.worlds.clock import clock_text

from .asking import Prompt, block, familiarity
from .embedding import words
from .memory import Memory, one_line
from .mind import Mind
from .prompting import template
from .retrieval import index_of, retrieve
from .talk import key_of
from .turns import Basis, Interview
from .view import Guide, Labels, cell, label_likes, memory_line, person_line, place_lines

SHOWN = 8
"""Memories that a prompt of an interview shows."""

PEOPLE = 6
"""People that it shows: those whom the question names, then those whom the memories are about."""

CLOSE = 75
"""Hundredths of a question's weight that a memory must hold to be close; measured on planted facts (tests)."""

_ASKING = frozenset(
    words(
        "know known knew hear heard tell told remember recall think thought happen happened thing anything something "
        "nothing everything anybody somebody nobody everybody anyone someone person people please there whom whose "
        "may might must shall should ever still today yesterday lately recently really exactly kind sort way time day "
        "place news matter become became ask asked answer question find found called name mean mention"
    )
)
"""Words that a question is made of, not what it is about."""

_OF_KNOWING = re.compile(
    r"\b(do|did|have|can|could|would|will) you (ever |still )?"
    r"(know|hear|heard|tell|remember|recall|say|think|learn|see|seen|mean)\b|\b(told|tell|asked|ask) you\b"
)
_OF_SAYING = re.compile(r"\b(tell|told|say|said|talk|talked|speak|spoke|hear from|heard from)\b")
_OF_ONESELF = re.compile(r"\b(you|your|yours|yourself)\b")
"""Words by which a question is about the one who is asked, once phrases of asking are taken out."""

_FORMS: Mapping[str, str] = {
    "gave": "give", "given": "give", "made": "make", "saw": "see", "seen": "see", "sang": "sing", "sung": "sing",
    "met": "meet", "bought": "buy", "sold": "sell", "lost": "lose", "kept": "keep", "hid": "hide", "hidden": "hide",
    "broke": "break", "broken": "break", "wrote": "write", "written": "write", "went": "go", "gone": "go",
    "came": "come", "took": "take", "taken": "take", "left": "leave", "brought": "bring", "built": "build",
    "caught": "catch", "ate": "eat", "eaten": "eat", "drank": "drink", "fell": "fall", "fallen": "fall",
    "won": "win", "held": "hold", "stole": "steal", "stolen": "steal",
}  # fmt: skip
"""Forms of verbs that are no regular ones."""


_TOPICS: Mapping[str, str] = {
    "friend": "friend kind grateful thanks",
    "gratitude": "grateful thanks kindness",
    "maker": "skilled handy maker craft",
    "gathering": "gather gathering together",
    "habit": "often usual habit",
    "worry": "worry afraid trouble",
    "company": "talk speak company",
}
"""Words that ask for what somebody has come to think, whatever words it was put in."""


def ask_about(mind: Mind, guide: Guide, time: int, question: str) -> Prompt:
    """Return the prompt of an interview at a time in seconds; the same mind and question give the same prompt."""
    labels = Labels()
    label_likes(labels, mind.persona)
    asked = cell(question)
    who, spots = guide.people_in(asked), guide.places_in(asked)
    found = recall(mind, guide, time, asked)
    about = dict.fromkeys(each for memory, _ in found for each in memory.about)
    named = [*who, *(other for other in about if other in mind.cast.agents)]
    people = [
        person_line(labels, guide, other, "", familiarity(mind, other, time))
        for other in [each for each in dict.fromkeys(named) if each != mind.agent][:PEOPLE]
    ]
    also = [*spots, *(place for memory, _ in found for place in guide.places_of(memory))]
    places = place_lines(labels, guide, mind.persona, "", also, ())
    lines = [memory_line(labels, memory, note) for memory, note in found]
    form = template("interview")
    text = form.render(
        who=mind.who,
        time=clock_text(time),
        question=asked,
        people=block(people),
        places=block(places),
        memories=block(lines),
    )
    return Prompt(text, form.digest, labels)


class Recalled(NamedTuple):
    """A memory that comes to mind, and whether it is `close` to the question or `loose`."""

    memory: Memory
    note: str


def recall(mind: Mind, guide: Guide, time: int, question: str) -> list[Recalled]:
    """Return up to SHOWN memories for a question: close ones first, the closest of them first of all."""
    query = " ".join((question, *guide.people_in(question), *guide.places_in(question)))
    found = retrieve(mind.stream, query, time, 4 * SHOWN)
    wanted = wanted_by(mind, guide, question)
    shares = {memory.id: share(guide, wanted, memory) for memory in found}
    ranked = sorted(found, key=lambda memory: -shares[memory.id])
    distinct = {key_of(memory.text): memory for memory in reversed(ranked)}
    rows = sorted(distinct.values(), key=ranked.index)[:SHOWN]
    return [Recalled(memory, "close" if shares[memory.id] >= CLOSE else "loose") for memory in rows]


class Wanted(NamedTuple):
    """What a question is about: people (ids), and other words, each with its rarity among the memories.

    `told`: the people may as well be those who said it.
    """

    people: Sequence[str]
    words: Mapping[str, int]
    told: bool


def wanted_by(mind: Mind, guide: Guide, question: str) -> Wanted:
    """Return what a question asks for. What is asked of oneself must be about oneself."""
    index, people = index_of(mind.stream), guide.people_in(question)
    told = _OF_SAYING.search(question.casefold()) is not None
    if _OF_ONESELF.search(_OF_KNOWING.sub("", question.casefold())):
        people = [*people, mind.agent]
    names = set(words(" ".join(guide.name(each) for each in people)))
    asked = dict.fromkeys(word for word in words(question) if word not in _ASKING and word not in names)
    return Wanted(people, {base_of(word): index.rarity_of(word) for word in asked}, told)


def share(guide: Guide, wanted: Wanted, memory: Memory) -> int:
    """Return how many hundredths of what is wanted a memory holds; none when it leaves out somebody who is named.

    What somebody tells is not about them for that.
    """
    spoken = f"{memory.text} {' '.join(guide.name(each) for each in memory.about if each != memory.via)}"
    if not all((wanted.told and each == memory.via) or guide.name(each) in spoken for each in wanted.people):
        return 0
    whole = sum(wanted.words.values())
    if not whole:
        return 100 if wanted.people else 0
    held = {base_of(word) for word in words(f"{spoken} {_TOPICS.get(memory.topic, '')}")}
    return 100 * sum(weight for word, weight in wanted.words.items() if word in held) // whole


@lru_cache(maxsize=8192)
def base_of(word: str) -> str:
    """Return what the forms of a word have in common: `gave` and `gives` are `give`, `mended` and `mending` `mend`."""
    word = _FORMS.get(word, word)
    for ending in ("ing", "ed", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word.removesuffix(ending)
            return word[:-1] if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "ls" else word
    return word


def answered(mind: Mind, labels: Labels, value: Mapping[str, str]) -> Interview:
    """Return what an answer that obeys its schema comes to; with a reason where it still means nothing."""
    said = labels.expand(one_line(value["say"], 200))
    if value["known"] == "no":
        return Interview(False, said or "I do not know.", (), "")
    named = [label for label in (value["memory"], value["also"]) if label]
    if not value["memory"]:
        return Interview(False, "", (), "to know something needs a memory")
    memories = [mind.stream.find(labels.of(label)) for label in named]
    missing = next((label for label, memory in zip(named, memories, strict=True) if memory is None), "")
    if missing:
        return Interview(False, "", (), f"there is no {missing}")
    cited: Sequence[Memory] = [memory for memory in memories if memory is not None]
    bases = dict.fromkeys(Basis(memory.id, memory.source) for memory in cited)
    return Interview(True, said or cited[0].text, tuple(bases), "")
