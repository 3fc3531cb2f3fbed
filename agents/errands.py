"""What somebody means to do besides the plan: hand something over, put it up, go and eat. How, not whether."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from worldloom.worlds.clock import DAY, HOUR, MINUTE, time_of_day
from worldloom.worlds.observation import Observation, Thing
from worldloom.worlds.vocabulary import PUT_UP

from .cast import Cast
from .errors import MindStateError
from .plan import SATED, Wish, eat_here
from .view import NEAR_MM

MOST = 8
"""Errands that somebody keeps in mind; the oldest goes first."""

TRIES = 3
"""Places where somebody is looked for in a day."""

LONGEST = 3 * DAY
"""Seconds after which an errand is given up."""

_OPEN, _CLOSE = 7 * HOUR, 21 * HOUR


@dataclass(frozen=True, slots=True)
class Errand:
    """`do` is `give` (to an agent), `put up`, `sing`, `eat` or `go` (at a place); `cause` is the decision behind it.

    `title` is the name of the made thing that it is about. Begun at `since`; nothing is done for it before `rests`.
    """

    do: str
    cause: str
    since: int
    place: str = ""
    to: str = ""
    title: str = ""
    tries: int = 0
    rests: int = 0

    def state(self) -> list[Any]:
        """Return the errand as a JSON value."""
        return [self.do, self.cause, self.since, self.place, self.to, self.title, self.tries, self.rests]


def read_errands(state: list[Any]) -> list[Errand]:
    """Read errands from their states; raises MindStateError."""
    try:
        return [Errand(*each) for each in state]
    except TypeError as error:
        raise MindStateError(f"not an errand: {error}") from error


def hands_on(errand: Errand, seen: Observation) -> Thing | None:
    """Return the made thing that an errand is about, if the agent carries it."""
    return next((thing for thing in seen.carried if thing.artifact and thing.name == errand.title), None)


def next_of(errands: list[Errand], seen: Observation, cast: Cast) -> tuple[Wish, str] | None:
    """Return (what an errand asks for now, its cause), first things first; None when none does. Updates the list."""
    for errand in list(errands):
        wish, left = _advance(errand, seen, cast)
        if left is None:
            errands.remove(errand)
        elif left is not errand:
            errands[errands.index(errand)] = left
        if wish is not None:
            return wish, errand.cause
    return None


def _advance(errand: Errand, seen: Observation, cast: Cast) -> tuple[Wish | None, Errand | None]:
    """Return (what to do now or None, the errand as it is left or None when it is over)."""
    if errand.do == "eat":
        return _eat(errand, seen)
    if errand.do == "go":
        return (None, None) if seen.place == errand.place else (Wish("move", {"to": errand.place}), errand)
    return _deliver(errand, seen, cast)


def _deliver(errand: Errand, seen: Observation, cast: Cast) -> tuple[Wish | None, Errand | None]:
    """Bring what was made to where it belongs; over when it is not in the agent's hands, or after some days."""
    thing = hands_on(errand, seen)
    if thing is None or seen.time - errand.since > LONGEST:
        return None, None
    if errand.do == "give" and _in_reach(errand.to, seen):
        return Wish("give", {"item": thing.item, "to": errand.to}), None
    if seen.time < errand.rests or not _OPEN <= time_of_day(seen.time) < _CLOSE:
        return None, errand
    if errand.do in ("put up", "sing"):
        return _put_up(errand, seen, thing)
    return _seek(errand, seen, cast)


def _in_reach(agent: str, seen: Observation) -> bool:
    return any(
        person.agent == agent and person.distance <= NEAR_MM and person.doing != "sleeping" for person in seen.people
    )


def _eat(errand: Errand, seen: Observation) -> tuple[Wish | None, Errand | None]:
    if seen.hunger < SATED:
        return None, None
    if seen.place == errand.place:
        wish = eat_here(seen)
        return (wish, errand) if wish is not None else (None, None)
    return Wish("move", {"to": errand.place}), errand


def _put_up(errand: Errand, seen: Observation, thing: Thing) -> tuple[Wish | None, Errand | None]:
    if seen.place != errand.place:
        return Wish("move", {"to": errand.place}), errand
    return Wish("use", {"item": thing.item}), None


def _seek(errand: Errand, seen: Observation, cast: Cast) -> tuple[Wish | None, Errand | None]:
    """Look for the person where one works by day and at home else, alternating; after some tries wait for tomorrow."""
    if errand.tries >= TRIES:
        morning = seen.time - time_of_day(seen.time) + DAY + 9 * HOUR
        return None, replace(errand, tries=0, rests=morning)
    person = cast.person(errand.to)
    at_work = 8 * HOUR <= time_of_day(seen.time) < 17 * HOUR
    where = person.work if at_work == (errand.tries % 2 == 0) else person.home
    if seen.place != where:
        return Wish("move", {"to": where}), errand
    # Not here: ask again in a while, elsewhere.
    return None, replace(errand, tries=errand.tries + 1, rests=seen.time + 30 * MINUTE)


def put_away(errands: list[Errand], seen: Observation, home: str, cause: str) -> None:
    """Mean to put up at home what one carries and has nothing else in mind for."""
    meant = {errand.title for errand in errands}
    for thing in seen.carried:
        if thing.artifact and thing.thing in PUT_UP and thing.name not in meant and len(errands) < MOST:
            add(errands, Errand("put up", cause, seen.time, place=home, title=thing.name))


def add(errands: list[Errand], errand: Errand) -> None:
    """Keep an errand in mind; what must be done at once (eat, go) comes before the others."""
    if errand.do in ("eat", "go"):
        errands[:] = [each for each in errands if each.do not in ("eat", "go")]
        errands.insert(0, errand)
    else:
        errands.append(errand)
    while len(errands) > MOST:
        errands.pop(0)
