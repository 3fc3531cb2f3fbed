"""How long a world takes to make: relief, sea, river and biomes (erosion is not in it yet), and the settlement on it.

Budget: 5 CPU-seconds for 1,024 x 1,024 cells (docs/design.md, Budgets). CPU seconds of all threads, median
of three seeds; writes benchmarks/results/terrain.json with machine, seed and commit.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from worldloom.worlds.settlement import found_settlement
from worldloom.worlds.terrain import make_terrain

BUDGET_SECONDS = 5
SIZES = (512, 1024)
SEEDS = (7, 8, 9)
RESULT = Path(__file__).parent / "results" / "terrain.json"


def cpu_seconds(work: Callable[[], object]) -> tuple[float, object]:
    start = time.process_time()
    made = work()
    return time.process_time() - start, made


def figures() -> dict[str, float]:
    result = {}
    for size in SIZES:
        terrains, settlements = [], []
        for seed in SEEDS:
            seconds, terrain = cpu_seconds(lambda: make_terrain(seed, size))  # noqa: B023  (called at once)
            terrains.append(seconds)
            seconds, _ = cpu_seconds(lambda: found_settlement(terrain, seed))  # noqa: B023  (called at once)
            settlements.append(seconds)
        result[f"terrain_cpu_seconds_of_{size}"] = round(statistics.median(terrains), 3)
        result[f"settlement_cpu_seconds_of_{size}"] = round(statistics.median(settlements), 3)
    return result


def commit() -> str:
    answer = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False)
    return answer.stdout.strip() or "unknown"


def main() -> None:
    make_terrain(1, 128)  # imports and caches
    measured = figures()
    result = {
        "benchmark": "terrain",
        "budget_terrain_cpu_seconds_of_1024": BUDGET_SECONDS,
        **measured,
        "seeds": ", ".join(map(str, SEEDS)),
        "commit": commit(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}",
        "python": sys.version.split()[0],
    }
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=2) + "\n")
    for name, value in measured.items():
        print(f"{name:40} {value:>10,}")
    print(f"written to {RESULT}")


if __name__ == "__main__":
    main()
