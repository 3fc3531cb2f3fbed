"""Which recorded answers a sample is: drawn from the content root, so that nobody chooses. Asks no generator.

Each request ranks by SHA-256 over a prefix, the content root and its own digest; of each kind of generator the lowest
ranks are drawn. Whoever has the run draws the same again. (An operator who makes up many runs before the seal chooses
among their roots; that is so with all that happens before the seal.)
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from .digests import from_hex
from .errors import FormatError

_RANK = b"worldloom/sample/1\n"
_SIZE = re.compile(r"(0|[1-9][0-9]{0,8})(?:\.([0-9]{1,2}))?(%?)\Z")
_HUNDREDTHS = 10_000


@dataclass(frozen=True)
class SampleSize:
    """So many of each kind, or so many hundredths of a percent of each kind; the other is 0."""

    count: int
    hundredths: int = 0

    @classmethod
    def parse(cls, text: str) -> SampleSize:
        """Read `20`, `5%` or `0.5%`; raises FormatError."""
        match = _SIZE.match(text.strip())
        whole, part, percent = match.groups() if match else ("", None, "")
        if not match or (part and not percent):
            raise FormatError(f"sample {text[:80]!r}: write a number such as 20, or a share such as 5% or 0.5%")
        hundredths = int(whole) * 100 + int((part or "").ljust(2, "0"))
        size = cls(0, hundredths) if percent else cls(int(whole))
        if not (size.count or size.hundredths) or size.hundredths > _HUNDREDTHS:
            raise FormatError(f"sample {text[:80]!r}: is nothing, or more than all; write 20, or 5%")
        return size

    def of(self, total: int) -> int:
        """Return how many of `total` are drawn: at least one, unless there is none."""
        wanted = self.count or -(-total * self.hundredths // _HUNDREDTHS)
        return min(total, max(1, wanted))

    def __str__(self) -> str:
        whole, part = divmod(self.hundredths, 100)
        return str(self.count) if self.count else f"{whole}.{part:02}%".replace(".00%", "%")


class Sample(NamedTuple):
    """What was asked for, how many answers were drawn of how many, and the hex digest over those that were."""

    size: str
    drawn: int
    of: int
    digest: str


def draw(content_root: str, requests: Mapping[str, Iterable[str]], size: SampleSize) -> dict[str, list[str]]:
    """Return the hex request digests that are drawn, by kind and sorted by rank; raises FormatError for odd digests."""
    root = from_hex(content_root)
    drawn = {}
    for kind in sorted(requests):
        ranked = sorted(requests[kind], key=lambda request: hashlib.sha256(_RANK + root + from_hex(request)).digest())
        drawn[kind] = ranked[: size.of(len(ranked))]
    return drawn


def sample_of(drawn: Mapping[str, Iterable[str]], size: SampleSize, total: int) -> Sample:
    """Return what a receipt says of a draw from `total` answers."""
    every = sorted(request for requests in drawn.values() for request in requests)
    return Sample(str(size), len(every), total, hashlib.sha256("\n".join(every).encode()).hexdigest())
