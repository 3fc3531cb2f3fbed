"""Judges answers to lessons: does a model do what the rules might do? Asks no model; reads JSON and labels only."""

from __future__ import annotations

import re
from collections.abc import Sequence

from worldloom.agents.rules import Rules
from worldloom.agents.schemas import SCHEMAS, read_answer
from worldloom.generators.requests import Request

from .case import take_apart
from .lessons import Lesson

DRAWS = 24
"""How often the rules are asked about one case: what they answered in any of them, they might do."""

_FIELDS = {
    "decide": ("do", "target", "item", "memory"),
    "talk": ("do", "target", "memory", "place", "thing"),
    "make": ("craft", "memory", "order", "target"),
    "interview": ("known", "memory"),
}
"""Fields that say what is done; the others are words, colours and hours."""
_LABEL = re.compile(r"\b[eipl][1-9][0-9]?\b")


def request_of(lesson: Lesson, seed: int) -> Request:
    """Return a lesson as a request."""
    return Request("text", lesson.purpose, "agent-0", 0, 0, seed, lesson.prompt, schema=lesson.schema)


def essence(purpose: str, answer: str) -> str:
    """Return what an answer does, without words, colours and hours; "" for text and for what is no answer."""
    if purpose not in SCHEMAS:
        return ""
    value, why = read_answer(answer, SCHEMAS[purpose])
    if why:
        return ""
    if purpose in _FIELDS:
        return "/".join(str(value.get(name, "")) for name in _FIELDS[purpose])
    if purpose == "reflect":
        return "/".join(f"{each['what']} {each['about']} {each['from']}" for each in value["insights"]) or "none"
    if purpose == "plan":
        steps = value["steps"]
        meetings = " ".join(f"{each['place']} {each['memory']}" for each in steps if each["do"] == "meet")
        return f"{steps[0]['do']}/{meetings}/{steps[-1]['do']}"
    return ""


def might(lesson: Lesson, draws: int = DRAWS, first: int = 0) -> frozenset[str]:
    """Return what the rules do in some draws on a lesson's case."""
    rules = Rules()
    answers = rules.generate([request_of(lesson, seed) for seed in range(first, first + draws)])
    return frozenset(essence(lesson.purpose, each.text) for each in answers)


def agreement(lessons: Sequence[Lesson], answers: Sequence[str]) -> tuple[int, int]:
    """Return (how many answers do what the rules might, of how many that say what is done)."""
    judged = [(each, text) for each, text in zip(lessons, answers, strict=True) if essence(each.purpose, each.answer)]
    return sum(essence(each.purpose, text) in might(each) for each, text in judged), len(judged)


def ceiling(lessons: Sequence[Lesson]) -> tuple[int, int]:
    """Return the agreement of the rules with themselves: a draw of their own that is in none of the others' seeds."""
    rules = Rules()
    answers = [rules.generate([request_of(each, 1 << 30)])[0].text for each in lessons]
    return agreement(lessons, answers)


def names_nobody_unknown(lesson: Lesson, answer: str) -> bool:
    """Whether words of letters and songs name only labels that their case gives out."""
    case = take_apart(lesson.prompt)
    known = {label for block in case.blocks for label in case.labels(block)}
    known |= set(_LABEL.findall("\n".join(case.fields.get(name, "") for name in ("likes", "to", "from"))))
    return set(_LABEL.findall(answer)) <= known


def distinct(texts: Sequence[str], order: int = 4) -> float:
    """Return how many of all n-grams of words are different ones, 0 to 1 (Li et al. 2016, distinct-n)."""
    grams = [tuple(words[at : at + order]) for words in map(str.split, texts) for at in range(len(words) - order + 1)]
    return len(set(grams)) / len(grams) if grams else 0.0
