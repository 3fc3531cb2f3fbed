"""Tests of chance: a pure function of its keys, fair, the same for one key and for many."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.worlds.chance import below, draw_u64, one_below, permutation

NUMBERS = st.lists(st.integers(0, 10**6), unique=True, max_size=40)


def test_known_draws_never_change():
    # A run from an earlier version replays only while these stay.
    assert draw_u64(7, "x", np.arange(2)).tolist() == [13880900911941357511, 9094353627804871438]
    assert below(7, "y", 10, np.arange(8)).tolist() == [8, 7, 5, 6, 8, 8, 7, 7]
    assert permutation(7, 60, 0, np.array([5, 3, 9])).tolist() == [2, 1, 0]


@given(st.integers(-(2**70), 2**70), st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=20))
def test_many_keys_draw_what_each_draws_alone(seed, keys):
    many = draw_u64(seed, "p", np.array(keys, np.int64), 5)
    assert many.tolist() == [int(draw_u64(seed, "p", key, 5)[0]) for key in keys]


def test_seed_purpose_and_every_key_matter():
    draws = [
        draw_u64(*keys)[0] for keys in ((1, "a", 2, 3), (2, "a", 2, 3), (1, "b", 2, 3), (1, "a", 3, 2), (1, "a", 2))
    ]
    assert len(set(draws)) == len(draws)


@pytest.mark.parametrize("count", [1, 2, 6, 1000])
def test_draws_are_in_range_and_fair(count):
    drawn = below(3, "fair", count, np.arange(60_000))
    assert drawn.min() >= 0
    assert drawn.max() < count
    tally = np.bincount(drawn, minlength=count)
    expected = 60_000 / count
    # Five standard deviations; the draws are fixed, so this either always passes or never.
    assert abs(tally - expected).max() < 5 * expected**0.5 + 1


def test_one_draw_is_the_first_of_many():
    assert one_below(3, "q", 100, 8, 9) == below(3, "q", 100, np.array([8, 8]), 9)[1]


@given(NUMBERS, st.integers(0, 10**9), st.integers(0, 8))
def test_a_permutation_holds_everybody_once_whatever_the_order_given(numbers, time, round_):
    agents = np.array(numbers, np.int64)
    order = agents[permutation(1, time, round_, agents)].tolist()
    assert sorted(order) == sorted(numbers)
    assert order == np.sort(agents)[permutation(1, time, round_, np.sort(agents))].tolist()


@given(NUMBERS.filter(lambda numbers: len(numbers) > 2))
def test_who_comes_before_whom_does_not_hang_on_the_others(numbers):
    agents = np.array(numbers, np.int64)
    order = agents[permutation(1, 60, 0, agents)].tolist()
    fewer = agents[1:]
    assert [each for each in order if each != numbers[0]] == fewer[permutation(1, 60, 0, fewer)].tolist()


def test_low_numbers_have_no_luck_of_their_own():
    firsts = [int(permutation(1, time, 0, np.array([0, 1]))[0]) for time in range(2000)]
    assert 900 < sum(firsts) < 1100
