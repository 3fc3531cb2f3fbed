"""Scales, triads and time: from scale steps and sixteenths to MIDI notes and samples. Composes nothing."""

from __future__ import annotations

from .vocabulary import KEYS, METRES

SCALES: dict[str, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
}
"""Semitones of the seven steps above the tonic."""


def midi(key: str, mode: str, degree: int) -> int:
    """Return the MIDI note number of a scale step counted from the tonic (0)."""
    octave, step = divmod(degree, 7)
    return KEYS[key] + 12 * octave + SCALES[mode][step]


def triad(chord: int) -> tuple[int, int, int]:
    """Return the scale steps (0 to 6, unordered by height) of the triad on step `chord` (1 to 7)."""
    return (chord - 1) % 7, (chord + 1) % 7, (chord + 3) % 7


def beat(metre: str) -> int:
    """Return the sixteenths between beats."""
    return 6 if metre == "6/8" else 4


def samples_at(units: int, tempo: int, metre: str, rate: int) -> int:
    """Return the sample at which sixteenth `units` starts, in integers: 15 / tempo s each, in 6/8 40 / 3 tempo s."""
    return units * rate * 40 // (3 * tempo) if metre == "6/8" else units * rate * 15 // tempo


def milliseconds(bars: int, tempo: int, metre: str) -> int:
    """Return how long so many bars last."""
    return samples_at(bars * METRES[metre], tempo, metre, 1000)
