"""What each form brings to a tune: metres, rhythms, players, plans of sections. Tables for the source alone."""

from __future__ import annotations

from typing import NamedTuple

Cell = tuple[int, ...]
"""Lengths of a bar's notes in sixteenths."""


class Form(NamedTuple):
    """One form's habits: `pace` is the place in TEMPOS that a neutral mood takes."""

    pace: int
    cells: dict[str, tuple[Cell, ...]]
    """Metre -> rhythms of a bar."""
    closes: dict[str, tuple[Cell, ...]]
    """Metre -> rhythms of a section's last bar."""
    leads: tuple[str, ...]
    backs: tuple[str, ...]
    drums: tuple[str, ...]


FORM: dict[str, Form] = {
    "song": Form(
        4,
        {
            "4/4": ((4, 4, 4, 4), (4, 2, 2, 4, 4), (4, 4, 2, 2, 4), (2, 2, 4, 4, 4)),
            "3/4": ((4, 4, 4), (4, 2, 2, 4), (2, 2, 4, 4)),
            "6/8": ((2, 2, 2, 6), (2, 2, 2, 4, 2), (6, 2, 2, 2)),
        },
        {"4/4": ((4, 4, 8), (4, 2, 2, 8)), "3/4": ((4, 8), (2, 2, 8)), "6/8": ((4, 2, 6), (2, 2, 2, 6))},
        ("flute", "fiddle", "harp"),
        ("broken", "block"),
        ("none",),
    ),
    "dance": Form(
        6,
        {
            "4/4": ((2,) * 8, (4, 2, 2, 2, 2, 2, 2), (2, 2, 2, 2, 4, 2, 2)),
            "3/4": ((4, 2, 2, 2, 2), (2, 2, 2, 2, 2, 2), (2, 2, 2, 2, 4)),
            "6/8": ((2,) * 6, (4, 2, 2, 2, 2), (2, 2, 2, 4, 2)),
        },
        {"4/4": ((2, 2, 2, 2, 8), (2, 2, 4, 8)), "3/4": ((2, 2, 8), (2, 2, 2, 2, 4)), "6/8": ((2, 2, 2, 6),)},
        ("fiddle", "whistle"),
        ("bounce",),
        ("reel", "steps"),
    ),
    "lullaby": Form(
        2,
        {"3/4": ((8, 4), (4, 8), (4, 4, 4)), "6/8": ((4, 2, 4, 2), (6, 4, 2), (4, 2, 6))},
        {"3/4": ((12,), (8, 4)), "6/8": ((6, 6), (12,))},
        ("bell", "harp", "flute"),
        ("broken", "drone"),
        ("none",),
    ),
    "shanty": Form(
        5,
        {
            "4/4": ((6, 2, 4, 4), (3, 1, 4, 4, 4), (6, 2, 6, 2), (4, 4, 3, 1, 4)),
            "6/8": ((4, 2, 4, 2), (3, 1, 2, 4, 2), (4, 2, 3, 1, 2)),
        },
        {"4/4": ((4, 4, 8), (3, 1, 4, 8)), "6/8": ((4, 2, 6), (3, 1, 2, 6))},
        ("fiddle", "whistle"),
        ("bounce", "drone"),
        ("steps",),
    ),
    "hymn": Form(
        3,
        {"4/4": ((8, 8), (8, 4, 4), (4, 4, 8)), "3/4": ((8, 4), (4, 4, 4), (4, 8))},
        {"4/4": ((16,), (8, 8)), "3/4": ((12,), (4, 8))},
        ("flute", "bell"),
        ("block",),
        ("none",),
    ),
}

PLANS: dict[int, tuple[tuple[str, ...], ...]] = {
    8: (("new", "turn:1"), ("new", "new")),
    12: (("new", "turn:1", "new"), ("new", "new", "turn:1")),
    16: (("new", "turn:1", "new", "again:2"), ("new", "again:1", "new", "turn:3"), ("new", "turn:1", "new", "turn:1")),
}
"""Bars -> sections (A A' B A' and the like); the last one always closes on the tonic."""
