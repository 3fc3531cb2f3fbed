"""Exact building blocks of all sound: phases, waves, falls, noise. Plays no instrument.

The same bytes come out on every processor with IEEE 754 doubles: phases are integers; tables and constants that come
from sin, pow or exp are rounded to a grid far coarser than their error (a test keeps the distance); all else is sums,
products, quotients and roots of doubles, each rounded as the standard says, in an order that numpy does not choose.
No sum over an array, no matrix product, no transcendental function of an array is taken anywhere in this folder.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

Wave = NDArray[np.float64]
Phase = NDArray[np.int64]

RATE = 22_050
"""Samples a second."""
TURN = 1 << 32
"""A whole period in phases."""
POINTS = 2_048
"""Points of one period in a table."""
_BITS = 21  # of a phase below a table's point: TURN / POINTS
_GRID = 1 << 30


def _sine() -> Wave:
    exact = [math.sin(2 * math.pi * point / POINTS) for point in range(POINTS)]
    return np.array([round(value * _GRID) for value in exact]) / _GRID


SINE = _sine()


def step(midi: int, cents: int = 0) -> int:
    """Return the phase that passes in one sample at a MIDI note number."""
    return round(440.0 * math.pow(2.0, (midi - 69 + cents / 100) / 12) * TURN / RATE)


def hertz(midi: int) -> float:
    """Return a MIDI note's frequency, as exactly as its step gives it."""
    return step(midi) * RATE / TURN


def samples(milliseconds: int) -> int:
    """Return how many samples so many milliseconds are."""
    return milliseconds * RATE // 1000


def wave(harmonics: Sequence[float]) -> Wave:
    """Return one period that sums sines; harmonic n has strength `harmonics[n - 1]`."""
    table = np.zeros(POINTS)
    points = np.arange(POINTS)
    for number, strength in enumerate(harmonics, 1):
        if strength:
            table += strength * SINE[points * number % POINTS]
    return table


def look_up(table: Wave, phase: Phase) -> Wave:
    """Return the table's values at the phases, with straight lines between its points."""
    place: NDArray[np.int64] = (phase >> _BITS) & (POINTS - 1)
    part = (phase & ((1 << _BITS) - 1)) / (1 << _BITS)
    low = table[place]
    between: Wave = low + part * (table[(place + 1) & (POINTS - 1)] - low)
    return between


def steady(midi: int, count: int, cents: int = 0) -> Phase:
    """Return the phases of an unwavering tone."""
    return np.arange(count, dtype=np.int64) * step(midi, cents)


def wavering(midi: int, count: int, *, rate: float, depth: float, after: int) -> Phase:
    """Return the phases of a tone with vibrato: `rate` a second, `depth` as a share of the pitch, fading in."""
    slow = np.arange(count, dtype=np.int64) * round(rate * TURN / RATE)
    swell = np.minimum(np.maximum((np.arange(count) - after) / samples(250), 0.0), 1.0)
    steps = step(midi) * (1.0 + depth * swell * look_up(SINE, slow))
    return np.cumsum(np.rint(steps).astype(np.int64))


@cache
def fall(milliseconds: int) -> float:
    """Return the factor a sample by which a sound falls by 60 dB in so many milliseconds."""
    return round(math.pow(0.001, 1000 / (milliseconds * RATE)) * (1 << 40)) / (1 << 40)


def falling(count: int, milliseconds: int) -> Wave:
    """Return an exponential fall from 1, by 60 dB in so many milliseconds."""
    factors = np.full(count, fall(milliseconds))
    if count:
        factors[0] = 1.0
    return np.multiply.accumulate(factors)


def envelope(count: int, rise: int, end: int) -> Wave:
    """Return 1 with a straight rise of `rise` and a straight end of `end` samples."""
    places = np.arange(count)
    up = np.minimum((places + 1) / max(1, rise), 1.0)
    return up * np.minimum((count - places) / max(1, end), 1.0)


def noise(count: int, seed: int) -> Wave:
    """Return white noise between -1 and 1: a counter through splitmix64 (Steele, Lea, Flood 2014)."""
    with np.errstate(over="ignore"):
        word = (
            np.arange(1, count + 1, dtype=np.uint64) + np.uint64(seed * 2_654_435_761 % TURN) * np.uint64(1 << 24)
        ) * (np.uint64(0x9E3779B97F4A7C15))
        word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        word ^= word >> np.uint64(31)
    return (word >> np.uint64(11)).astype(np.float64) / (1 << 52) - 1.0


def delayed(sound: Wave, places: int) -> Wave:
    """Return the sound later by so many samples, cut at its length."""
    return np.concatenate((np.zeros(min(places, len(sound))), sound[: max(0, len(sound) - places)]))


def resonance(frequency: float, centre: float, width: float) -> float:
    """Return how much a resonator lets through, 1 at its centre (a second-order band-pass)."""
    off = frequency / centre - centre / frequency
    return 1.0 / math.sqrt(1.0 + (off * centre / width) ** 2)
