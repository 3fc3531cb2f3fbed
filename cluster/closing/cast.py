"""People as the report shows them: who they are, what they did, how they fare at the end. No markup here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from .cards import Face
from .day import NEEDS
from .naming import Names, hue, initials
from .record import Record

MOST_PEOPLE = 500


class Need(NamedTuple):
    """A need by name, in thousandths (1000: worst)."""

    name: str
    value: int


class Person(NamedTuple):
    """One of the cast; `job`, `home`, `work` and `manner` as words, `needs` empty where no snapshot tells them."""

    agent: str
    hue: int
    initials: str
    name: str
    age: int
    job: str
    manner: str
    home: str
    work: str
    made: int
    said: int
    needs: tuple[Need, ...]
    face: Face | None
    """The portrait that everybody has from the beginning; None where none was painted or it was erased."""


def people(
    record: Record,
    names: Names,
    needs: Mapping[int, Mapping[str, Mapping[str, int]]],
    faces: Mapping[str, Face],
) -> tuple[Person, ...]:
    """Return the cast by number, at most MOST_PEOPLE; `needs` by time and agent, the last time counts."""
    made = Counter(thing.body["recipe"]["agent"] for thing in record.artifacts)
    said = Counter(each.row.actor for each in record.said)
    last = needs[max(needs)] if needs else {}
    return tuple(
        Person(
            agent=persona["agent"],
            hue=hue(persona["agent"]),
            initials=initials(persona["name"]),
            name=persona["name"],
            age=persona["age"],
            job=persona["job"],
            manner=persona.get("manner", ""),
            home=names.place(persona["home"]),
            work=names.place(persona["work"]) if persona.get("work") else "",
            made=made[persona["agent"]],
            said=said[persona["agent"]],
            needs=tuple(Need(need, last[persona["agent"]][need]) for need in NEEDS) if persona["agent"] in last else (),
            face=faces.get(persona["agent"]),
        )
        for persona in record.personas[:MOST_PEOPLE]
    )
