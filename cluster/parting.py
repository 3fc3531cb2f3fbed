"""Where the logs of two runs part, and how the runs descend from each other. Counts nothing.

Logs of forks differ in every digest that descends from their scenarios; content is therefore compared as one log would
tell it with the other's digests (`provenance.retold`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from worldloom.provenance.events_block import EventBlock
from worldloom.provenance.parent import Parent
from worldloom.provenance.retold import Body, Retelling, content_digest, what_it_is

from .finished import FinishedRun


class Parting(NamedTuple):
    """The first content in which two runs differ: its number, simulated seconds, what each has, which fields differ.

    `entries` are its log indices (-1: that run has no such content any more).
    """

    number: int
    time: int
    here: str
    there: str
    fields: tuple[str, ...]
    entries: tuple[int, int]


def find_parting(first: FinishedRun, second: FinishedRun) -> Parting | None:
    """Return the first content after the scenario that differs but for digests of what differs; None: none does."""
    retelling = Retelling()
    for number in range(max(len(first.logged), len(second.logged))):
        if number >= min(len(first.logged), len(second.logged)):
            return _one_ended(first, second, number)
        bodies = [run.log.content(run.indices[number]) for run in (first, second)]
        here, there = first.logged[number], second.logged[number]
        if first.logged[0] != second.logged[0]:
            _take_states(retelling, *bodies)
        told: Body | None = bodies[0] if number == 0 or bodies[0] is None else retelling.body(bodies[0])
        digest = here.digest if told is None else content_digest(told)
        if number and (here.kind, here.time, digest) != there:
            names = (what_it_is(here.kind, bodies[0]), what_it_is(there.kind, bodies[1]))
            entries = (first.indices[number], second.indices[number])
            return Parting(number, min(here.time, there.time), *names, _fields(told, bodies[1]), entries)
        if None not in bodies:
            retelling.learn(bodies[0], bodies[1])
    return None


def _take_states(retelling: Retelling, one: Any, two: Any) -> None:
    """Take the states that exports and the end name for the same.

    A state holds artifacts by digests that descend from the scenario, so its own digest differs where scenarios do.
    What it is otherwise follows from the events before it, which were found to be the same.
    """
    if (
        isinstance(one, Mapping)
        and isinstance(two, Mapping)
        and {one.get("type"), two.get("type")} <= {"export", "end"}
    ):
        retelling.same(str(one.get("state")), str(two.get("state")))


def relation(first: FinishedRun, second: FinishedRun) -> str:
    """Say how two runs descend from each other, as far as their logs bear it out."""
    if first.run_id == second.run_id:
        return "both are the same run"
    for run, fork, words in (
        (first, second, "the second is a fork of the first"),
        (second, first, "the first is a fork of the second"),
    ):
        parent = fork.parent
        if parent is not None and parent.origin == run.origin:
            return words + (
                f", from {parent.time} s on" if _holds(run, parent) else ", but not of what its log holds now"
            )
    parents = first.parent, second.parent
    if parents[0] is not None and parents[1] is not None and parents[0].origin == parents[1].origin:
        return f"both are forks of {parents[0].run}"
    return "neither is a fork of the other"


def _holds(run: FinishedRun, parent: Parent) -> bool:
    """Whether a run's log begins with the content that a fork names."""
    count = parent.content_count
    return count <= run.log.content_count and run.log.content_tree.root(count).hex() == parent.content_root


def _one_ended(first: FinishedRun, second: FinishedRun, number: int) -> Parting:
    ends = len(first.logged) <= number, len(second.logged) <= number
    longer = second if ends[0] else first
    body = longer.log.content(longer.indices[number])
    words = what_it_is(longer.logged[number].kind, body)
    names = ("nothing", words) if ends[0] else (words, "nothing")
    entries = (-1, longer.indices[number]) if ends[0] else (longer.indices[number], -1)
    return Parting(number, longer.logged[number].time, *names, (), entries)


def _fields(one: Any, two: Any) -> tuple[str, ...]:
    """Return the names of what differs between two bodies."""
    if isinstance(one, EventBlock) and isinstance(two, EventBlock):
        rows = [row for row, (left, right) in enumerate(zip(one.rows, two.rows, strict=False)) if left != right]
        return (f"row {rows[0]}" if rows else "number of rows",)
    if isinstance(one, Mapping) and isinstance(two, Mapping):
        return tuple(name for name, _ in differing(one, two))
    return ("kind",)


def differing(one: Any, two: Any, prefix: str = "") -> Iterator[tuple[str, tuple[Any, Any]]]:
    """Yield the dotted name of every field in which two maps differ, with both values."""
    for name in dict.fromkeys([*one, *two]):
        left, right = one.get(name), two.get(name)
        if isinstance(left, Mapping) and isinstance(right, Mapping):
            yield from differing(left, right, f"{prefix}{name}.")
        elif left != right:
            yield prefix + name, (left, right)
