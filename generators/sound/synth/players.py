"""The instruments: one note of each as a sound. No melody, no mix."""

from __future__ import annotations

from functools import cache

import numpy as np

from .waves import (
    POINTS,
    RATE,
    SINE,
    TURN,
    Wave,
    delayed,
    envelope,
    falling,
    hertz,
    look_up,
    noise,
    resonance,
    samples,
    steady,
    step,
    wave,
    wavering,
)

_HIGHEST = 9_000.0
"""No harmonic above this frequency: it would fold back."""


def whistle(midi: int, count: int, seed: int) -> Wave:
    """Return a tin whistle's note of `count` samples: few harmonics, breath, a chiff at its start."""
    return _blown(midi, count, seed, (1.0, 0.22, 0.09, 0.03), rise=25, breath=0.035, depth=0.006)


def flute(midi: int, count: int, seed: int) -> Wave:
    """Return a wooden flute's note."""
    return _blown(midi, count, seed, (1.0, 0.42, 0.2, 0.1, 0.05, 0.02), rise=45, breath=0.045, depth=0.005)


def fiddle(midi: int, count: int, seed: int) -> Wave:
    """Return a bowed string's note: a sawtooth through the resonances of a body, vibrato, the bow's noise."""
    phase = wavering(midi, count, rate=5.7, depth=0.006, after=samples(180))
    tone = look_up(_bowed(midi), phase)
    scrape = noise(count, seed)
    scrape = (scrape - delayed(scrape, 3)) * (0.004 + 0.04 * falling(count, 160))
    swell = 0.8 + 0.2 * falling(count, 1_200)
    return (tone + scrape) * swell * envelope(count, samples(45), samples(70))


def reed(midi: int, count: int, seed: int) -> Wave:
    """Return a soft reed organ's note, for chords and drones: two ranks, a little apart."""
    del seed
    table = _limited(midi, (1.0, 0.5, 0.34, 0.16, 0.12, 0.06, 0.05, 0.03))
    sound = look_up(table, steady(midi, count)) + look_up(table, steady(midi, count, 5))
    return 0.5 * sound * envelope(count, samples(90), samples(140))


def harp(midi: int, count: int, seed: int) -> Wave:
    """Return a plucked string after Karplus and Strong (1983), its loop kept as one table so that it stays in tune."""
    del seed
    rows, every = _string(midi)
    phase = steady(midi, count)
    row = np.minimum(phase // (TURN * every), len(rows) - 1)
    place = (phase % TURN) * _LOOP
    at, part = place // TURN, (place % TURN) / TURN
    low = rows[row, at]
    return (low + part * (rows[row, (at + 1) % _LOOP] - low)) * envelope(count, samples(2), samples(120))


def bell(midi: int, count: int, seed: int) -> Wave:
    """Return a glockenspiel bar: the modes of a free bar (1, 2.756, 5.404), the higher the shorter."""
    del seed
    sound = np.zeros(count)
    base = np.arange(count, dtype=np.int64)
    for ratio, strength, lasts in ((1.0, 1.0, 2_400), (2.756, 0.18, 600), (5.404, 0.05, 160)):
        pace = round(step(midi) * ratio)
        if pace * RATE / TURN < _HIGHEST:
            sound += strength * look_up(SINE, base * pace) * falling(count, lasts)
    return sound * envelope(count, samples(3), samples(150))


def boom(midi: int, count: int, seed: int) -> Wave:
    """Return a stroke on the middle of a frame drum: a skin that sinks in pitch, and the hand's slap."""
    steps = step(midi) * (1.0 + 0.7 * falling(count, 120))
    skin = look_up(SINE, np.cumsum(np.rint(steps).astype(np.int64))) * falling(count, 420)
    slap = noise(count, seed)
    slap = (slap + delayed(slap, 1) + delayed(slap, 2) + delayed(slap, 3)) * falling(count, 60)
    return (skin + 0.12 * slap) * envelope(count, samples(2), samples(40))


def tap(midi: int, count: int, seed: int) -> Wave:
    """Return a stroke near the drum's rim."""
    hiss = noise(count, seed)
    hiss = (hiss - delayed(hiss, 4)) * falling(count, 80)
    ring = look_up(SINE, steady(midi + 19, count)) * falling(count, 150)
    return (0.3 * hiss + 0.4 * ring) * envelope(count, samples(1), samples(20))


def _blown(
    midi: int, count: int, seed: int, harmonics: tuple[float, ...], *, rise: int, breath: float, depth: float
) -> Wave:
    phase = wavering(midi, count, rate=5.0, depth=depth, after=samples(200))
    hiss = noise(count, seed)
    hiss = hiss - delayed(hiss, 2)
    hiss = (hiss + delayed(hiss, 1)) * (0.3 * breath + 2 * breath * falling(count, 70))
    swell = 0.78 + 0.22 * falling(count, 1_500)
    return (look_up(_limited(midi, harmonics), phase) + hiss) * swell * envelope(count, samples(rise), samples(60))


@cache
def _limited(midi: int, harmonics: tuple[float, ...]) -> Wave:
    return wave([s for number, s in enumerate(harmonics, 1) if number * hertz(midi) < _HIGHEST])


@cache
def _bowed(midi: int) -> Wave:
    """One period of a bowed string; the body lets through most near 290, 450, 900 and 2,800 Hz."""
    pitch, strengths = hertz(midi), []
    for number in range(1, min(30, int(_HIGHEST / pitch)) + 1):
        f = number * pitch
        body = 0.35 + resonance(f, 290, 120) + resonance(f, 450, 160) + resonance(f, 900, 400)
        strengths.append((body + 0.7 * resonance(f, 2_800, 1_100)) / number**1.15)
    return _level(wave(strengths))


_LOOP = 256
"""Points of a plucked string's loop."""
_ROWS = 400


@cache
def _string(midi: int) -> tuple[Wave, int]:
    """Return the loop as it changes (rows, points), and the periods that each row lasts."""
    pitch = hertz(midi)
    every = max(1, int(pitch / 180))
    # Plucked a fifth along the string: the fifth harmonic is nearly missing, and so on.
    number = min(28, int(_HIGHEST / pitch))
    pluck = [float(SINE[n * (POINTS // 10) % POINTS]) / n for n in range(1, number + 1)]
    loop = _level(wave(pluck))[:: POINTS // _LOOP]
    rows, shift = [], max(1, int(_LOOP * pitch / RATE))
    for _ in range(_ROWS):
        rows.append(loop)
        softer = 0.25 * np.roll(loop, shift) + 0.5 * loop + 0.25 * np.roll(loop, -shift)
        loop = 0.987 * (0.6 * loop + 0.4 * softer)
    return np.stack(rows), every


def _level(table: Wave) -> Wave:
    return table / float(np.abs(table).max())
