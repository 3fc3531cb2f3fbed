"""What everybody in the village knows: who there is, what they do, where they live, what the places are called.

Common knowledge only; what one agent alone knows is a memory. Small, the same for all cohorts, and picklable.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from worldloom.worlds.settlement import Settlement

from .errors import CastError
from .persona import Persona


class KnownPerson(NamedTuple):
    """Somebody as the village knows them; `home` and `work` are place ids."""

    agent: str
    name: str
    job: str
    home: str
    work: str


class KnownPlace(NamedTuple):
    """A place as the village knows it."""

    place: str
    name: str
    kind: str


@dataclass(frozen=True)
class Cast:
    """All people and places of a village, each in order of their numbers."""

    village: str
    people: tuple[KnownPerson, ...]
    spots: tuple[KnownPlace, ...]

    @classmethod
    def of(cls, personas: Iterable[Persona], settlement: Settlement) -> Cast:
        """Return what the village knows about these people and about itself."""
        return cls(
            settlement.name,
            tuple(KnownPerson(who.agent, who.name, who.job, who.home, who.work) for who in personas),
            tuple(KnownPlace(place.id, place.name, place.kind) for place in settlement.places),
        )

    @cached_property
    def agents(self) -> Mapping[str, KnownPerson]:
        """Everybody by agent id."""
        return {person.agent: person for person in self.people}

    @cached_property
    def places(self) -> Mapping[str, KnownPlace]:
        """Every place by its id."""
        return {spot.place: spot for spot in self.spots}

    @cached_property
    def _kinds(self) -> Mapping[str, tuple[KnownPlace, ...]]:
        kinds: dict[str, list[KnownPlace]] = {}
        for spot in self.spots:
            kinds.setdefault(spot.kind, []).append(spot)
        return {kind: tuple(spots) for kind, spots in kinds.items()}

    @cached_property
    def _workers(self) -> Mapping[str, tuple[str, ...]]:
        places: dict[str, list[str]] = {}
        for person in self.people:
            places.setdefault(person.work, []).append(person.agent)
        return {place: tuple(agents) for place, agents in places.items()}

    def workers(self, place: str) -> tuple[str, ...]:
        """Return the agents that work at a place, by number; none when nobody does."""
        return self._workers.get(place, ())

    def person(self, agent: str) -> KnownPerson:
        """Return somebody by id; raises CastError."""
        try:
            return self.agents[agent]
        except KeyError:
            raise CastError(f"nobody in {self.village} is {agent!r}; there are {len(self.people)} agents") from None

    def name(self, agent: str) -> str:
        """Return the full name of an agent; raises CastError."""
        return self.person(agent).name

    def place(self, place: str) -> KnownPlace:
        """Return a place by id; raises CastError."""
        try:
            return self.places[place]
        except KeyError:
            raise CastError(f"{self.village} has no {place!r}; there are {len(self.spots)} places") from None

    def of_kind(self, kind: str) -> tuple[KnownPlace, ...]:
        """Return the places of a kind, such as `inn`; none when there is none."""
        return self._kinds.get(kind, ())

    def content(self) -> dict[str, Any]:
        """Return the cast as a canonical JSON value: lists in the order of the fields."""
        return {
            "village": self.village,
            "people": [list(person) for person in self.people],
            "places": [list(spot) for spot in self.spots],
        }

    def __getstate__(self) -> dict[str, Any]:
        # Without the look-up tables, which each process builds for itself.
        return {"village": self.village, "people": self.people, "spots": self.spots}
