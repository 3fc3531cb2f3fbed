"""Who lives with whom: families with ages and a home each, until everybody has one. Names and jobs come later."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .jobs import WORKING_AGE
from .names import draw, pick

MANY = 40
"""A cast of at least so many has children."""

_SIZES = (1, 1, 2, 2, 2, 3, 3, 4, 4, 5)
"""Household sizes, each as likely as it stands here."""


class Member(NamedTuple):
    """One of a household: its age in years."""

    household: int
    home: str
    age: int


def _ages(seed: int, household: int, size: int, children: bool) -> list[int]:
    """Return the ages of a household: one or two elders of it first, then their children, then a grandparent."""
    elder = 20 + draw(seed, 51, "elder", household) if size == 1 else 24 + draw(seed, 35, "elder", household)
    ages = [elder]
    if size > 1:
        ages.append(max(20, elder - 6 + draw(seed, 13, "partner", household)))
    youngest, oldest = (2 if children else WORKING_AGE), max(ages[-1], elder) - 20
    for number in range(2, size):
        if oldest >= youngest:
            ages.append(youngest + draw(seed, min(oldest - youngest, 26) + 1, "young", household, number))
        elif number == size - 1:
            ages.append(min(84, elder + 22 + draw(seed, 10, "grandparent", household)))
        else:
            ages.append(16 + draw(seed, 12, "sibling", household, number))
    return ages


def make_households(seed: int, count: int, homes: Sequence[str]) -> list[Member]:
    """Return `count` people in households, families together; homes fill in order, then are shared by families."""
    members: list[Member] = []
    household = 0
    while len(members) < count:
        size = min(pick(seed, _SIZES, "size", household), count - len(members))
        home = homes[household % len(homes)]
        members += [Member(household, home, age) for age in _ages(seed, household, size, count >= MANY)]
        household += 1
    return members
