"""Chance of one request, drawn from its seed and counters alone. The same on every device and in every batch."""

from __future__ import annotations

import hashlib


def _word(seed: int, *counters: int) -> int:
    data = b"".join(number.to_bytes(8, "big") for number in (seed, *counters))
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "big")


def fold(seed: int, attempt: int = 0) -> int:
    """Return a 31-bit seed of an attempt: torch's generator and many servers look at no more bits than these."""
    return _word(seed, attempt) >> 33


def uniform(seed: int, attempt: int, step: int) -> float:
    """Return the number in [0, 1) that decides the token of a step; `seed` is unsigned, of 64 bits."""
    return (_word(seed, attempt, step) >> 11) / 2**53
