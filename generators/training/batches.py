"""Gives a training its batches in order, made here or ahead by other processes. What is in them the course decides."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

from worldloom.generators.errors import TrainingError

from .course import Course, Plan

TOGETHER = 8
"""Neighbouring steps that one process makes: a course may draw some steps' lessons at once."""
_AHEAD = 2
"""Runs of neighbouring steps that each process has made, or is making, before they are needed."""


def batches(course: Course, plan: Plan, first: int, workers: int = 0) -> Iterator[tuple[int, Any]]:
    """Yield (step, batch) from step `first` to the plan's last. With `workers` that many processes make them.

    The batches are the same either way, since a batch follows from plan and step; the course must be picklable then.
    """
    if workers <= 0:
        for step in range(first, plan.steps):
            yield step, course.batch(plan, step)
        return
    # Not forked: torch's threads do not survive a fork.
    with ProcessPoolExecutor(workers, get_context("spawn"), initializer=_begin, initargs=(course,)) as pool:
        waiting: deque[Future[list[tuple[int, Any]]]] = deque()
        try:
            for steps in _runs(first, plan.steps):
                waiting.append(pool.submit(_made, plan, steps))
                if len(waiting) >= _AHEAD * workers:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _runs(first: int, end: int) -> Iterator[range]:
    """Yield the steps from `first` on in runs that end at multiples of TOGETHER."""
    while first < end:
        last = min(first - first % TOGETHER + TOGETHER, end)
        yield range(first, last)
        first = last


_course: Course
"""In a process that makes batches: its course, kept from task to task with what it has drawn and learnt."""


def _begin(course: Course) -> None:
    import torch  # noqa: PLC0415  (heavy: only where a model is trained)

    global _course  # noqa: PLW0603  (a process of a pool has no other place)
    _course = course
    torch.set_num_threads(1)


def _made(plan: Plan, steps: range) -> list[tuple[int, Any]]:
    return [(step, _course.batch(plan, step)) for step in steps]


def to_device(batch: Any, device: str) -> Any:
    """Return the batch with every tensor in it, at any depth of tuples, lists and maps, on the device."""
    if hasattr(batch, "to"):
        return batch.to(device)
    if isinstance(batch, dict):
        return {key: to_device(value, device) for key, value in batch.items()}
    if isinstance(batch, tuple) and hasattr(batch, "_fields"):
        return type(batch)(*(to_device(value, device) for value in batch))
    if isinstance(batch, list | tuple):
        return type(batch)(to_device(value, device) for value in batch)
    if batch is None or isinstance(batch, bool | int | float | str):
        return batch
    raise TrainingError(f"a batch holds a {type(batch).__name__}: use tensors, numbers, tuples, lists and maps of them")
