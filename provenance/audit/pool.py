"""Does many like tasks in several processes, in the order that they were given; none that dies takes others along."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from itertools import islice
from multiprocessing import get_context
from typing import Generic, TypeVar

from worldloom.provenance.errors import StorageError
from worldloom.provenance.storage import Storage

Task = TypeVar("Task")
Result = TypeVar("Result")

FEW = 150
"""Signed files from which on starting processes, half a second, costs less than it saves."""

MUCH = 16 << 20
"""Bytes of bodies from which on it does."""

MUCH_ANSWERED = 64 << 20
"""Bytes of recorded answers, of which there is less to judge."""

_OF_RUNNING = 10
"""Of processes that run already a tenth of that is asked."""

_WAITING = 4
"""Batches a process that are under way or wait to be taken: what comes of all tasks need not fit into memory."""


class Workers:
    """At most `jobs` processes, started when there is much to do and ended with the block; with one, all is done here.

    Not to be shared by threads.
    """

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._pool: ProcessPoolExecutor | None = None

    @property
    def alone(self) -> bool:
        """Whether all is done in this process, whatever there is to do."""
        return self._jobs <= 1

    def worth(self, amount: int, enough: int) -> bool:
        """Whether an amount of work is worth other processes, where `enough` is worth starting them."""
        return amount >= (enough if self._pool is None else enough // _OF_RUNNING)

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def in_order(
        self,
        do: Callable[[Task], Result],
        tasks: Iterable[Task],
        lost: Callable[[Task], Result],
        *,
        much: bool,
        batch: int = 1,
    ) -> Iterator[Result]:
        """Yield `do(task)` for each task; `do` is a function of a module, so that other processes find it.

        Tasks are taken as they are needed, and sent by batches. Where one ends its process (a library that a hostile
        file brings down), what was sent and is not done is done by one process; of the task that ends that again,
        `lost(task)` stands in the place. Unless there is `much` to do all is done here.
        """
        if self.alone or not much:
            yield from map(do, tasks)
            return
        batches = _batches(tasks, batch)
        running: deque[tuple[list[Task], Future[list[Result]] | None]] = deque()
        with _OneByOne(do, lost) as after:
            for part in islice(batches, self._jobs * _WAITING):
                running.append((part, self._sent(do, part)))
            while running:
                part, future = running.popleft()
                done = self._of(future)
                for following in () if after.here else islice(batches, 1):
                    running.append((following, self._sent(do, following)))
                yield from map(after.do, part) if done is None else done
            yield from (after.do(task) for part in batches for task in part)

    def _sent(self, do: Callable[[Task], Result], part: list[Task]) -> Future[list[Result]] | None:
        if self._pool is None:
            self._pool = _pool(self._jobs)
        try:
            return self._pool.submit(_all_of, do, part)
        except BrokenProcessPool:
            return None

    def _of(self, future: Future[list[Result]] | None) -> list[Result] | None:
        try:
            return None if future is None else future.result()
        except BrokenProcessPool:
            self._end()  # the next batch begins another
            return None

    def _end(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None


ALONE = Workers(1)
"""Does all in this process."""


class _OneByOne(Generic[Task, Result]):
    """One process, and another when a task has ended it; `here`, where no process can be started, does this one."""

    def __init__(self, do: Callable[[Task], Result], lost: Callable[[Task], Result]) -> None:
        self._do, self._lost = do, lost
        self._pool: ProcessPoolExecutor | None = None
        self._can_start = False
        self.here = False

    def __enter__(self) -> _OneByOne[Task, Result]:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown()

    def do(self, task: Task) -> Result:
        """Do one task."""
        if self.here:
            return self._do(task)
        try:
            return self._done(self._do, task)
        except BrokenProcessPool:
            return self.do(task) if self._is_no_start() else self._lost(task)

    def _done(self, do: Callable[[Task], Result], task: Task) -> Result:
        if self._pool is None:
            self._pool = _pool(1)
        try:
            return self._pool.submit(_all_of, do, [task]).result()[0]
        except BrokenProcessPool:
            self._pool = None
            raise

    def _is_no_start(self) -> bool:
        """Whether a process ends whatever it is sent, as where the program that asked has no `if __name__` guard."""
        if not self._can_start:
            try:
                with _pool(1) as pool:
                    self._can_start = not pool.submit(bool).result()
            except BrokenProcessPool:
                self.here = True
        return self.here


def size_of(storage: Storage, paths: Iterable[str]) -> int:
    """Return how many bytes files have together; one that is gone meanwhile has none."""
    size = 0
    for path in paths:
        with suppress(StorageError):
            size += storage.size(path)
    return size


def _pool(jobs: int) -> ProcessPoolExecutor:
    # Not forked: threads of libraries, and the C2PA SDK's objects, do not live on in a fork.
    return ProcessPoolExecutor(jobs, mp_context=get_context("spawn"))


def _batches(tasks: Iterable[Task], size: int) -> Iterator[list[Task]]:
    left = iter(tasks)
    while batch := list(islice(left, size)):
        yield batch


def _all_of(do: Callable[[Task], Result], part: list[Task]) -> list[Result]:
    return [do(task) for task in part]
