"""Seeded choices from small sets that count their entropy, for sources of training data. Not for runs."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Draws:
    """Picks from small sets, all equally likely; `nats` is what the picks tell: no loss can fall much below it."""

    def __init__(self, *key: int | str) -> None:
        self._key = "/".join(map(str, key)).encode()
        self._count = 0
        self.nats = 0.0

    def pick(self, options: Sequence[T]) -> T:
        """Return one of the options; one named twice is twice as likely, and counted as if it were two."""
        word = hashlib.blake2b(self._key, digest_size=8, salt=self._count.to_bytes(8, "big")).digest()
        self._count += 1
        self.nats += math.log(len(options))
        return options[int.from_bytes(word, "big") % len(options)]
