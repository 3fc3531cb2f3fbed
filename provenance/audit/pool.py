"""Does many like tasks in several processes, in the order that they were given; none that dies takes others along."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Generic, TypeVar

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

    Where a task ends its process (a library that a hostile file brings down), what is not done yet is done by one
    process; of the task that ends that again, `lost(task)` stands in the place. With one job, or few tasks, all is
    done here.
    """
    if jobs <= 1 or len(tasks) < few:
        yield from map(do, tasks)
        return
    parts = [tasks[at : at + _AT_ONCE] for at in range(0, len(tasks), _AT_ONCE)]
    with _pool(jobs) as pool, _OneByOne(do, lost) as after:
        running = [(part, _submitted(pool, do, part)) for part in parts]
        for part, future in running:
            try:
                done = None if future is None else future.result()
            except BrokenProcessPool:
                done = None
            yield from map(after.do, part) if done is None else done


class _OneByOne(Generic[Task, Result]):
    """One process, and another when a task has ended it."""

    def __init__(self, do: Callable[[Task], Result], lost: Callable[[Task], Result]) -> None:
        self._do, self._lost = do, lost
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> _OneByOne[Task, Result]:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown()

    def do(self, task: Task) -> Result:
        """Do one task."""
        if self._pool is None:
            self._pool = _pool(1)
        try:
            return self._pool.submit(_all_of, self._do, [task]).result()[0]
        except BrokenProcessPool:
            self._pool = None
            return self._lost(task)


def _pool(jobs: int) -> ProcessPoolExecutor:
    # Not forked: threads of libraries, and the C2PA SDK's objects, do not live on in a fork.
    return ProcessPoolExecutor(jobs, mp_context=get_context("spawn"))


def _submitted(
    pool: ProcessPoolExecutor, do: Callable[[Task], Result], part: Sequence[Task]
) -> Future[list[Result]] | None:
    try:
        return pool.submit(_all_of, do, part)
    except BrokenProcessPool:
        return None


def _all_of(do: Callable[[Task], Result], part: Sequence[Task]) -> list[Result]:
    return [do(task) for task in part]
