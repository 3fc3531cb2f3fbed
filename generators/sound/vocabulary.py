"""The words of tune programs: forms, metres, modes, notes, and the tokens they make. No theory, no sound."""

from __future__ import annotations

from typing import NamedTuple

from worldloom.generators.vocabulary import MOODS

FORMS = ("song", "dance", "lullaby", "shanty", "hymn")
"""What a tune is for."""
TEMPOS = (56, 63, 70, 78, 87, 96, 107, 119, 132, 147)
"""Quarters a minute in 4/4 and 3/4; in 6/8 a dotted quarter lasts as 4/3 of such a quarter."""
METRES: dict[str, int] = {"4/4": 16, "3/4": 12, "6/8": 12}
"""Metre -> sixteenths in a bar."""
MODES = ("major", "mixolydian", "dorian", "minor", "phrygian")
KEYS: dict[str, int] = {"G": 55, "A": 57, "Bb": 58, "C": 60, "D": 62, "E": 64}
"""Tonic -> its MIDI note number."""
LEADS = ("whistle", "flute", "fiddle", "harp", "bell")
"""Who plays the melody."""
BACKS = ("block", "broken", "bounce", "drone")
"""How the chords are played."""
DRUMS = ("none", "steps", "reel", "pulse")
BARS = (8, 12, 16)
SECTION = 4
"""Bars of a section."""
LOWEST, HIGHEST = -4, 11
"""Steps of the scale from the tonic that a melody may reach."""
LENGTHS = (1, 2, 3, 4, 6, 8, 12, 16)
"""Lengths of notes in sixteenths."""
MOST_NOTES = 8
"""Notes and rests in the fullest bar."""


class Note(NamedTuple):
    """One note: steps of the scale above the tonic (None: a rest) and its length in sixteenths."""

    degree: int | None
    length: int


class Bar(NamedTuple):
    """One bar: the scale step (1 to 7) that its triad stands on, and the melody."""

    chord: int
    notes: tuple[Note, ...]


class Section(NamedTuple):
    """Four bars: `new` ones, `again` those of section `of` (from 1), or these with another last bar (`turn`).

    `bars` holds what is written: four bars, none, or one.
    """

    kind: str
    of: int
    bars: tuple[Bar, ...]


class Tune(NamedTuple):
    """A tune as it is written: ten header words and its sections."""

    form: str
    mood: str
    tempo: int
    metre: str
    mode: str
    key: str
    lead: str
    back: str
    drum: str
    bars: int
    sections: tuple[Section, ...]


PAD, END = "pad", "end"
HEADER: dict[str, tuple[str, ...]] = {
    "form": FORMS,
    "mood": MOODS,
    "tempo": tuple(map(str, TEMPOS)),
    "metre": tuple(METRES),
    "mode": MODES,
    "key": tuple(KEYS),
    "lead": LEADS,
    "back": BACKS,
    "drum": DRUMS,
    "bars": tuple(map(str, BARS)),
}
"""Header slots in the order of their tokens; form and mood are asked for, the rest is the model's choice."""
ASKED = 2
"""Header tokens that a request gives."""
_EARLIER = tuple(range(1, max(BARS) // SECTION))
WORDS: tuple[str, ...] = (
    PAD,
    END,
    *(f"{slot}:{word}" for slot, words in HEADER.items() for word in words),
    "new",
    *(f"{kind}:{of}" for kind in ("again", "turn") for of in _EARLIER),
    *(f"chord:{step}" for step in range(1, 8)),
    *(f"degree:{step}" for step in range(LOWEST, HIGHEST + 1)),
    "rest",
    *(f"length:{units}" for units in LENGTHS),
)
"""Every token; its place is its number. Weights depend on this order."""
TOKENS: dict[str, int] = {word: number for number, word in enumerate(WORDS)}
MAX_TOKENS = len(HEADER) + max(BARS) // SECTION + max(BARS) * (1 + 2 * MOST_NOTES) + 1
"""Tokens of the longest program that the grammar lets pass, END included."""
