"""Names of people and places for the report. Places are not in the log: the land has them (`land`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .land import LandFound
from .record import Record

HUES = 8
"""How many colours tell people apart on the page."""


@dataclass(frozen=True)
class Names:
    """Names by id; an id without a name stands for itself. `note` says why places have none, or is empty."""

    people: Mapping[str, str]
    places: Mapping[str, str]
    village: str
    note: str = ""

    def person(self, agent: str | None) -> str:
        """Return how somebody is called."""
        return self.people.get(agent or "", agent or "nobody")

    def place(self, place: str | None) -> str:
        """Return how a place is called; whoever is at none is on the way."""
        return self.places.get(place or "", place or "on the way")


def read_names(record: Record, found: LandFound) -> Names:
    """Return all names of a run. Where there is no land, places keep their ids."""
    people = {persona["agent"]: persona["name"] for persona in record.personas}
    if found.land is None:
        return Names(people, {}, "", f"Places are shown by their ids: {found.note}.")
    settlement = found.land.settlement
    return Names(people, {place.id: place.name for place in settlement.places}, settlement.name)


def initials(name: str) -> str:
    """Return one or two letters for a name."""
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0].upper() for word in (words[:1] + words[-1:] if len(words) > 1 else words)) or "?"


def hue(agent: str) -> int:
    """Return the number of somebody's colour, 0 to HUES - 1."""
    digits = agent.rpartition("-")[2]
    return int(digits) % HUES if digits.isascii() and digits.isdigit() else 0


def listed(names: Sequence[Any], most: int = 4) -> str:
    """`Ida, Bo and 3 others` for a list of names."""
    words = [str(name) for name in names]
    if len(words) > most:
        rest = len(words) - most + 1
        words = [*words[: most - 1], f"{rest} others"]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""
