"""Noise and draws: integers, the same for a crop as for the whole, of the size that they promise."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.worlds.noise import ONE, draw, fractal, gradient, hashed

seeds = st.integers(-(2**63), 2**63 - 1)


def points(left: int, top: int, count: int):
    line = np.arange(count, dtype=np.int64) * 700
    return np.meshgrid(line + left, line + top)


@settings(max_examples=40, deadline=None)
@given(seeds, st.integers(-100_000, 100_000), st.integers(-100_000, 100_000), st.integers(400, 40_000))
def test_a_part_is_the_part_of_the_whole(seed, left, top, period):
    x, y = points(left, top, 24)
    whole = gradient(seed, x, y, period)
    assert np.array_equal(whole[5:11, 7:20], gradient(seed, x[5:11, 7:20], y[5:11, 7:20], period))
    assert abs(whole).max() <= ONE * 3 // 2


@settings(max_examples=40, deadline=None)
@given(seeds, st.integers(1, 1000), st.integers())
def test_draws_stay_in_range_and_repeat(seed, count, key):
    key %= 2**63
    assert 0 <= draw(seed, count, key) < count
    assert draw(seed, count, key) == draw(seed, count, key)


def test_fractal_noise_fills_its_range_and_is_nobodys_constant():
    x, y = points(0, 0, 128)
    values = fractal(3, x, y, 20_000, 5)
    assert values.dtype == np.int64
    assert values.min() < -ONE // 4
    assert values.max() > ONE // 4
    assert abs(int(values.mean())) < ONE // 4


def test_keys_and_their_order_matter():
    words = [int(hashed(1, *keys)[0]) for keys in ((), (0,), (1,), (0, 1), (1, 0))]
    assert len(set(words)) == len(words)
