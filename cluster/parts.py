"""Wall time by part of a run: what the end of a run and the 3 % budget of provenance are told from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

PROVENANCE = ("sign", "log", "snapshots", "seal")
"""Parts that exist only because a run can be proved."""


class Parts:
    """Seconds by part. Parts do not nest: an inner part's time is taken off the outer one's."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {}
        self._open: list[str] = []
        self._since = perf_counter()
        self._start = self._since

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Count the time within as that part's."""
        self._book()
        self._open.append(name)
        try:
            yield
        finally:
            self._book()
            self._open.pop()

    @property
    def seconds(self) -> dict[str, float]:
        """Seconds by part, longest first."""
        return dict(sorted(self._seconds.items(), key=lambda row: -row[1]))

    @property
    def total(self) -> float:
        """Seconds since the parts were made."""
        return perf_counter() - self._start

    @property
    def provenance_share(self) -> float:
        """Share of the total that went into provenance, 0 to 1."""
        return sum(self._seconds.get(name, 0.0) for name in PROVENANCE) / self.total

    def _book(self) -> None:
        now = perf_counter()
        if self._open:
            name = self._open[-1]
            self._seconds[name] = self._seconds.get(name, 0.0) + now - self._since
        self._since = now
