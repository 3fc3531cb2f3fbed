"""A small room around the sound: four damped echoes side by side, two diffusers after them. Not a hall."""

from __future__ import annotations

import numpy as np

from .waves import Wave

_ECHOES = ((1_103, 0.74), (1_237, 0.72), (1_381, 0.70), (1_493, 0.68))
"""Delay in samples and what comes back of each echo (Schroeder 1962; lengths without a common divisor)."""
_DIFFUSERS = ((353, 0.6), (113, 0.6))


def reverberated(dry: Wave, share: float) -> Wave:
    """Return the sound with its room; `share` of the room's loudness is added."""
    wet = np.zeros(len(dry))
    for delay, back in _ECHOES:
        wet += _echo(dry, delay, back)
    for delay, back in _DIFFUSERS:
        wet = _diffused(wet, delay, back)
    return dry + share * 0.25 * wet


def _echo(sound: Wave, delay: int, back: float) -> Wave:
    """y[n] = x[n - delay] + back * (y[n - delay] softened over three samples), a block at a time."""
    out = np.zeros(len(sound) + 2 * delay)
    block = delay - 1
    for start in range(delay + 1, len(sound), block):
        end = min(start + block, len(sound))
        early = slice(start - delay, end - delay)
        before, after = slice(start - delay - 1, end - delay - 1), slice(start - delay + 1, end - delay + 1)
        soft = 0.25 * out[before] + 0.5 * out[early] + 0.25 * out[after]
        out[start:end] = sound[early] + back * soft
    return out[: len(sound)]


def _diffused(sound: Wave, delay: int, back: float) -> Wave:
    """An all-pass: y[n] = -back * x[n] + x[n - delay] + back * y[n - delay], a block at a time."""
    out = -back * sound
    for start in range(delay, len(sound), delay):
        end = min(start + delay, len(sound))
        early = slice(start - delay, end - delay)
        out[start:end] += sound[early] + back * out[early]
    return out
