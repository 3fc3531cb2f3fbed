"""How long it takes until memories come to mind, and what one costs in memory.

Budgets: 0.3 ms for the best 10 of 10,000 memories of 96 dimensions; about 1 kB a memory (docs/design.md, Budgets).
Prints medians in milliseconds for streams of several sizes with queries that never repeat, and the time to append;
writes them to benchmarks/results/retrieval.json with machine, seed and commit.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

import numpy as np
from worldloom.agents.embedding import DIMENSIONS
from worldloom.agents.memory import MemoryStream
from worldloom.agents.names import FAMILIES, GIVEN
from worldloom.agents.retrieval import index_of, retrieve
from worldloom.worlds.chance import below

BUDGET_MS = 0.3
BUDGET_BYTES = 1000
SIZES = (300, 600, 10_000)
BEST = 10
QUERIES = 400
WORDS = 12
SEED = 1
VOCABULARY = [*GIVEN, *FAMILIES]
RESULT = Path(__file__).parent / "results" / "retrieval.json"


def texts(purpose: str, count: int) -> list[str]:
    """Sentences of 12 words; of 2,550 words the first ones come often, the last ones hardly ever."""
    rolls = below(SEED, purpose, 1 << 16, np.arange(count)[:, None], np.arange(WORDS))
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


def milliseconds(stream: MemoryStream) -> float:
    """Median time of one retrieval, the index made before."""
    index_of(stream)
    taken = []
    for query in texts("queries", QUERIES):
        start = time.perf_counter()
        found = retrieve(stream, query, len(stream) * 60, BEST)
        taken.append(time.perf_counter() - start)
        assert len(found) == BEST
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


def figures() -> dict[str, float]:
    result: dict[str, float] = {}
    for size in SIZES:
        stream, seconds = fill(size)
        result[f"append_ms_of_{size}"] = round(seconds / size * 1000, 4)
        result[f"retrieve_ms_of_{size}"] = round(milliseconds(stream), 4)
    result["bytes_a_memory_of_600"] = bytes_a_memory(600)
    result["bytes_a_memory_of_10000"] = bytes_a_memory(10_000)
    return result


def commit() -> str:
    answer = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False)
    return answer.stdout.strip() or "unknown"


def main() -> None:
    measured = figures()
    result = {
        "benchmark": "retrieval",
        "budget_ms_of_10000": BUDGET_MS,
        "budget_bytes_a_memory": BUDGET_BYTES,
        **measured,
        "best": BEST,
        "dimensions": DIMENSIONS,
        "queries": QUERIES,
        "words_a_text": WORDS,
        "seed": SEED,
        "commit": commit(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}",
        "python": sys.version.split()[0],
        "numpy": np.__version__,
    }
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=2) + "\n")
    for name, value in measured.items():
        print(f"{name:40} {value:>10,}")
    print(f"written to {RESULT}")


if __name__ == "__main__":
    main()
