"""Seeded training programs for the 3D model, drawn from small discrete sets. Writes no prop of a run."""

from __future__ import annotations

from worldloom.generators.sequence.draws import Draws

from .recipes import RECIPES
from .vocabulary import COLOURS, KINDS, SIZES, Program

VERSION = 1
"""Raise when a recipe changes: weights name the version they were trained on."""

_KIND_NAMES = tuple(KINDS)
HELD_OUT: frozenset[tuple[str, str]] = frozenset(
    (kind, COLOURS[(3 * number + 1) % len(COLOURS)]) for number, kind in enumerate(_KIND_NAMES)
)
"""Kind and colour pairs that training never shows: they test composition (one colour of each kind)."""


def draw_program(seed: int, number: int, *, held_out: bool = False) -> tuple[Program, float]:
    """Return program `number` of a seed and the entropy of its choices in nats, header not counted.

    `held_out` asks for a kind and colour pair that training never shows.
    """
    draws = Draws("mesh", VERSION, seed, number)
    kind = draws.pick(_KIND_NAMES)
    colours = [colour for colour in COLOURS if ((kind, colour) in HELD_OUT) == held_out]
    colour, size = draws.pick(colours), draws.pick(SIZES)
    draws.nats = 0.0
    return build(kind, colour, size, draws), draws.nats


def build(kind: str, colour: str, size: str, draws: Draws) -> Program:
    """Return one program of the kind, colour and size, its free choices taken from `draws`."""
    scale = 6 + 2 * SIZES.index(size)
    return Program(kind, colour, size, tuple(RECIPES[kind](draws, scale, colour)))
