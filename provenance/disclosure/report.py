"""The disclosure report of one run: things with the same maker and the same marks in one group, and duties over all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from worldloom.provenance.folder import SEAL, read_run
from worldloom.provenance.storage import LocalDisk, Storage

from .laws import DUTIES, LAWS, Answer, Duty, Law
from .marks import Maker, Marked, Marks, marked_in


@dataclass(frozen=True)
class Group:
    """Things of one family by one maker with the same marks, and what is found of each duty that speaks of them."""

    family: str
    maker: Maker
    marks: Marks
    things: tuple[Marked, ...]
    answers: tuple[tuple[Duty, Answer], ...]


@dataclass(frozen=True)
class Disclosure:
    """The report: the run, the day on which it was made, its groups (largest first), the laws that were read."""

    run: str
    run_id: str
    day: date
    sealed: bool
    groups: tuple[Group, ...]
    laws: tuple[Law, ...] = LAWS

    @property
    def things(self) -> int:
        """How many artifacts and exports it tells of."""
        return sum(len(group.things) for group in self.groups)

    @property
    def by_model(self) -> int:
        """How many of them a trained model made."""
        return sum(len(group.things) for group in self.groups if group.maker.trained)


def disclose(folder: Path, day: date, anchors: Sequence[bytes] = ()) -> Disclosure:
    """Return the report of a run folder; `day` is printed as the day of the report.

    Raises as `folder.read_run` and LogReader do for what is no run that can be read.
    """
    storage = Storage(LocalDisk(folder))
    run_id = read_run(storage).run_id
    groups = grouped(list(marked_in(storage, anchors)))
    return Disclosure(str(folder), run_id, day, storage.exists(SEAL), groups)


def grouped(things: Sequence[Marked]) -> tuple[Group, ...]:
    """Put together what has the same family, maker and marks."""
    found: dict[tuple[str, Maker, Marks], list[Marked]] = {}
    for thing in things:
        found.setdefault((thing.family, thing.maker, thing.marks), []).append(thing)
    groups = [Group(*key, tuple(listed), _answers(listed[0])) for key, listed in found.items()]
    return tuple(sorted(groups, key=lambda group: (not group.maker.trained, -len(group.things), group.things[0].index)))


def _answers(thing: Marked) -> tuple[tuple[Duty, Answer], ...]:
    return tuple((duty, duty.found(thing)) for duty in DUTIES if duty.applies(thing))
