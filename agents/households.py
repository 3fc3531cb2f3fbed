"""Who lives with whom: families with ages and a home each, until everybody has one. Names and jobs come later."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from worldloom.worlds.chance import below

from .jobs import WORKING_AGE

MANY = 40
"""A cast of at least so many has children."""

_SIZES = (1, 1, 2, 2, 2, 3, 3, 4, 4, 5)
"""Household sizes, each as likely as it stands here."""


class Member(NamedTuple):
    """One of a household: its age in years."""

    household: int
    home: str
    age: int


def _ages(size: int, rolls: Sequence[int], children: bool) -> list[int]:
    """Return the ages of a household: one or two elders of it first, then their children, then a grandparent."""
    elder = 20 + rolls[0] % 51 if size == 1 else 24 + rolls[0] % 35
    ages = [elder]
    if size > 1:
        ages.append(max(20, elder - 6 + rolls[1] % 13))
    youngest, oldest = (2 if children else WORKING_AGE), min(ages) - 20
    for number in range(2, size):
        if oldest >= youngest:
            ages.append(youngest + rolls[number] % (min(oldest - youngest, 26) + 1))
        elif number == size - 1:
            ages.append(min(84, elder + 22 + rolls[number] % 10))
        else:
            ages.append(16 + rolls[number] % 12)
    return ages


def make_households(seed: int, count: int, homes: Sequence[str]) -> list[Member]:
    """Return `count` people in households, families together; homes fill in order, then are shared by families."""
    sizes = below(seed, "household size", len(_SIZES), np.arange(count)).tolist()
    rolls = below(seed, "household ages", 1 << 24, np.arange(count)[:, None], np.arange(max(_SIZES))).tolist()
    members: list[Member] = []
    household = 0
    while len(members) < count:
        size = min(_SIZES[sizes[household]], count - len(members))
        home = homes[household % len(homes)]
        members += [Member(household, home, age) for age in _ages(size, rolls[household], count >= MANY)]
        household += 1
    return members


def move_together(members: Sequence[Member], words: Sequence[str], homes: Sequence[str]) -> list[Member]:
    """Return the people with the first of them in households of their own making: equal words live together.

    `words` holds one word for each of the first people; who has none, and all further people, stay with whom they were
    drawn. Without any word everybody stays where they were.
    """
    if not any(words):
        return list(members)
    named = {word: number for number, word in enumerate(dict.fromkeys(word for word in words if word))}
    moved = []
    for number, member in enumerate(members):
        word = words[number] if number < len(words) else ""
        household = named[word] if word else len(named) + member.household
        moved.append(Member(household, homes[household % len(homes)], member.age))
    return moved
