"""How long a world takes to make: relief, sea, river and biomes (erosion is not in it yet), and the settlement on it.

Budget: 5 CPU-seconds for 1,024 x 1,024 cells (docs/design.md, Budgets). CPU seconds of all threads, median
of some seeds.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple, TypeVar

from harness import Budget, report
from worldloom.worlds.settlement import found_settlement
from worldloom.worlds.terrain import make_terrain


class Settings(NamedTuple):
    sizes: tuple[int, ...]
    seeds: tuple[int, ...]


BUDGETS = {"terrain_cpu_seconds_of_1024": Budget(5)}
FULL = Settings(sizes=(512, 1024), seeds=(7, 8, 9))
SMALL = Settings(sizes=(128,), seeds=(7,))
Made = TypeVar("Made")


def timed(work: Callable[[int], Made], seeds: Sequence[int]) -> tuple[float, list[Made]]:
    """Median CPU seconds, and what was made for each seed."""
    seconds, made = [], []
    for seed in seeds:
        start = time.process_time()
        made.append(work(seed))
        seconds.append(time.process_time() - start)
    return round(statistics.median(seconds), 3), made


def figures(settings: Settings) -> dict[str, float]:
    make_terrain(1, 128)  # imports and caches
    result = {}
    for size in settings.sizes:
        taken, terrains = timed(partial(make_terrain, size=size), settings.seeds)
        lands = dict(zip(settings.seeds, terrains, strict=True))
        result[f"terrain_cpu_seconds_of_{size}"] = taken
        taken, _ = timed(lambda seed, lands=lands: found_settlement(lands[seed], seed), settings.seeds)
        result[f"settlement_cpu_seconds_of_{size}"] = taken
    return result


def main() -> None:
    report(__file__, figures(FULL), BUDGETS, FULL)


if __name__ == "__main__":
    main()
