"""Chance as a pure function of keys: run seed, purpose, and integers such as agent and time. Keeps no state at all.

Every draw names what it is for, so that adding one rule never shifts another's luck, and a run can be cut, resumed or
spread over processes without anybody carrying a generator along.
"""

from __future__ import annotations

import hashlib
from functools import cache

import numpy as np
from numpy.typing import NDArray

from .noise import Ints, hashed


@cache
def _purpose(purpose: str) -> int:
    word = hashlib.sha256(b"worldloom/chance/1\n" + purpose.encode()).digest()[:8]
    return int.from_bytes(word, "big", signed=True)


def draw_u64(seed: int, purpose: str, *keys: Ints | int) -> NDArray[np.uint64]:
    """Return one 64-bit word per element of the broadcast integer keys, at least one-dimensional."""
    return hashed(seed, _purpose(purpose), *keys)


def below(seed: int, purpose: str, count: int, *keys: Ints | int) -> Ints:
    """Return one integer in [0, count) per element of the broadcast keys; `count` is 1 to 2^32."""
    # The upper half times count: no modulo bias worth the name, and no word longer than 64 bits.
    upper = draw_u64(seed, purpose, *keys) >> np.uint64(32)
    return ((upper * np.uint64(count)) >> np.uint64(32)).astype(np.int64)


def one_below(seed: int, purpose: str, count: int, *keys: int) -> int:
    """Return one integer in [0, count) for plain integer keys."""
    return int(below(seed, purpose, count, *keys)[0])


def permutation(seed: int, time: int, round_: int, agents: Ints) -> Ints:
    """Return the positions in `agents` (their numbers, each once) in the order in which they have their way.

    The order among any two follows from seed, time, round and their own numbers, not from who else is there.
    """
    words = draw_u64(seed, "order", time, round_, np.asarray(agents, np.int64))
    return np.lexsort((agents, words[: len(agents)]))
