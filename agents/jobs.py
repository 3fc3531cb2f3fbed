"""What people do for a living, where, and how many of each a village has. A table; what work does is the world's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from worldloom.worlds.chance import below
from worldloom.worlds.settlement import Settlement

from .errors import CastError


class Job(NamedTuple):
    """A living: the kinds of place it is done at, how many of a hundred further hands choose it, from which age."""

    name: str
    kinds: tuple[str, ...]
    share: int
    youngest: int = 14


JOBS = (
    Job("fisher", ("boathouse", "harbour"), 26),
    Job("baker", ("bakery",), 6, 16),
    Job("innkeeper", ("inn",), 6, 20),
    Job("smith", ("smithy",), 5, 18),
    Job("trader", ("market_hall", "square"), 8, 18),
    Job("netmaker", ("net_loft",), 8),
    Job("priest", ("chapel",), 1, 28),
    Job("carpenter", ("workshop",), 6, 16),
    Job("farmer", ("field",), 14),
    Job("healer", ("healer",), 3, 24),
    Job("teacher", ("school",), 2, 21),
    Job("fish smoker", ("smokehouse",), 5, 16),
    Job("miller", ("granary",), 4, 18),
    Job("shepherd", ("lookout", "field"), 6),
)
"""Every job of grown people, in the order in which a village fills them."""

CHILD = "child"
"""What somebody below WORKING_AGE does: school where there is one, else home."""

WORKING_AGE = 14
_NOBODY: Mapping[int, str] = {}


def youngest_of(name: str) -> int:
    """Return from which age somebody takes up a job; 0 for the name of none."""
    return next((job.youngest for job in JOBS if job.name == name), 0)


class Workplaces:
    """The workplaces of a settlement. Every job gets somebody first; further hands choose by share and spread out."""

    def __init__(self, settlement: Settlement) -> None:
        by_kind: dict[str, list[str]] = {}
        for place in settlement.places:
            by_kind.setdefault(place.kind, []).append(place.id)
        self._at = {job.name: [place for kind in job.kinds for place in by_kind.get(kind, [])] for job in JOBS}
        self._open = [job for job in JOBS if self._at[job.name]]
        self._schools = by_kind.get("school", [])
        self._village = settlement.name
        if not self._open:
            raise CastError(f"{settlement.name} has no place to work at; its places are {', '.join(sorted(by_kind))}")

    def livings(
        self, seed: int, ages: Sequence[int], homes: Sequence[str], chosen: Mapping[int, str] = _NOBODY
    ) -> list[tuple[str, str]]:
        """Return (job, place) for everybody, given their ages in years and where they live.

        `chosen` are jobs by number of those who have one already. Raises CastError for one that is done nowhere here.
        """
        jobs = self._first_hands(ages, chosen) | {number: self._called(name) for number, name in chosen.items()}
        rolls = below(seed, "jobs", sum(job.share for job in self._open), np.arange(len(ages))).tolist()
        hands: dict[str, int] = {}
        result = []
        for number, (age, home) in enumerate(zip(ages, homes, strict=True)):
            grown = age >= WORKING_AGE
            job = (jobs.get(number) or self._by_share(rolls[number], age)).name if grown else CHILD
            places = self._at[job] if grown else self._schools or [home]
            turn = hands.get(job, 0)
            hands[job] = turn + 1
            result.append((job, places[turn % len(places)]))
        return result

    def _called(self, name: str) -> Job:
        for job in self._open:
            if job.name == name:
                return job
        there = ", ".join(job.name for job in self._open)
        raise CastError(f"nobody can be a {name} in {self._village}: it has no place for it. There are: {there}")

    def _first_hands(self, ages: Sequence[int], chosen: Mapping[int, str]) -> dict[int, Job]:
        """Return one job each for the first grown people: those old enough for it go before those who are not."""
        free = [number for number, age in enumerate(ages) if age >= WORKING_AGE and number not in chosen]
        free = free[: 8 * len(self._open)]
        lacking = [job for job in self._open if job.name not in chosen.values()]
        jobs = {}
        for job in lacking[: len(free)]:
            number = next((number for number in free if ages[number] >= job.youngest), free[0])
            free.remove(number)
            jobs[number] = job
        return jobs

    def _by_share(self, roll: int, age: int) -> Job:
        for job in self._open:
            roll -= job.share
            if roll < 0 and age >= job.youngest:
                return job
        return self._open[0]
