"""What prop recipes share: their draws, materials, and the word for one primitive. No prop itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from .vocabulary import Primitive

T = TypeVar("T")
Parts = list[Primitive]
WOODS = ("oak", "pine", "driftwood")
METALS = ("iron", "brass")


class Chooser(Protocol):
    """What a recipe needs of the draws."""

    def pick(self, options: Sequence[T]) -> T:
        """Return one of the options."""
        ...


def part(
    shape: str,
    material: str,
    extents: tuple[int, int, int],
    at: tuple[int, int, int] = (0, 0, 0),
    symmetry: str = "one",
) -> Primitive:
    """Return a primitive of the extents (bins) with its centre x, z and bottom y at a place."""
    return Primitive(shape, symmetry, material, *at, *(max(1, extent) for extent in extents))
