"""First and third person: how a memory's sentence is said aloud, and how own words are kept as a memory. Asks nobody.

Memories are sentences about third persons with full names; aloud they are about me and you. What stands in quotation
marks is a title and stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable

MAX_SPOKEN = 400

_TO_OTHERS = re.compile(r"\b(you|your|yours|we|us|our|ours)\b", re.IGNORECASE)
_I = re.compile(r"\bI\b(?: ([a-z']+))?")
_VERBS = {"am": "is", "have": "has", "do": "does", "go": "goes"}
_BACK = {third: first for first, third in _VERBS.items()}
_AS_THEY_ARE = frozenset(
    (
        "can", "could", "will", "would", "must", "should", "may", "might", "shall", "had", "did", "was", "never",
        "always", "often", "once", "only", "still", "also", "just", "then", "saw", "made", "gave", "went", "said",
        "heard", "told", "met", "took", "found", "got", "kept", "left", "felt", "thought", "knew",
    )
)  # fmt: skip
"""Words after `I` that are the same after a name."""


def third_person(text: str, name: str) -> str:
    """Return words about oneself as a sentence about `name`; "" for words that speak to somebody."""
    if _TO_OTHERS.search(text):
        return ""
    return _outside_quotes(text, lambda part: _named(part, name))


def _named(part: str, name: str) -> str:
    part = _I.sub(lambda found: f"{name} {_with_s(found[1])}" if found[1] else name, part)
    part = re.sub(r"\b([Mm]y|[Mm]ine)\b", f"{name}'s", part)
    return re.sub(r"\b([Mm]e|[Mm]yself)\b", name, part)


def _with_s(verb: str) -> str:
    if verb in _VERBS:
        return _VERBS[verb]
    if verb in _AS_THEY_ARE or verb.endswith("ed"):
        return verb
    if verb.endswith(("s", "x", "ch", "sh")):
        return f"{verb}es"
    return f"{verb[:-1]}ies" if verb.endswith("y") and verb[-2:-1] not in "aeiou" else f"{verb}s"


def spoken(text: str, speaker: str, listener: str, lead: str) -> str:
    """Return how a memory's sentence is said aloud: with some words before it, by and to whom it may be about.

    "" when it is said just as it is remembered.
    """
    words = _outside_quotes(text, lambda part: _mine(part, speaker))
    if listener:
        words = _outside_quotes(words, lambda part: part.replace(f"{listener}'s", "your").replace(listener, "you"))
    words = f"{words[:1].upper()}{words[1:]}"
    said = f"{lead} {words}" if lead else words
    return "" if said == text else said[:MAX_SPOKEN]


def _mine(part: str, speaker: str) -> str:
    part = part.replace(f"{speaker}'s", "my")
    subject = re.match(rf"{re.escape(speaker)} ([a-z]+)", part)
    if subject:
        part = f"I {_without_s(subject[1])}{part[subject.end() :]}"
    return part.replace(speaker, "me")


def _without_s(verb: str) -> str:
    if verb in _BACK:
        return _BACK[verb]
    if not verb.endswith("s") or verb in ("was", "as", "his") or verb.endswith("ss"):
        return verb
    if verb.endswith("ies"):
        return f"{verb[:-3]}y"
    return verb[:-2] if verb.endswith(("ches", "shes", "xes", "sses")) else verb[:-1]


def _outside_quotes(text: str, change: Callable[[str], str]) -> str:
    """Return a text with a change made to what stands outside quotation marks."""
    return '"'.join(part if at % 2 else change(part) for at, part in enumerate(text.split('"')))
