"""Which codes lie near a code, and how often two different things lie as near. Pure: knows codes, no files.

Distance is the number of bits of 256 that differ; unrelated things differ in some 128.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.uint8]

_MOST_SAMPLED = 400
"""Codes of which every pair is compared to tell what chance does."""


class Chance(NamedTuple):
    """Of so many pairs of different things, how many lie at least as near."""

    pairs: int
    as_near: int


NO_CHANCE = Chance(0, 0)
"""Where nothing was compared."""


def distances(codes: Codes, code: bytes) -> Any:
    """Return the distance of each row (n, 32) to one code of 32 bytes."""
    import numpy as np  # noqa: PLC0415  (start-up time)

    return _bits()[codes ^ np.frombuffer(code, np.uint8)].sum(axis=1, dtype=np.int64)


def distance(one: bytes, other: bytes) -> int:
    """Return the distance of two codes."""
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()


def chance(codes: Codes, bits: int) -> Chance:
    """Return how often two codes that differ lie within a distance, over all pairs of up to 400 evenly chosen rows."""
    import numpy as np  # noqa: PLC0415

    step = -(-len(codes) // _MOST_SAMPLED) or 1
    sample = np.unique(codes[::step], axis=0) if len(codes) else codes
    found = [distances(sample[at + 1 :], sample[at].tobytes()) for at in range(len(sample) - 1)]
    near = sum(int((each <= bits).sum()) for each in found)
    return Chance(sum(map(len, found)), near)


@cache
def _bits() -> Any:
    import numpy as np  # noqa: PLC0415

    return np.array([value.bit_count() for value in range(256)], np.uint8)
