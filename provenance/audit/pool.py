"""Does many like tasks in several processes, in the order that they were given; none that dies takes others along."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")

FEW = 150
"""Tasks below which starting a process costs more than it saves."""

_AT_ONCE = 8
"""Tasks that a process is sent at once."""


def in_order(
    do: Callable[[Task], Result],
    tasks: Sequence[Task],
    jobs: int,
    lost: Callable[[Task], Result],
    few: int = FEW,
) -> Iterator[Result]:
    """Yield `do(task)` for each task; `do` is a function of a module, so that other processes find it.

    A task that ends its process (a library that a hostile file brings down) is tried once more, alone; if it does so
    again, `lost(task)` stands in its place. With one job, or few tasks, all is done here.
    """
    if jobs <= 1 or len(tasks) < few:
        yield from map(do, tasks)
        return
    # Not forked: threads of libraries, and the C2PA SDK's objects, do not live on in a fork.
    context = get_context("spawn")
    parts = [tasks[at : at + _AT_ONCE] for at in range(0, len(tasks), _AT_ONCE)]
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        running = [(part, _submit(pool, do, part)) for part in parts]
        for part, future in running:
            yield from _results(future, do, part, lost)


def _submit(
    pool: ProcessPoolExecutor, do: Callable[[Task], Result], part: Sequence[Task]
) -> Future[list[Result]] | None:
    try:
        return pool.submit(_all_of, do, part)
    except BrokenProcessPool:
        return None


def _results(
    future: Future[list[Result]] | None,
    do: Callable[[Task], Result],
    part: Sequence[Task],
    lost: Callable[[Task], Result],
) -> Iterator[Result]:
    try:
        if future is not None:
            yield from future.result()
            return
    except BrokenProcessPool:
        pass
    for task in part:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
            try:
                yield alone.submit(_all_of, do, [task]).result()[0]
            except BrokenProcessPool:
                yield lost(task)


def _all_of(do: Callable[[Task], Result], part: Sequence[Task]) -> list[Result]:
    return [do(task) for task in part]
