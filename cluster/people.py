"""Finds somebody of a run by id or by a part of the name. Knows names only: no mind, no world."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from worldloom.provenance.errors import IdError
from worldloom.provenance.ids import agent_number
from worldloom.provenance.text import clean_text

from .errors import AskError

_LISTED = 30


def find_person(personas: Sequence[Mapping[str, Any]], wanted: str) -> tuple[str, str]:
    """Return (id, name) of who has that id, that name, or, alone, that in the name; upper and lower case are one.

    Raises AskError that lists who could be meant.
    """
    people = [(str(person["agent"]), str(person["name"])) for person in personas]
    words = " ".join(wanted.split()).casefold()
    for fits in (_is_id, _is_name, _is_word_of_name, _is_in_name):
        found = [person for person in people if words and fits(person, words)]
        if len(found) == 1:
            return found[0]
        if found:
            raise AskError(f"{_shown(wanted)} may be any of {len(found)} people: {_listed(found)}; say which")
    raise AskError(f"nobody here is called {_shown(wanted)}; there are: {_listed(people)}")


def numbered(wanted: str, agents: int) -> int:
    """Return the number of an agent of a crowd by its id; raises AskError where there is none."""
    try:
        number = agent_number(wanted)
    except IdError:
        number = agents
    if number >= agents:
        raise AskError(f"nobody here is called {_shown(wanted)}; ids go from agent-0 to agent-{agents - 1}")
    return number


def _is_id(person: tuple[str, str], words: str) -> bool:
    return person[0] == words


def _is_name(person: tuple[str, str], words: str) -> bool:
    return person[1].casefold() == words


def _is_word_of_name(person: tuple[str, str], words: str) -> bool:
    return words in person[1].casefold().split()


def _is_in_name(person: tuple[str, str], words: str) -> bool:
    return words in person[1].casefold()


def _shown(wanted: str) -> str:
    return repr(clean_text(wanted, 60))


def _listed(people: Sequence[tuple[str, str]]) -> str:
    rows = [f"{name} ({agent})" for agent, name in people[:_LISTED]]
    more = len(people) - len(rows)
    return clean_text(", ".join(rows) + (f" and {more} more" if more else ""), 4000)
