"""What an agent sees and knows, as labelled lines for a prompt. Every field is one clean line, whoever wrote it.

A line is `label kind | facts | text`; the text stands last, and no field holds a `|`, so that nothing in it can pass
for another field or line. A label that is not in `Labels` was never given out, whatever a text says. Whoever is asked
points at things by their labels and may write labels into words: `expand` puts the names there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from worldloom.worlds.clock import clock_text
from worldloom.worlds.observation import Observation, Person, Thing
from worldloom.worlds.vocabulary import FOOD

from .cast import Cast
from .memory import Memory, one_line
from .persona import Persona
from .sayings import once

NEAR_MM = 8_000
"""Who is this near can be talked to and given things."""

PEOPLE, THINGS, PLACES, MEMORIES, EVENTS = 6, 6, 10, 6, 4
"""How many of each a prompt shows."""

_DEGREES = ("none", "little", "some", "strong", "urgent")
_COMMON = ("inn", "bakery", "market_hall", "square", "harbour", "chapel", "well", "beach", "lookout")
"""Kinds of place of which a plan names the first."""

_HANDY = ("inn", "bakery", "market_hall", "square", "harbour")
"""Those of them that come to mind at any moment."""

_REFERENCE = re.compile("‹([a-z]+-[0-9]+)›")
_NAME = re.compile(r"[^\W\d_]+")
_LABEL = re.compile(r"\b[eipl][1-9][0-9]?\b")

FAMILIAR = ((700, "close"), (350, "friend"), (100, "known"), (0, "stranger"))


@lru_cache(maxsize=8192)
def cell(text: str) -> str:
    """Return hostile text as one field of a line."""
    return one_line(text, 400).replace("|", "/").replace("‹", "<").replace("›", ">")


def ref(identifier: str) -> str:
    """Return how a line names an agent or place before its labels are known; no hostile text can hold it (`cell`)."""
    return f"‹{identifier}›"


def degree(need: int) -> str:
    """Return a need (0 to 1000) in a word."""
    return _DEGREES[min(4, max(0, need) // 200)]


def needs_line(seen: Observation) -> str:
    """Return the three needs in words."""
    return f"hunger {degree(seen.hunger)}, tiredness {degree(seen.tiredness)}, loneliness {degree(seen.company)}"


def weight(importance: int) -> str:
    """Return a memory's importance in a word."""
    return "important" if importance >= 7 else "notable" if importance >= 3 else "slight"


class Labels:
    """Labels given out in one prompt, what they stand for, and the words that a label in a text is replaced by."""

    __slots__ = ("_counts", "_label", "_of", "_words")

    def __init__(self) -> None:
        self._of: dict[str, str] = {}
        self._label: dict[str, str] = {}
        self._counts: dict[str, int] = {}
        self._words: dict[str, str] = {}

    def add(self, letter: str, referent: str, words: str = "") -> str:
        """Return the label of an id; the next number of its letter when it has none yet."""
        label = self._label.get(referent)
        if label is None:
            self._counts[letter] = number = self._counts.get(letter, 0) + 1
            label = self._label[referent] = f"{letter}{number}"
            self._of[label] = referent
        if words:
            self._words[label] = words
        return label

    def of(self, label: str) -> str:
        """Return the id that a label stands for; "" for a label that was not given out."""
        return self._of.get(label, "")

    def label(self, referent: str) -> str:
        """Return the label of an id; "" when it has none."""
        return self._label.get(referent, "")

    def expand(self, text: str) -> str:
        """Return a text with names in the place of labels; a label that was never given out stays as it is."""
        return _LABEL.sub(lambda found: self._words.get(found[0], found[0]), text)

    @property
    def words(self) -> Mapping[str, str]:
        """What labels in a text are replaced by."""
        return dict(self._words)


def _by_names(cast: Cast) -> Mapping[str, str]:
    """Return agents by their full names, and by given names that only one of them has; all in small letters."""
    names: dict[str, str] = {}
    for person in cast.people:
        given = person.name.casefold().partition(" ")[0]
        names[given] = "" if given in names else person.agent
    return names | {person.name.casefold(): person.agent for person in cast.people}


