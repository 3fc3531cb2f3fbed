"""Whether the parts of a picture are drawn as the source draws them: the source's own parts, kept for comparison."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .program import Clip, Group, Item, Name, Prim, Program
from .source import draw_picture
from .vocabulary import SLOTS

_SEED = 77_000_001
"""Seed of the reference pictures; neither training nor evaluation uses it."""
_PICTURES = {"portrait": 3_600, "sign": 500, "emblem": 900, "ornament": 160}
_FAMILIES = ("skin", "hair.", "eye.", "back.")
NEAR, FAR = 1.0, 6
"""A part is whole if one of the source's differs from it by no more places, in the mean and anywhere."""

Key = tuple[str, tuple[tuple[str, str], ...]]


class Part(NamedTuple):
    """What stands between one name and the next: operations, families of paint, all numbers."""

    name: str
    shapes: tuple[tuple[str, str], ...]
    numbers: tuple[int, ...]

    @property
    def key(self) -> Key:
        """What must be equal for two parts to be comparable."""
        return self.name, self.shapes


def parts(program: Program) -> list[Part]:
    """Return a picture's parts in order; what stands before the first name is a part without one."""
    found: list[Part] = []
    name, shapes, numbers = "", [], []  # type: tuple[str, list[tuple[str, str]], list[int]]
    for word, paint, more in _marks(program.items):
        if word is None:
            if shapes:
                found.append(Part(name, tuple(shapes), tuple(numbers)))
            name, shapes, numbers = paint, [], []
        else:
            shapes.append((word, paint))
            numbers += more
    return [*found, Part(name, tuple(shapes), tuple(numbers))] if shapes else found


def broken(program: Program) -> str:
    """Return the name of the first part that the source would not draw so, or nothing."""
    known = _references(program.domain)
    for part in parts(program):
        rows = known.get(part.key)
        if rows is None:
            return part.name or "beginning"
        apart = np.abs(rows - np.array(part.numbers, np.int16))
        if not ((apart.mean(1) <= NEAR) & (apart.max(1) <= FAR)).any():
            return part.name or "beginning"
    return ""


def prepare() -> None:
    """Draw the reference pictures of all domains now: about two seconds, once a process."""
    for domain in SLOTS:
        _references(domain)


def _marks(items: tuple[Item, ...]) -> Iterator[tuple[str | None, str, tuple[int, ...]]]:
    """Yield (operation, family, numbers) of shapes and (None, name, ()) of names, groups and clips as operations."""
    for item in items:
        if isinstance(item, Name):
            yield None, item.word, ()
        elif isinstance(item, Prim):
            yield item.op, _family(item.paint), item.numbers
        elif isinstance(item, Group):
            yield item.op, "", item.places
            yield from _marks(item.items)
        elif isinstance(item, Clip):
            yield "K", "", ()
            yield from _marks(item.items)


def _family(paint: str) -> str:
    return next((family for family in _FAMILIES if paint.startswith(family)), "")


@cache
def _references(domain: str) -> dict[Key, npt.NDArray[np.int16]]:
    rows: dict[Key, set[tuple[int, ...]]] = defaultdict(set)
    for number in range(_PICTURES[domain]):
        program, _ = draw_picture(domain, _SEED, number, held_out=number % 5 == 0)
        for part in parts(program):
            rows[part.key].add(part.numbers)
    return {key: np.array(sorted(found), np.int16) for key, found in rows.items()}
