"""Seeded training programs for the 3D model, drawn from small discrete sets. Writes no prop of a run."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from typing import TypeVar

from .recipes import RECIPES
from .vocabulary import COLOURS, KINDS, SIZES, Program

T = TypeVar("T")
VERSION = 1
"""Raise when a recipe changes: weights name the version they were trained on."""

_KIND_NAMES = tuple(KINDS)
HELD_OUT: frozenset[tuple[str, str]] = frozenset(
    (kind, COLOURS[(3 * number + 1) % len(COLOURS)]) for number, kind in enumerate(_KIND_NAMES)
)
"""Kind and colour pairs that training never shows: they test composition (one colour of each kind)."""


class Draws:
    """Seeded choices from small sets that count their entropy: no model's loss can fall much below it."""

    def __init__(self, *key: int | str) -> None:
        self._key = "/".join(map(str, key)).encode()
        self._count = 0
        self.nats = 0.0

    def pick(self, options: Sequence[T]) -> T:
        """Return one of the options, all equally likely."""
        word = hashlib.blake2b(self._key, digest_size=8, salt=self._count.to_bytes(8, "big")).digest()
        self._count += 1
        self.nats += math.log(len(options))
        return options[int.from_bytes(word, "big") % len(options)]


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
