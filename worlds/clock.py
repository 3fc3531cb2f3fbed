"""Simulated time: whole seconds since midnight of day 1, and how it reads. Never the time of the wall."""

from __future__ import annotations

import re

from .errors import ClockError

MINUTE = 60
HOUR = 3600
DAY = 86_400

DAWN = 6 * HOUR
DUSK = 21 * HOUR
"""Night lasts from dusk to dawn."""

_TIME_OF_DAY = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])\Z")


def seconds_of(text: str) -> int:
    """Return the seconds since midnight of a time of day such as `06:30`; raises ClockError, a ValueError."""
    match = _TIME_OF_DAY.match(text)
    if match is None:
        raise ClockError(f"{text!r} is not a time of day: write hours and minutes from 00:00 to 23:59, such as 06:30")
    return int(match[1]) * HOUR + int(match[2]) * MINUTE


def day_of(time: int) -> int:
    """Return the day that a time belongs to; the first is day 1."""
    return time // DAY + 1


def time_of_day(time: int) -> int:
    """Return the seconds since the last midnight."""
    return time % DAY


def clock_text(time: int) -> str:
    """Return a time as people read it: `day 1, 06:00`."""
    seconds = time_of_day(time)
    return f"day {day_of(time)}, {seconds // HOUR:02d}:{seconds % HOUR // MINUTE:02d}"


def is_night(time: int) -> bool:
    """Whether it is dark: from 21:00 to 06:00."""
    return not DAWN <= time_of_day(time) < DUSK


def next_dawn(time: int) -> int:
    """Return the first dawn after a time, in seconds."""
    day = time - time_of_day(time)
    return day + DAWN if time < day + DAWN else day + DAY + DAWN
