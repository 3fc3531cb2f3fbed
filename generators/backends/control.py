"""What holds for every call of a production backend: its deadline, how it is given up, and what is counted."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from worldloom.generators.errors import CancelledError, GeneratorError


class Facts:
    """Counts of what happened, for those who watch: diagnostics, never content. Any thread may add."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def add(self, name: str, count: int = 1) -> None:
        """Count something."""
        with self._lock:
            self._counts[name] += count

    def most(self, name: str, value: int) -> None:
        """Keep the largest value that was seen."""
        with self._lock:
            self._counts[name] = max(self._counts[name], value)

    def read(self) -> dict[str, int]:
        """Return all counts, by name."""
        with self._lock:
            return dict(sorted(self._counts.items()))


class Patience:
    """How long one call may go on. The clock decides when it ends, never what an answer says."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._stop = threading.Event()

    @property
    def left(self) -> float:
        """Seconds until the deadline, never negative."""
        return max(0.0, self._end - time.monotonic())

    @property
    def cancelled(self) -> bool:
        """Whether the call's owner gave it up."""
        return self._stop.is_set()

    @property
    def ended(self) -> bool:
        """Whether nothing more is to be done: the deadline has passed or the call was given up."""
        return self.cancelled or self.left <= 0

    def cancel(self) -> None:
        """Give the call up; from any thread."""
        self._stop.set()

    def require(self) -> None:
        """Raise CancelledError when the call was given up."""
        if self.cancelled:
            raise CancelledError("the call was cancelled; nothing of it was recorded, and it may be made again")


class Control:
    """The calls of one generator that are under way. `cancel` ends them, `close` also refuses later ones."""

    def __init__(self, deadline_s: int) -> None:
        self.facts = Facts()
        self._deadline_s = deadline_s
        self._calls: set[Patience] = set()
        self._lock = threading.Lock()
        self._closed = False

    @contextmanager
    def call(self) -> Iterator[Patience]:
        """Hold the patience of one call; raises GeneratorError after `close`."""
        patience = Patience(self._deadline_s)
        with self._lock:
            if self._closed:
                raise GeneratorError("this generator was closed; make a new one")
            self._calls.add(patience)
        try:
            yield patience
        finally:
            with self._lock:
                self._calls.discard(patience)

    def cancel(self) -> None:
        """Give up all calls under way; later ones are served."""
        with self._lock:
            for patience in self._calls:
                patience.cancel()

    def close(self) -> None:
        """Give up all calls under way and refuse later ones."""
        with self._lock:
            self._closed = True
        self.cancel()
