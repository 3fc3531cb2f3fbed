"""Tests of the clock: reading and writing times of day, nights."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.worlds.clock import DAY, HOUR, clock_text, day_of, is_night, next_dawn, seconds_of, time_of_day
from worldloom.worlds.errors import ClockError, WorldError


def test_reads_times_of_day():
    assert [seconds_of(text) for text in ("00:00", "06:30", "6:30", "23:59")] == [0, 23_400, 23_400, 86_340]


@pytest.mark.parametrize("text", ["", "24:00", "12:60", "noon", "12", "12:5", "-1:00", "12:00:00", "12:00\n", "١٢:٠٠"])
def test_refuses_what_is_no_time_of_day(text):
    with pytest.raises(ClockError, match="is not a time of day"):
        seconds_of(text)
    assert issubclass(ClockError, ValueError)
    assert issubclass(ClockError, WorldError)


def test_writes_times_with_their_day():
    assert clock_text(6 * HOUR) == "day 1, 06:00"
    assert clock_text(DAY + 59) == "day 2, 00:00"


@given(st.integers(0, 10**9))
def test_a_written_time_reads_back_to_the_minute(time):
    day, _, clock = clock_text(time).removeprefix("day ").partition(", ")
    assert (int(day) - 1) * DAY + seconds_of(clock) == time - time % 60
    assert day_of(time) == int(day)


@given(st.integers(0, 10**9))
def test_after_dawn_comes_day(time):
    dawn = next_dawn(time)
    assert 0 < dawn - time <= DAY
    assert time_of_day(dawn) == 6 * HOUR
    assert not is_night(dawn)
    assert is_night(dawn - 1)


def test_night_is_from_nine_to_six():
    nights = [hour for hour in range(24) if is_night(hour * HOUR)]
    assert nights == [0, 1, 2, 3, 4, 5, 21, 22, 23]
