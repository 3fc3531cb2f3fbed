"""Who answers for a kind, and from when on: names of a run's generators. Asks nobody, knows no runtime.

A run has one generator a kind, named after it. A fork may change one: `text@43200` answers for text from 43,200 s on,
and `text` stands for what answered before. The latest name whose time has come is in charge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from worldloom.generators.ports import Generator
from worldloom.generators.requests import Answer, Request
from worldloom.provenance.identities import read_identity
from worldloom.provenance.parent import Parent
from worldloom.provenance.recipe import Identity

from .errors import DivergedError

_SINCE = "@"


def name_from(kind: str, time: int) -> str:
    """Return the name of a kind's generator that answers from a time on (simulated seconds)."""
    return f"{kind}{_SINCE}{time}"


def kind_of(name: str) -> str:
    """Return the kind of a generator's name."""
    return name.partition(_SINCE)[0]


def since(name: str) -> int:
    """Return the time from which a name is in charge; -1: from the beginning."""
    _, mark, digits = name.partition(_SINCE)
    return int(digits) if mark else -1


def name_at(names: Iterable[str], kind: str, time: int) -> str:
    """Return the name in charge of a kind at a time; the kind itself where no name is of that kind."""
    return max((name for name in names if kind_of(name) == kind and since(name) <= time), key=since, default=kind)


def last_names(names: Iterable[str]) -> dict[str, str]:
    """Return the last name of each kind: those whose generators are asked; all others only have a past."""
    last: dict[str, str] = {}
    for name in sorted(names, key=since):
        last[kind_of(name)] = name
    return last


def named(live: Mapping[str, Identity], parent: Parent | None) -> dict[str, Identity]:
    """Return identities by name for those that answer now, by kind: in a fork, also those that answered before it.

    A kind keeps its name where the same generator goes on. Raises FormatError for a parent that names no identities.
    """
    if parent is None:
        return dict(live)
    told = parent.scenario.get("generators", {})
    names = {name: read_identity(identity) for name, identity in told.items() if since(name) < parent.time}
    for kind, identity in sorted(live.items()):
        name = name_at(names, kind, parent.time)
        if name not in names or names[name].content() != identity.content():
            names[name_from(kind, parent.time)] = identity
    return names


class Since:
    """A generator that answers from a time on; requests of before go to another one."""

    def __init__(self, time: int, before: Generator, generator: Generator) -> None:
        self._time = time
        self._before = before
        self._generator = generator

    @property
    def identity(self) -> Identity:
        """Who answers from the time on."""
        return self._generator.identity

    def generate(self, requests: Sequence[Request]) -> list[Answer]:
        """Answer in order; the requests of a call are all of one step, so one of the two gives all answers."""
        early = [request for request in requests if request.time < self._time]
        late = [request for request in requests if request.time >= self._time]
        answers = dict(zip((each.digest for each in early), self._before.generate(early) if early else (), strict=True))
        answers |= zip((each.digest for each in late), self._generator.generate(late) if late else (), strict=True)
        return [answers[request.digest] for request in requests]


class Gone:
    """What answered in a past that others recorded: it cannot be asked again, so asking it is an error."""

    def __init__(self, identity: Identity) -> None:
        self.identity = identity

    def generate(self, requests: Sequence[Request]) -> list[Answer]:
        """Raise DivergedError: every request of a shared past has its answer in answers/."""
        request = requests[0]
        raise DivergedError(
            f"no answer is recorded for {request.kind} request {request.digest[:16]}… ({request.purpose} of "
            f"{request.agent} at {request.time} s), which the shared past must hold: it was erased, or this Worldloom "
            "asks something else than the one that made the run. Fork with the version that made it"
        )


def in_charge(
    names: Mapping[str, Identity],
    parent: Parent | None,
    past: Callable[[Identity], Generator],
    live: Callable[[str, Identity], Generator],
) -> dict[str, Generator]:
    """Return generators by name: `live(kind, identity)` for the last of each kind, `past(identity)` before a fork."""
    last = set(last_names(names).values())
    makers: dict[str, Generator] = {}
    for name, identity in names.items():
        if name not in last:
            makers[name] = past(identity)
        elif parent is None:
            makers[name] = live(name, identity)
        else:
            makers[name] = Since(parent.time, past(identity), live(kind_of(name), identity))
    return makers
