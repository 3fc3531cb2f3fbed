"""Hunger, tiredness and the want of company: how they rise and fall with what one does. Acting on them is the mind's.

Rates are thousandths an hour. What passes in a step follows from the times at its ends, not from its length, so steps
of any length add up to the same and no remainder is carried.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .clock import HOUR, is_night, next_dawn
from .columns import Activity, Columns
from .noise import Ints

WORST = 1000

HUNGER_AWAKE, HUNGER_ASLEEP = 95, 30
TIRED_AWAKE, TIRED_AT_WORK, TIRED_WALKING = 42, 48, 52
REST_RATE, SLEEP_RATE = -90, -115
LONELY, AMONG_PEOPLE = 45, -60

TALK_COMFORT = 120
"""What a talk takes off the want of company of speaker and hearer."""

LONGEST_SLEEP = 10 * HOUR

LEAST_NIGHT_SLEEP = 4 * HOUR
"""Who falls asleep at night sleeps at least so long, or until dawn."""

_HUNGER = np.full(len(Activity), HUNGER_AWAKE, np.int64)
_HUNGER[Activity.SLEEPING] = HUNGER_ASLEEP
_TIREDNESS = np.full(len(Activity), TIRED_AWAKE, np.int64)
_TIREDNESS[Activity.WORKING] = TIRED_AT_WORK
_TIREDNESS[Activity.WALKING] = TIRED_WALKING
_TIREDNESS[Activity.RESTING] = REST_RATE
_TIREDNESS[Activity.SLEEPING] = SLEEP_RATE


def passed(rate: Ints, start: int, end: int) -> Ints:
    """Return how much a rate an hour gives between two times in seconds; parts of a time span add up to the whole."""
    amount: Ints = rate * end // HOUR - rate * start // HOUR
    return amount


def let_time_pass(agents: Columns, accompanied: NDArray[np.bool_], start: int, end: int) -> None:
    """Change everybody's needs by what they do and whether others are near (`accompanied` bool[agents])."""
    asleep = agents.activity == Activity.SLEEPING
    company: Ints = np.where(asleep, 0, np.where(accompanied, AMONG_PEOPLE, LONELY)).astype(np.int64)
    for need, rate in (
        (agents.hunger, _HUNGER[agents.activity]),
        (agents.tiredness, _TIREDNESS[agents.activity]),
        (agents.company, company),
    ):
        need[:] = np.clip(need + passed(rate, start, end), 0, WORST)


def still(need: Ints, row: int, amount: int) -> None:
    """Lower one agent's need, down to 0."""
    need[row] = max(0, int(need[row]) - amount)


def sleep_seconds(tiredness: int, wanted: int, time: int) -> int:
    """Return how long somebody sleeps who lies down at a time: until rested, or as long as wanted; longer at night."""
    night = min(LEAST_NIGHT_SLEEP, next_dawn(time) - time) if is_night(time) else 0
    return min(LONGEST_SLEEP, max(wanted, night, tiredness * HOUR // -SLEEP_RATE))
