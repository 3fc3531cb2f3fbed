"""What the benchmarks share: a result's form, the commit and machine that it names, its file. Measures nothing.

A benchmark is a script with BUDGETS (figure: Budget), FULL and SMALL (settings; the small ones are for tests) and
`figures(settings)`. `report` prints what that gives against the budgets and writes results/<benchmark>.json.
"""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

RESULTS = Path(__file__).parent / "results"
ORIGIN = "worldloom.run/benchmark"
"""Origin of the logs that benchmarks write."""


class Budget(NamedTuple):
    """A limit of docs/design.md: a figure may be at most that, or with `least` must be at least that."""

    limit: float
    least: bool = False

    def kept(self, value: float) -> bool:
        """Whether a figure is within the budget."""
        return value >= self.limit if self.least else value <= self.limit

    def __str__(self) -> str:
        return f"{'at least' if self.least else 'at most'} {self.limit:,}"


def cpu(work: Callable[[], object], rounds: int = 1) -> float:
    """CPU seconds of all threads of this process, the least of the rounds: others on the machine can only add to it."""

    def once() -> float:
        start = time.process_time()
        work()
        return time.process_time() - start

    return min(once() for _ in range(rounds))


Series = Mapping[str, Mapping[str, Sequence[Sequence[float]]]]
"""What a plot shows (docs/plots): by the plot's name, by the line's name, points (x, y) or (x, y, half an interval)."""


def report(
    script: str, figures: Mapping[str, Any], budgets: Mapping[str, Budget], settings: Any, series: Series | None = None
) -> None:
    """Print the figures and write the result of the script of that path; `settings` is a named tuple."""
    name = Path(script).stem
    missing = set(budgets) - set(figures)
    if missing:
        raise SystemExit(f"{name}: a budget for what was not measured: {', '.join(sorted(missing))}")
    result = {
        "benchmark": name,
        "figures": dict(figures),
        "budgets": {figure: budget._asdict() for figure, budget in budgets.items()},
        "settings": settings._asdict(),
        "commit": commit(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}",
        "load": round(os.getloadavg()[0], 1),
        "python": sys.version.split()[0],
    } | ({"series": series} if series else {})
    for figure, value in figures.items():
        print(f"{figure:52} {shown(value):>12} {verdict(value, budgets.get(figure))}".rstrip())
    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / f"{name}.json"
    path.write_text(json.dumps(result, indent=2) + "\n")
    print(f"written to {path}")


def plot_name(benchmark: str, plot: str) -> str:
    """Name of a plot's file in docs/plots/."""
    return f"{benchmark}-{re.sub('[^a-z0-9]+', '-', plot.lower()).strip('-')}.svg"


def verdict(value: float, budget: Budget | None) -> str:
    """What to say of a figure: nothing without a budget."""
    return "" if budget is None else f"{'within' if budget.kept(value) else 'over'} budget ({budget})"


def shown(value: Any) -> str:
    """A value as people read it."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return f"{value:,}"


def commit() -> str:
    """The commit that is checked out, as hex."""
    answer = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False)
    return answer.stdout.strip() or "unknown"
