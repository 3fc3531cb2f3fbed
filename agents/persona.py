"""Who somebody is: name, age, job, home, character. Drawn from a seed for a whole village; never changes in a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from worldloom.provenance.canonical import canonical
from worldloom.provenance.ids import agent_id
from worldloom.worlds.chance import below
from worldloom.worlds.settlement import Settlement

from .casting import Person
from .character import TRAITS, draw_traits
from .errors import CastError
from .households import Member, make_households, move_together
from .jobs import CHILD, WORKING_AGE, Workplaces, youngest_of
from .names import LIKES, Register, pick_some

MAX_CAST = 100_000

_MANNERS = {
    "openness": ("set in old ways", "curious"),
    "conscientiousness": ("easy-going", "careful"),
    "extraversion": ("sparing of words", "talkative"),
    "agreeableness": ("blunt", "kind"),
    "neuroticism": ("calm", "quick to worry"),
}


def manner_of(traits: Mapping[str, int]) -> str:
    """Return a short phrase for the two traits that stand out most, such as `kind and sparing of words`."""
    marked = sorted(TRAITS, key=lambda trait: (-abs(traits[trait] - 50), TRAITS.index(trait)))[:2]
    first, second = (_MANNERS[trait][traits[trait] >= 50] for trait in marked)
    return f"{first} and {second}"


@dataclass(frozen=True, slots=True)
class Persona:
    """One person; `home` and `work` are place ids, `household` the others who live in the same family.

    Raises CastError when the traits are not the five, each from 0 to 100.
    """

    agent: str
    name: str
    age: int
    job: str
    home: str
    work: str
    traits: Mapping[str, int]
    manner: str
    likes: tuple[str, ...] = ()
    household: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if tuple(sorted(self.traits)) != tuple(sorted(TRAITS)):
            raise CastError(f"{self.agent} has traits {', '.join(sorted(self.traits))}; it takes {', '.join(TRAITS)}")
        for trait in TRAITS:
            if not 0 <= self.traits[trait] <= 100:
                raise CastError(f"{self.agent}: {trait} is {self.traits[trait]}; it goes from 0 to 100")

    @property
    def is_child(self) -> bool:
        """Whether the person is too young to work."""
        return self.age < WORKING_AGE

    def content(self) -> dict[str, Any]:
        """Return the persona as a canonical JSON value."""
        return {
            "agent": self.agent,
            "name": self.name,
            "age": self.age,
            "job": self.job,
            "home": self.home,
            "work": self.work,
            "traits": dict(self.traits),
            "manner": self.manner,
            "likes": list(self.likes),
            "household": list(self.household),
        }

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> Persona:
        """Read what `content` gave; raises CastError."""
        try:
            if type(content["age"]) is not int or any(type(value) is not int for value in content["traits"].values()):
                raise TypeError("age and traits are whole numbers")
            persona = cls(
                agent=content["agent"],
                name=content["name"],
                age=content["age"],
                job=content["job"],
                home=content["home"],
                work=content["work"],
                traits={trait: content["traits"][trait] for trait in TRAITS},
                manner=content["manner"],
                likes=tuple(content["likes"]),
                household=tuple(content["household"]),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise CastError(f"not a persona: {error!r} in {str(content)[:80]}") from error
        if canonical(persona.content()) != canonical(content):
            raise CastError(f"the persona of {persona.agent} has fields that this version does not know")
        return persona


class _Characters:
    """Traits and likings of everybody, drawn at once."""

    def __init__(self, seed: int, ages: Sequence[int]) -> None:
        people = np.arange(len(ages))[:, None]
        self._traits = draw_traits(seed, ages)
        self._likes = below(seed, "likes", 1 << 24, people, np.arange(3)).tolist()

    def of(self, number: int, person: Person | None) -> dict[str, Any]:
        """Return the fields of one persona that make its character; what a `person` of the cast says goes first."""
        traits = self._traits[number] | (person.traits if person else {})
        likes = person.likes if person and person.likes else pick_some(LIKES, self._likes[number])
        return {"traits": traits, "manner": manner_of(traits), "likes": likes}


def make_cast(seed: int, count: int, settlement: Settlement, people: Sequence[Person] = ()) -> tuple[Persona, ...]:
    """Return `count` people (1 to 100,000) for the settlement, agent-0 first; raises CastError.

    `people` say who the first of them are, as far as they say it; the rest is drawn from the seed. Every job that the
    places offer is filled before any is filled twice. Names are unique.
    """
    if not 1 <= count <= MAX_CAST:
        raise CastError(f"a cast of {count} cannot be; choose 1 to {MAX_CAST:,} agents")
    homes = [place.id for place in settlement.of_kind("home")]
    if not homes:
        raise CastError(f"{settlement.name} has no home for anybody; make its world larger")
    people = people[:count]
    members = _members(seed, count, homes, people)
    families: dict[int, list[int]] = {}
    for number, member in enumerate(members):
        families.setdefault(member.household, []).append(number)
    ages, lodgings = [member.age for member in members], [member.home for member in members]
    chosen = {number: person.job for number, person in enumerate(people) if person.job not in ("", CHILD)}
    livings = Workplaces(settlement).livings(seed, ages, lodgings, chosen)
    register, characters = Register(seed, count), _Characters(seed, ages)
    for person in people:
        register.reserve(person.name)
    cast = []
    for number, (member, (job, work)) in enumerate(zip(members, livings, strict=True)):
        told = people[number] if number < len(people) else None
        persona = Persona(
            agent=agent_id(number),
            name=told.name if told else register.name(number, member.household),
            age=member.age,
            job=job,
            home=member.home,
            work=work,
            household=tuple(agent_id(other) for other in families[member.household] if other != number),
            **characters.of(number, told),
        )
        cast.append(persona)
    return tuple(cast)


def _members(seed: int, count: int, homes: Sequence[str], people: Sequence[Person]) -> list[Member]:
    """Return who lives where and how old they are; people of the cast as they say."""
    members = make_households(seed, count, homes)
    for number, person in enumerate(people):
        least = youngest_of(person.job) if person.job != CHILD else 0
        age = max(members[number].age, least) if person.age is None else person.age
        members[number] = members[number]._replace(age=age)
    return move_together(members, [person.household for person in people], homes)
