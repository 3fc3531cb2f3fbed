"""Which requests go through a model together, and what to do when memory is short. Runs no model itself."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence

from .control import Facts

BUCKET = 64
"""Prompts are padded to a multiple of this, so that a prompt's length alone decides its padded length."""

_MEMORY_WORDS = ("out of memory", "not enough memory", "can't allocate memory", "cannot allocate memory")


def padded(length: int) -> int:
    """Return the length of a prompt with its padding."""
    return -(-max(length, 1) // BUCKET) * BUCKET


class Batches:
    """Groups requests of one size; halves the groups of that size and above when memory does not suffice.

    `rows` is the largest number of requests in a batch, `cells` the largest number of rows times size.
    """

    def __init__(self, rows: int, cells: int, facts: Facts) -> None:
        self._rows = rows
        self._cells = cells
        self._facts = facts

    def rows(self, size: int) -> int:
        """Return how many requests of a size go into one batch now."""
        return max(1, min(self._rows, self._cells // size))

    def run(self, sizes: Sequence[int], work: Callable[[list[int], int], None]) -> list[int]:
        """Call `work(places, rows)` for groups of places of one size; return the places that fit in no memory.

        `rows` is the number of rows that a batch of that size has when it is full.
        """
        waiting = sorted(range(len(sizes)), key=lambda place: (sizes[place], place))
        lost: list[int] = []
        while waiting:
            size = sizes[waiting[0]]
            rows = self.rows(size)
            group = [place for place in waiting[:rows] if sizes[place] == size]
            if self._try(group, rows, work):
                waiting = waiting[len(group) :]
            elif rows > 1:
                self._cells = max(size, min(rows, self._cells // size) * size // 2)
                self._facts.add("halved")
            else:
                lost += group
                waiting = waiting[len(group) :]
        return lost

    def _try(self, group: list[int], rows: int, work: Callable[[list[int], int], None]) -> bool:
        self._facts.add("batches")
        self._facts.most("largest_batch", len(group))
        try:
            work(group, rows)
        except Exception as error:
            if not is_out_of_memory(error):
                raise
            self._facts.add("out_of_memory")
        else:
            return True
        # Only here, after the except block: the error held on to the tensors of the batch.
        release_memory()
        return False


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error says that memory is short, on the processor or on a GPU."""
    import torch  # noqa: PLC0415  (heavy: only where a model is used)

    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    return isinstance(error, RuntimeError) and any(word in str(error).lower() for word in _MEMORY_WORDS)


def release_memory() -> None:
    """Give back what a failed batch left behind."""
    import torch  # noqa: PLC0415

    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
