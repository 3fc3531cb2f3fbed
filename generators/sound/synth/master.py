"""From a mix to samples of a file: no direct current, one loudness, no clipping, silence at the end. Adds no taste."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from .waves import Wave, samples

FULL = 32_767
_GRID = 1 << 20
LOUDNESS = 0.125
"""Root mean square that is aimed at, as a share of full scale (-18 dB)."""
PEAK = 0.89
"""Highest sample, as a share of full scale (-1 dB)."""
_FADE = 180


def mastered(mix: Wave) -> NDArray[np.int16]:
    """Return 16-bit samples: the aimed loudness unless the peak forbids it, the last 180 ms faded to zero."""
    mix = _without_rumble(mix)
    places = len(mix) - 1 - np.arange(len(mix))
    mix = mix * np.minimum(places / samples(_FADE), 1.0)
    peak = float(np.abs(mix).max(initial=0.0))
    if peak == 0.0:
        return np.zeros(len(mix), np.int16)
    # Sums of squares are taken over integers: a sum of doubles would depend on the order that numpy chose.
    grid = np.rint(mix * (_GRID / peak)).astype(np.int64) >> 4
    mean = int((grid * grid).sum()) / len(grid)
    level = math.sqrt(mean) / (_GRID >> 4)
    gain = min(LOUDNESS / level, PEAK) / peak
    return np.rint(mix * (gain * FULL)).astype(np.int16)


def _without_rumble(mix: Wave) -> Wave:
    """Take away what is slower than about 25 Hz: the mean over a sliding 40 ms window, taken twice."""
    width = samples(40)
    grid = np.rint(mix * _GRID).astype(np.int64)
    for _ in range(2):
        sums = np.concatenate((np.zeros(1, np.int64), np.cumsum(np.pad(grid, width // 2))))
        grid = grid - (sums[width : width + len(grid)] - sums[: len(grid)]) // width
    return grid / _GRID
