"""Characters: the population has the means, spreads, correlations and trends over age that were measured in people."""

from __future__ import annotations

import numpy as np
import pytest
from worldloom.agents.character import (
    CORRELATIONS,
    LIFELONG,
    MEAN,
    MIDDLE,
    MIXING,
    OLDEST,
    SPREAD,
    TRAITS,
    YOUNGEST,
    draw_traits,
)

PEOPLE = 10_000


def table(people):
    return np.array([[each[trait] for trait in TRAITS] for each in people], np.float64)


@pytest.fixture(scope="module")
def middle() -> np.ndarray:
    """Ten thousand people of middle age."""
    return table(draw_traits(5, [MIDDLE] * PEOPLE))


def wanted():
    matrix = np.eye(len(TRAITS))
    for (one, other), hundredths in CORRELATIONS.items():
        at = TRAITS.index(one), TRAITS.index(other)
        matrix[at] = matrix[at[::-1]] = hundredths / 100
    return matrix


def test_the_mixing_table_is_the_root_of_the_published_correlations():
    assert len(CORRELATIONS) == len(TRAITS) * (len(TRAITS) - 1) // 2
    assert np.abs(np.linalg.cholesky(wanted()) * 1000 - MIXING).max() <= 0.5


def test_means_and_spreads_are_those_of_the_scale(middle):
    assert np.abs(middle.mean(axis=0) - MEAN).max() < 0.7
    assert np.abs(middle.std(axis=0) - SPREAD).max() < 0.7


def test_traits_go_together_as_published(middle):
    assert np.abs(np.corrcoef(middle.T) - wanted()).max() < 0.04


def test_most_people_are_near_the_middle_and_nobody_is_beyond_the_scale(middle):
    assert middle.min() >= 0
    assert middle.max() <= 100
    within = (np.abs(middle - MEAN) <= SPREAD).mean()
    assert 0.64 < within < 0.72


@pytest.mark.parametrize("trait", TRAITS)
def test_traits_change_with_age_as_published(trait):
    young, old = (table(draw_traits(5, [age] * PEOPLE)) for age in (YOUNGEST, OLDEST))
    change = (old - young)[:, TRAITS.index(trait)].mean()
    assert change == pytest.approx(LIFELONG[trait], abs=0.5)
    for age, same in ((12, young), (90, old)):
        assert np.array_equal(table(draw_traits(5, [age] * 100)), same[:100])


def test_a_person_does_not_depend_on_how_many_others_there_are():
    ages = [20 + number % 50 for number in range(300)]
    assert draw_traits(9, ages)[:7] == draw_traits(9, ages[:7])
    assert draw_traits(8, ages) != draw_traits(9, ages)
