"""Seeded choices that count their surprise, so that the source's entropy is known. Not for cryptography."""

from __future__ import annotations

import hashlib
import math
import struct
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
_WORDS = 8
"""Draws taken from one digest."""


class Draws:
    """A counter-based stream: draw `n` of a key is the same wherever and whenever it is made."""

    def __init__(self, *key: int | str) -> None:
        self._key = "/".join(map(str, key)).encode()
        self._count = 0
        self._words: tuple[int, ...] = ()
        self.nats = 0.0
        """Surprise of the draws so far; its mean over many streams is the source's entropy."""

    def pick(self, options: Sequence[T]) -> T:
        """Return one of the options, each place equally likely; an option that stands twice is twice as likely."""
        block, place = divmod(self._count, _WORDS)
        if not place:
            digest = hashlib.blake2b(self._key, digest_size=64, salt=block.to_bytes(8, "big")).digest()
            self._words = struct.unpack(f">{_WORDS}Q", digest)
        self._count += 1
        chosen = options[self._words[place] % len(options)]
        self.nats += math.log(len(options) / options.count(chosen))
        return chosen