class Guide:
    """What prompts of one village have in common: its places, and how to find their names in a text."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.common = tuple(spots[0].place for kind in _COMMON if (spots := cast.of_kind(kind)))
        self.handy = tuple(spots[0].place for kind in _HANDY if (spots := cast.of_kind(kind)))
        by_name = {spot.name.casefold(): spot.place for spot in cast.spots}
        self._by_name = by_name
        self._lines = {spot.place: (cell(spot.kind), cell(spot.name)) for spot in cast.spots}
        names = sorted(by_name, key=lambda name: (-len(name), name))
        self._names = re.compile("|".join(map(re.escape, names)) or "(?!)")
        self._people = _by_names(cast)
        self._places_in = once(self._find_places)

    def spot(self, place: str) -> tuple[str, str]:
        """Return kind and name of a place as fields of a line; raises CastError for an unknown id."""
        found = self._lines.get(place)
        return found if found is not None else (self.cast.place(place).kind, place)

    def places_of(self, memory: Memory) -> list[str]:
        """Return the ids of the places that a memory is about."""
        return [each for each in memory.about if each in self._lines]

    def places_in(self, text: str) -> list[str]:
        """Return the ids of the places that a text names, in the order of the text."""
        return list(self._places_in(text))

    def _find_places(self, text: str) -> tuple[str, ...]:
        return tuple(self._by_name[found] for found in self._names.findall(text.casefold()))

    def people_in(self, text: str) -> list[str]:
        """Return the ids of the people that a text names, by full name or by a given name that only one has."""
        found, at = [], _NAME.findall(text.casefold())
        for word, after in zip(at, [*at, ""][1:], strict=True):
            person = self._people.get(f"{word} {after}") or self._people.get(word)
            if person:
                found.append(person)
        return list(dict.fromkeys(found))

    def resolve(self, line: str, labels: Labels) -> str:
        """Return a line with a label, or else a name, where `ref` named somebody or a place."""
        return _REFERENCE.sub(lambda found: labels.label(found[1]) or self.name(found[1]), line)

    def spell(self, text: str, labels: Labels) -> str:
        """Return a text with full names in the place of labels of people and places."""
        return _LABEL.sub(lambda found: self.name(labels.of(found[0])) or found[0], text)

    def name(self, identifier: str) -> str:
        """Return the name of an agent or a place as one field; the id itself when nobody knows it."""
        if identifier in self.cast.agents:
            return cell(self.cast.name(identifier))
        spot = self.cast.places.get(identifier)
        return identifier if spot is None else cell(spot.name)


def who_line(persona: Persona) -> str:
    """Return the lines that say who is asked."""
    return (
        f"you: {cell(persona.name)}\nage: {persona.age}\njob: {cell(persona.job)}\n"
        f"manner: {cell(persona.manner)}\nlikes: {_likes(persona)}"
    )


def _likes(persona: Persona) -> str:
    # No like ends its field: what follows a semicolon would pass for the next one, with a label of its own.
    return "; ".join(f"l{number} {cell(like).replace(';', ',')}" for number, like in enumerate(persona.likes, 1))


def label_likes(labels: Labels, persona: Persona) -> None:
    """Give out the labels that `who_line` names."""
    for number, like in enumerate(persona.likes, 1):
        labels.add("l", f"like {number}", cell(like))


def person_line(labels: Labels, guide: Guide, other: str, doing: str, *facts: str) -> str:
    """Return the line of a person."""
    known = guide.cast.person(other)
    more = ", ".join(fact for fact in facts if fact)
    label = labels.add("e", other, cell(known.name).partition(" ")[0])
    return f"{label} {cell(known.job)} | {doing} | {more} | {cell(known.name)}"


def shown_people(seen: Observation, first: str = "") -> Sequence[Person]:
    """Return the people in view that a prompt shows: `first`, then the nearest."""
    ordered = sorted(seen.people, key=lambda person: (person.agent != first, person.distance))
    return ordered[:PEOPLE]


def thing_lines(labels: Labels, seen: Observation) -> list[str]:
    """Return lines of what is carried and what lies here, one of each look."""
    lines: list[str] = []
    looks: set[tuple[str, str, str]] = set()
    for thing, where in _things(seen):
        look = (thing.thing, thing.name, where)
        if look in looks:
            continue
        looks.add(look)
        sort = "food" if thing.thing in FOOD else "made" if thing.artifact else "tool"
        label = labels.add("i", thing.item, cell(thing.name))
        lines.append(f"{label} {cell(thing.thing)} | {sort} | {where} | {cell(thing.name)}")
        if len(lines) == THINGS:
            break
    return lines


def _things(seen: Observation) -> Iterable[tuple[Thing, str]]:
    """Give what one may need first: food, then what one carries, the newest of it first, then what else is here."""
    carried = [(thing, "carried") for thing in seen.carried]
    here = [(thing, "here") for thing in seen.things if not thing.holder]
    made = [each for each in reversed(carried) if each[0].thing not in FOOD]
    yield from (each for each in (*carried, *here) if each[0].thing in FOOD)
    yield from (*made, *(each for each in here if each[0].thing not in FOOD))


def place_lines(
    labels: Labels, guide: Guide, persona: Persona, here: str, also: Iterable[str], common: Iterable[str]
) -> list[str]:
    """Return lines of the places that somebody thinks of: home, work, here, those in `also`, and `common` ones."""
    home, work = persona.home, persona.work
    lines = []
    for place in list(dict.fromkeys((home, work, here, *also, *common)))[:PLACES]:
        if place:
            facts = ""
            if place in (home, work, here):
                named = (("home", home), ("work", work), ("here", here))
                facts = ", ".join([word for word, which in named if place == which])
            kind, name = guide.spot(place)
            lines.append(f"{labels.add('p', place, name)} {kind} | {facts} | {name}")
    return lines


def memory_line(labels: Labels, memory: Memory, note: str = "") -> str:
    """Return the line of a memory: whom and what it is about by the labels given out so far, then a note on it."""
    about = " ".join(sorted((label for each in memory.about if (label := labels.label(each))), key=_by_letter))
    head = f"{labels.add('m', memory.id)} {memory.kind} | {weight(memory.importance)} | {clock_text(memory.time)}"
    # The stream has made one clean line of it already.
    return f"{head} | {about} | {note} | {memory.text.replace('|', '/')}"


def _by_letter(label: str) -> tuple[str, int]:
    return label[0], int(label[1:])


def new_to(labels: Labels, listeners: Sequence[str]) -> str:
    """Return the note on a memory that these people have not heard from the agent."""
    return f"new to {' '.join(labels.label(other) for other in listeners)}" if listeners else ""
