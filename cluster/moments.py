"""Times of a run as people write them: `day 1 12:00`, `12:00`, seconds. Knows nothing of what happens then."""

from __future__ import annotations

import re

from worldloom.worlds.clock import DAY, clock_text, seconds_of, time_of_day
from worldloom.worlds.errors import ClockError

from .errors import MomentError
from .scenario import Scenario

_DAY_AND_TIME = re.compile(r"day ([1-9][0-9]{0,5})\s*,?\s+([0-9]{1,2}:[0-9]{2})\Z", re.IGNORECASE)
_SECONDS = re.compile(r"[0-9]{1,12}\Z")
_SHOWN = 40


def read_moment(text: str, start: int) -> int:
    """Return simulated seconds for a time as text; a time of day alone is the first one from `start` on.

    Raises MomentError for what is no time.
    """
    words = text.strip()
    if _SECONDS.match(words) and words.isascii():
        return int(words)
    match = _DAY_AND_TIME.match(words)
    try:
        if match is not None:
            return (int(match[1]) - 1) * DAY + seconds_of(match[2])
        when = start - time_of_day(start) + seconds_of(words)
    except ClockError as error:
        shown = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
        raise MomentError(
            f"{shown!r} is no time: write one such as 'day 1 12:00', '12:00', or seconds such as 43200"
        ) from error
    return when if when >= start else when + DAY


def moment_of(text: str, scenario: Scenario, end: int) -> int:
    """Return the beginning of the step that holds a time of a run which lasts to `end`; raises MomentError."""
    start = scenario.start_time
    when = read_moment(text, start)
    if not start <= when <= end:
        raise MomentError(
            f"{clock_text(when)} ({when} s) is outside the run: it lasts from {clock_text(start)} ({start} s) to "
            f"{clock_text(end)} ({end} s)"
        )
    return when - (when - start) % scenario.step_seconds


def ahead(text: str, now: int, end: int) -> int:
    """Return a time from `now` to `end` (simulated seconds); a time of day alone is the next one.

    Raises MomentError for what is no time, is past, or comes after the end.
    """
    when = read_moment(text, now)
    if not now <= when <= end:
        raise MomentError(
            f"{clock_text(when)} ({when} s) is not ahead: ahead is what lies between {clock_text(now)} ({now} s) and "
            f"the end, {clock_text(end)} ({end} s)"
        )
    return when
