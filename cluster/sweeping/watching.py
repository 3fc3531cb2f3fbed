"""How a sweep goes on, as a value told to whoever watches. Draws nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple


class SweepStatus(NamedTuple):
    """Where a sweep stands: of `runs`, how many are done (of these `found` finished before, `failed`), how many now;
    steps over all runs, those of failed ones counted as done.
    """

    runs: int
    done: int
    found: int
    failed: int
    running: int
    step: int
    steps: int


Watch = Callable[[SweepStatus], object]


class Count:
    """Counts runs and steps of a sweep and tells the watcher."""

    def __init__(self, steps: Mapping[str, int], found: Sequence[str], watch: Watch) -> None:
        self._steps = dict(steps)
        self._done = dict.fromkeys(found, False)
        self._found = len(found)
        self._running: dict[str, int] = {}
        self._watch = watch
        self._tell()

    def note(self, run: str, step: int) -> None:
        """Take in how many steps of a run are done."""
        if run not in self._done:
            self._running[run] = step
            self._tell()

    def end(self, run: str, *, failed: bool) -> None:
        """Take in that a run ended."""
        self._running.pop(run, None)
        self._done[run] = failed
        self._tell()

    @property
    def done(self) -> int:
        """How many runs ended."""
        return len(self._done)

    def _tell(self) -> None:
        step = sum(self._steps[run] for run in self._done) + sum(self._running.values())
        failed = sum(self._done.values())
        total = sum(self._steps.values())
        counts = len(self._steps), len(self._done), self._found, failed, len(self._running)
        self._watch(SweepStatus(*counts, step, total))
