"""What people do for a living, where, and how many of each a village has. A table; what work does is the world's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from worldloom.worlds.settlement import Settlement

from .errors import CastError
from .names import draw


class Job(NamedTuple):
    """A living: the kinds of place it is done at, and how many of a hundred further hands choose it."""

    name: str
    kinds: tuple[str, ...]
    share: int


JOBS = (
    Job("fisher", ("boathouse", "harbour"), 26),
    Job("baker", ("bakery",), 6),
    Job("innkeeper", ("inn",), 6),
    Job("smith", ("smithy",), 5),
    Job("trader", ("market_hall", "square"), 8),
    Job("netmaker", ("net_loft",), 8),
    Job("priest", ("chapel",), 1),
    Job("carpenter", ("workshop",), 6),
    Job("farmer", ("field",), 14),
    Job("healer", ("healer",), 3),
    Job("teacher", ("school",), 2),
    Job("fish smoker", ("smokehouse",), 5),
    Job("miller", ("granary",), 4),
    Job("shepherd", ("lookout", "field"), 6),
)
"""Every job of grown people, in the order in which a village fills them."""

CHILD = "child"
"""What somebody below WORKING_AGE does: school where there is one, else home."""

WORKING_AGE = 14


class Workplaces:
    """Hands out workplaces of a settlement: first one to each job, then by share; hands of one job spread out."""

    def __init__(self, seed: int, settlement: Settlement) -> None:
        self._seed = seed
        by_kind: dict[str, list[str]] = {}
        for place in settlement.places:
            by_kind.setdefault(place.kind, []).append(place.id)
        self._at = {job.name: [place for kind in job.kinds for place in by_kind.get(kind, [])] for job in JOBS}
        self._open = [job for job in JOBS if self._at[job.name]]
        self._schools = by_kind.get("school", [])
        self._hands: dict[str, int] = {}
        if not self._open:
            raise CastError(f"{settlement.name} has no place to work at; its places are {', '.join(sorted(by_kind))}")

    def _spread(self, what: str, places: Sequence[str]) -> str:
        number = self._hands.get(what, 0)
        self._hands[what] = number + 1
        return places[number % len(places)]

    def next(self, number: int) -> tuple[str, str]:
        """Return (job, place) for grown hand `number`, counted from 0."""
        job = self._open[number] if number < len(self._open) else self._by_share(number)
        return job.name, self._spread(job.name, self._at[job.name])

    def _by_share(self, number: int) -> Job:
        at = draw(self._seed, sum(job.share for job in self._open), "job", number)
        for job in self._open:
            at -= job.share
            if at < 0:
                return job
        raise AssertionError("shares add up")

    def child(self, home: str) -> tuple[str, str]:
        """Return (job, place) for a child that lives at `home`."""
        return CHILD, self._spread(CHILD, self._schools) if self._schools else home
