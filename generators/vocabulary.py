"""The words that all makers of a world share: what things, marks, colours, sizes and moods there are. Draws nothing."""

from __future__ import annotations

from worldloom.generators.image import charges
from worldloom.generators.mesh.vocabulary import COLOURS, KINDS, SIZES

THINGS: tuple[str, ...] = tuple(KINDS)
"""What can be built or painted: the kinds of the 3D model."""

CHARGES: tuple[str, ...] = tuple(charges.CHARGES)
"""What signs and emblems show."""

MOODS = ("merry", "calm", "proud", "sad", "anxious")
"""Of a portrait's face and of a tune."""

JOBS = (
    "fisher",
    "baker",
    "innkeeper",
    "smith",
    "trader",
    "netmaker",
    "priest",
    "carpenter",
    "farmer",
    "healer",
    "teacher",
    "fish smoker",
    "miller",
    "shepherd",
    "child",
)
"""What people of a village do; agents gives each of them one (a test compares)."""

__all__ = ["CHARGES", "COLOURS", "JOBS", "MOODS", "SIZES", "THINGS"]
