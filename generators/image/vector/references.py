"""What the source's own parts look like, and which of them a part of a picture matches. Knows no attribute."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .palette import ROLES
from .program import Clip, Group, Item, Part, Prim, Program
from .source import draw_picture
from .vocabulary import SLOTS

_SEED = 77_000_001
"""Seed of the reference pictures; neither training nor evaluation uses it."""
_PICTURES = {"portrait": 3_000, "sign": 500, "emblem": 3_600, "ornament": 160}
NEAR, FAR = 1.0, 6
"""A part matches one of the source's if it differs by no more places, in the mean and anywhere."""
VARIANTS: dict[str, dict[str, tuple[str, ...]]] = {
    "portrait": {
        "scene": ("scene",),
        "mane": ("style",),
        "garb": ("garb",),
        "collar": ("garb",),
        "traces": ("age",),
        "whiskers": ("beard",),
        "mouth": ("mood",),
        "eyes": ("mood",),
        "brows": ("mood",),
        "locks": ("style",),
        "hat": ("hat",),
        "tools": ("job",),
    },
    "sign": {"bracket": ("bracket",), "board": ("board", "parting"), "charge": ("charge", "lettering")},
    "emblem": {"rim": ("shield", "division"), "charge": ("charge", "layout")},
    "ornament": {"ornament": ("kind",)},
}
"""Domain -> part -> the words that its shapes tell."""

Variant = tuple[str, ...]
Signature = tuple[str, tuple[tuple[str, str], ...]]


class Outlook(NamedTuple):
    """A part's name, operations and roles of paint (what must be equal to be compared), and all its numbers."""

    signature: Signature
    numbers: tuple[int, ...]


def outlook(part: Part) -> Outlook:
    """Return what of a part is compared."""
    shapes: list[tuple[str, str]] = []
    numbers: list[int] = []
    for item in part.items:
        prims = _opened(item, shapes, numbers)
        for prim in prims:
            shapes.append((prim.op, prim.paint if prim.paint.partition(".")[0] in ROLES else ""))
            numbers += prim.numbers
    return Outlook((part.name, tuple(shapes)), tuple(numbers))


def matches(domain: str, part: Part) -> frozenset[Variant]:
    """Return the variants of the source's parts that a part looks like; none if it is drawn like no part of that name.

    A part that has no variants (a neck, a nose) matches the empty one.
    """
    signature, numbers = outlook(part)
    found = set()
    for variant, rows in _references(domain).get(signature, {}).items():
        apart = np.abs(rows - np.array(numbers, np.int16))
        if ((apart.mean(1) <= NEAR) & (apart.max(1) <= FAR)).any():
            found.add(variant)
    return frozenset(found)


def said(program: Program, part: Part) -> Variant:
    """Return the variant that a part should be by its picture's words."""
    words = program.words
    return tuple(words[slot] for slot in VARIANTS[program.domain].get(part.name, ()))


def broken(program: Program) -> str:
    """Return the name of the first part that the source would not draw so for these words, or nothing."""
    for part in program.parts:
        if said(program, part) not in matches(program.domain, part):
            return part.name
    return ""


def prepare() -> None:
    """Draw the reference pictures of all domains now: a second or two, once a process."""
    for domain in SLOTS:
        _references(domain)


def _opened(item: Item, shapes: list[tuple[str, str]], numbers: list[int]) -> tuple[Prim, ...]:
    """Note a group's or clip's opening as an operation, and return the shapes."""
    if isinstance(item, Prim):
        return (item,)
    if isinstance(item, Group):
        shapes.append((item.op, ""))
        numbers += item.places
    elif isinstance(item, Clip):
        shapes.append(("K", ""))
    return item.items


@cache
def _references(domain: str) -> dict[Signature, dict[Variant, npt.NDArray[np.int16]]]:
    rows: dict[Signature, dict[Variant, set[tuple[int, ...]]]] = defaultdict(lambda: defaultdict(set))
    for number in range(_PICTURES[domain]):
        program, _ = draw_picture(domain, _SEED, number, held_out=number % 5 == 0)
        for part in program.parts:
            signature, numbers = outlook(part)
            rows[signature][said(program, part)].add(numbers)
    return {
        signature: {variant: np.array(sorted(found), np.int16) for variant, found in variants.items()}
        for signature, variants in rows.items()
    }
