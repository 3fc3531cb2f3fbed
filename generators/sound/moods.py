"""What each mood brings to a tune: mode, pace, line and gesture. Tables for the source alone."""

from __future__ import annotations

from typing import NamedTuple


class Mood(NamedTuple):
    """One mood's habits. Heights and moves are steps of the scale."""

    modes: tuple[str, ...]
    faster: tuple[int, ...]
    """Places in TEMPOS by which it shifts the form's pace."""
    lines: tuple[tuple[int, int, int, int], ...]
    """Heights that the four bars of a section aim at."""
    moves: tuple[int, ...]
    """Moves between two beats."""
    lift: int
    """How much higher the second tune of two lies."""
    endings: tuple[tuple[int, ...], ...]
    """Last notes of a full close, as long as the rhythm has room; the last one is the tonic."""


MOOD: dict[str, Mood] = {
    "merry": Mood(
        ("major", "mixolydian"), (1, 2), ((2, 4, 5, 4), (4, 2, 4, 5), (2, 5, 4, 2)), (2, -2, 2, -2, 1, -1), 2,
        ((2, 4, 2, 1, 0), (4, 2, 1, -1, 0)),
    ),
    "calm": Mood(
        ("major", "mixolydian"), (-1, 0), ((2, 3, 2, 1), (1, 2, 3, 2), (2, 1, 2, 1)), (1, -1), 1,
        ((2, 3, 2, 1, 0), (1, 2, 1, 1, 0)),
    ),
    "proud": Mood(
        ("major", "mixolydian"), (0,), ((0, 4, 7, 8), (4, 7, 8, 7), (2, 4, 7, 7)), (2, 1, 3, -1), 1,
        ((4, 5, 6, 8, 7), (9, 8, 7, 8, 7)),
    ),
    "sad": Mood(
        ("minor", "dorian"), (-2, -1), ((7, 5, 4, 2), (5, 4, 2, 1), (6, 4, 3, 2)), (-1, -1, -1, 1), 1,
        ((4, 3, 2, 1, 0), (2, 1, 0, -1, 0)),
    ),
    "anxious": Mood(
        ("phrygian", "minor"), (1, 2), ((1, 0, 1, 2), (0, 1, 0, 1), (2, 1, 2, 1)), (0, 0, 1, -1), 2,
        ((1, 0, 1, 1, 0), (0, 1, 1, 0, 0)),
    ),
}  # fmt: skip

HELD_OUT: frozenset[tuple[str, str]] = frozenset(
    {("sad", "dance"), ("anxious", "lullaby"), ("calm", "shanty"), ("merry", "hymn"), ("proud", "song")}
)
"""Mood and form pairs that training never shows: they test composition (each mood and each form loses one)."""

WALKS: dict[str, tuple[tuple[tuple[int, int, int], ...], tuple[tuple[int, int, int], ...], int]] = {
    "major": (((1, 4, 5), (1, 6, 4), (1, 5, 6)), ((4, 1, 5), (6, 4, 5), (4, 5, 1)), 5),
    "mixolydian": (((1, 7, 4), (1, 4, 7), (1, 7, 1)), ((4, 1, 7), (7, 4, 1), (4, 7, 4)), 7),
    "dorian": (((1, 4, 1), (1, 7, 4), (1, 3, 7)), ((7, 1, 4), (3, 4, 7), (4, 1, 7)), 7),
    "minor": (((1, 6, 7), (1, 4, 7), (1, 7, 6)), ((6, 3, 7), (4, 1, 7), (6, 7, 1)), 5),
    "phrygian": (((1, 2, 1), (1, 7, 2), (1, 6, 2)), ((6, 2, 1), (2, 1, 7), (6, 7, 2)), 2),
}
"""Mode -> chords of the first three bars of a first and of another section, and the chord of a half close."""
