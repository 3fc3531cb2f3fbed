"""A square lattice whose edges meet, and who stands next to whom on it. Holds nobody."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from worldloom.worlds.noise import Ints


@dataclass(frozen=True)
class Torus:
    """Cells 0 to side*side - 1, row by row."""

    side: int

    @property
    def cells(self) -> int:
        """How many cells there are."""
        return self.side * self.side

    @cached_property
    def neighbours(self) -> Ints:
        """The eight cells around each: int64[cells, 8] (Moore's neighbourhood; from a side of 3 on all differ)."""
        line, column = np.divmod(np.arange(self.cells, dtype=np.int64), self.side)
        steps = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1) if (down, right) != (0, 0)]
        around = [(line + down) % self.side * self.side + (column + right) % self.side for down, right in steps]
        return np.stack(around, axis=1)
