"""How long it takes until memories come to mind, and what one costs in memory.

Budgets: 0.3 ms for the best 10 of 10,000 memories of 96 dimensions; about 1 kB a memory (docs/design.md, Budgets).
Medians in milliseconds for streams of several sizes with queries that never repeat, and the time to append.
"""

from __future__ import annotations

import statistics
import time
import tracemalloc
from typing import NamedTuple

import numpy as np
from harness import Budget, report
from worldloom.agents.embedding import DIMENSIONS
from worldloom.agents.memory import MemoryStream
from worldloom.agents.names import FAMILIES, GIVEN
from worldloom.agents.retrieval import index_of, retrieve
from worldloom.worlds.chance import below


class Settings(NamedTuple):
    sizes: tuple[int, ...]
    queries: int
    best: int = 10
    words: int = 12
    seed: int = 1


BUDGETS = {"retrieve_ms_of_10000": Budget(0.3), "bytes_a_memory_of_10000": Budget(1000)}
FULL = Settings(sizes=(300, 600, 10_000), queries=400)
SMALL = Settings(sizes=(300,), queries=20)
VOCABULARY = [*GIVEN, *FAMILIES]


def texts(purpose: str, count: int) -> list[str]:
    """Sentences of 12 words; of 2,550 words the first ones come often, the last ones hardly ever."""
    rolls = below(FULL.seed, purpose, 1 << 16, np.arange(count)[:, None], np.arange(FULL.words))
    ranks = rolls**3 * len(VOCABULARY) >> 48
    return [" ".join(VOCABULARY[rank] for rank in row) for row in ranks.tolist()]


def fill(size: int) -> tuple[MemoryStream, float]:
    """A stream of so many memories, a minute apart, and the seconds it took to append them."""
    stream = MemoryStream("agent-1", size)
    sentences = texts("memories", size)
    start = time.perf_counter()
    for number, text in enumerate(sentences):
        about = (f"agent-{number % 25}", f"place-{number % 17}")
        stream.append(number * 60, "seen", text, f"event-{number * 60}-0-{number % 9}", number % 10, about)
    return stream, time.perf_counter() - start


def milliseconds(stream: MemoryStream, settings: Settings) -> float:
    """Median time of one retrieval, the index made before."""
    index_of(stream)
    taken = []
    for query in texts("queries", settings.queries):
        start = time.perf_counter()
        found = retrieve(stream, query, len(stream) * 60, settings.best)
        taken.append(time.perf_counter() - start)
        assert len(found) == settings.best
    return statistics.median(taken) * 1000


def bytes_a_memory(size: int) -> int:
    """What a memory costs with its vector and its part of the index."""
    fill(size)  # caches of words are shared by all streams and stay out of the figure
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    stream, _ = fill(size)
    index_of(stream)
    after = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return (after - before) // len(stream)


def figures(settings: Settings) -> dict[str, float]:
    result: dict[str, float] = {"dimensions": DIMENSIONS}
    for size in settings.sizes:
        stream, seconds = fill(size)
        result[f"append_ms_of_{size}"] = round(seconds / size * 1000, 4)
        result[f"retrieve_ms_of_{size}"] = round(milliseconds(stream, settings), 4)
        result[f"bytes_a_memory_of_{size}"] = bytes_a_memory(size)
    return result


def main() -> None:
    report(__file__, figures(FULL), BUDGETS, FULL)


if __name__ == "__main__":
    main()
