"""Where the runs of a sweep are computed: one after the other here, or as tasks on Ray, some at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from time import monotonic
from typing import Any

from worldloom.cluster.errors import LostWorkerError, ReachError
from worldloom.cluster.options import Placement
from worldloom.cluster.ray_calls import get, kill
from worldloom.cluster.ray_cluster import RayCluster

from .one_run import Job, Note, do_run
from .row import FAILED, Outcome

Done = Callable[[Job, Outcome], None]
"""Told a run and what came of it, as runs end."""

POLL_SECONDS = 0.3
PLACE_SECONDS = 90
"""How long the cluster may take to begin the first run."""
STOP_SECONDS = 30
"""How long runs may take to keep what is whole after Ctrl-C."""
ANSWER_SECONDS = 60


def spread(jobs: Sequence[Job], placement: Placement, workers: int, note: Note, done: Done) -> None:
    """Do all runs; `workers` is how many go on at once on Ray, 0 for one a core. Raises ReachError.

    Ctrl-C stops what goes on and comes through as KeyboardInterrupt; what was done was told to `done`.
    """
    if not jobs:
        return
    if placement.local:
        for job in jobs:
            done(job, do_run(job, note))
        return
    cluster = RayCluster(placement.address, "worldloom-sweep")
    try:
        _on_ray(jobs, workers, note, done)
    finally:
        cluster.close()


class Tally:
    """An actor that holds how many steps of each run are done, until it is read."""

    def __init__(self) -> None:
        self._steps: dict[str, int] = {}

    def note(self, run: str, step: int) -> None:
        """Take in how far a run is."""
        self._steps[run] = step

    def read(self) -> dict[str, int]:
        """Return what was noted since the last call."""
        steps, self._steps = self._steps, {}
        return steps


def _task(job: Job, tally: Any) -> Outcome:
    return do_run(job, tally.note.remote)


def _on_ray(jobs: Sequence[Job], workers: int, note: Note, done: Done) -> None:
    import ray  # noqa: PLC0415  (heavy)

    # max_calls=0: worker processes stay, and with them the models that they loaded.
    task = ray.remote(num_cpus=1, max_retries=0, max_calls=0, scheduling_strategy="SPREAD")(_task)
    at_once = workers or max(1, int(ray.cluster_resources().get("CPU", 1)))
    waiting, flying = deque(jobs), dict[Any, Job]()
    with _tally() as tally, _stopped(flying):
        patience = _Patience()
        while waiting or flying:
            while waiting and len(flying) < at_once:
                job = waiting.popleft()
                flying[task.remote(job, tally)] = job
            ready, _ = ray.wait(list(flying), num_returns=1, timeout=POLL_SECONDS)
            steps = get([tally.read.remote()], ANSWER_SECONDS)[0]
            for run, step in steps.items():
                note(run, step)
            patience.check(begun=bool(steps or ready))
            for ref in ready:
                done(flying.pop(ref), _outcome(ref))


def _outcome(ref: Any) -> Outcome:
    try:
        found: Outcome = get([ref], ANSWER_SECONDS)[0]
    except LostWorkerError as error:  # the others go on; a second call does this one again
        return Outcome(FAILED, error=f"LostWorkerError: {error}")
    return found


@contextmanager
def _tally() -> Iterator[Any]:
    import ray  # noqa: PLC0415  (heavy)

    tally = ray.remote(num_cpus=0)(Tally).remote()
    try:
        yield tally
    finally:
        kill(tally)


@contextmanager
def _stopped(flying: dict[Any, Job]) -> Iterator[None]:
    """Stop the runs that still go on when the block is left early: each keeps what is whole, as after Ctrl-C."""
    import ray  # noqa: PLC0415  (heavy)
    from ray.exceptions import RayError  # noqa: PLC0415

    try:
        yield
    finally:
        for ref in flying:
            with suppress(RayError, ValueError):
                ray.cancel(ref)
        if flying:
            with suppress(RayError):
                ray.wait(list(flying), num_returns=len(flying), timeout=STOP_SECONDS)


class _Patience:
    """Waits for the first run to begin, not for ever."""

    def __init__(self) -> None:
        self._until = monotonic() + PLACE_SECONDS

    def check(self, *, begun: bool) -> None:
        """Raise ReachError when nothing has begun in time."""
        if begun:
            self._until = float("inf")
        elif monotonic() > self._until:
            raise ReachError(
                f"the cluster began no run of the sweep within {PLACE_SECONDS} s: each wants 1 core. Wait until some "
                "is free, add nodes, or sweep with --local"
            )
