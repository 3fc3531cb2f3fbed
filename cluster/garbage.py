"""Python's search for unreachable cycles, held off where it can find none. Not for saving memory."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Hold the search off, in the whole process, while a great many objects are made that stay.

    Every 700 of them would begin a search otherwise, some through all that torch and transformers hold: a snapshot of
    25 minds then took 0.3 s in place of 0.05.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
