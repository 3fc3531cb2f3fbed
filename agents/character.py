"""Characters of a population: five traits that go together, and change with age, as psychologists have measured them.

Correlations: van der Linden, te Nijenhuis & Bakker 2010, The general factor of personality (Journal of Research in
Personality 44), the corrected meta-analytic ones of 212 samples. Trends over age: Soto, John, Gosling & Potter 2011,
Age differences in personality traits from 10 to 65 (Journal of Personality and Social Psychology 100), as straight
lines between 20 and 65, rounded to a quarter of a standard deviation over these years. The figures were written down
without the papers at hand: compare them before a study rests on them. Nobody has a sex here, so differences between the
sexes are left out. Whole numbers throughout: the same people on any processor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from worldloom.worlds.chance import below

TRAITS = ("openness", "conscientiousness", "extraversion", "agreeableness", "neuroticism")
"""The five factors of personality; each is an integer from 0 to 100."""

MEAN, SPREAD = 50, 20
"""Mean and standard deviation of every trait at the age of MIDDLE."""

CORRELATIONS: Mapping[tuple[str, str], int] = {
    ("openness", "conscientiousness"): 20,
    ("openness", "extraversion"): 43,
    ("openness", "agreeableness"): 21,
    ("openness", "neuroticism"): -17,
    ("conscientiousness", "extraversion"): 29,
    ("conscientiousness", "agreeableness"): 43,
    ("conscientiousness", "neuroticism"): -43,
    ("extraversion", "agreeableness"): 26,
    ("extraversion", "neuroticism"): -36,
    ("agreeableness", "neuroticism"): -36,
}
"""In hundredths."""

MIXING = np.array(
    [
        [1000, 0, 0, 0, 0],
        [200, 980, 0, 0, 0],
        [430, 208, 878, 0, 0],
        [210, 396, 99, 888, 0],
        [-170, -404, -231, -159, 854],
    ],
    np.int64,
)
"""Thousandths: the lower triangle whose product with itself is the correlations (Cholesky); a test compares."""

YOUNGEST, MIDDLE, OLDEST = 20, 42, 65
"""Traits change in a straight line between the first and the last of these ages; at the second they are at MEAN."""

LIFELONG: Mapping[str, int] = {
    "openness": 5,
    "conscientiousness": 15,
    "extraversion": 0,
    "agreeableness": 10,
    "neuroticism": -10,
}
"""Points by which a trait changes from YOUNGEST to OLDEST."""

_DRAWS, _RANGE = 4, 1 << 16
_DEVIATION = 75_675
"""Standard deviation of the doubled sum of so many draws: 2 * 65,536 * sqrt(4 / 12)."""


def draw_traits(seed: int, ages: Sequence[int]) -> list[dict[str, int]]:
    """Return the five traits of everybody, by age in years; a person's follow from seed, number and age alone."""
    count = len(ages)
    people, traits = np.arange(count)[:, None, None], np.arange(len(TRAITS))[:, None]
    draws = below(seed, "traits", _RANGE, people, traits, np.arange(_DRAWS))
    # The sum of some even draws is nearly normal; doubled, its middle is a whole number.
    bells = 2 * draws.sum(axis=2) - _DRAWS * (_RANGE - 1)
    mixed = bells @ MIXING.T
    years = np.clip(np.asarray(ages, np.int64), YOUNGEST, OLDEST) - MIDDLE
    whole = 1000 * _DEVIATION * (OLDEST - YOUNGEST)
    aged = years[:, None] * np.array([LIFELONG[trait] for trait in TRAITS], np.int64)
    points = MEAN * whole + SPREAD * (OLDEST - YOUNGEST) * mixed + 1000 * _DEVIATION * aged
    rounded = np.clip((2 * points + whole) // (2 * whole), 0, 100).tolist()
    return [dict(zip(TRAITS, row, strict=True)) for row in rounded]
