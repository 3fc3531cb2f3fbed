"""Shows how a sweep goes on (one bar over all runs, plain lines where there is no terminal) and what it came to."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from .faults import quoted
from .shared import printable

if TYPE_CHECKING:
    from rich.console import Console
    from worldloom.cluster.sweeping.result import SweepResult
    from worldloom.cluster.sweeping.watching import SweepStatus, Watch

PLAIN_SECONDS = 5.0
MOST_ERRORS = 5
"""Failed runs that are told one by one."""


@contextmanager
def watched_sweep(quiet: bool) -> Iterator[Watch]:
    """Give the watcher that fits where standard error goes; `quiet` gives one that says nothing."""
    if quiet:
        yield lambda _status: None
    elif sys.stderr.isatty():
        with _bar() as watch:
            yield watch
    else:
        yield PlainSweep().watch


def counts(status: SweepStatus) -> str:
    """Return one text: runs done, running, found and failed."""
    parts = [f"{status.done}/{status.runs} runs", f"{status.running} running"]
    parts += [f"{status.found} found"] if status.found else []
    parts += [f"{status.failed} failed"] if status.failed else []
    return ", ".join(parts)


class PlainSweep:
    """A line on standard error every few seconds, and whenever a run ended."""

    def __init__(self) -> None:
        self._next = 0.0
        self._done = -1

    def watch(self, status: SweepStatus) -> None:
        """Print where the sweep stands, if there is something new to say."""
        now = time.monotonic()
        if status.done != self._done or now >= self._next:
            self._next, self._done = now + PLAIN_SECONDS, status.done
            sys.stderr.write(f"{counts(status)}, step {status.step:,}/{status.steps:,}\n")
            sys.stderr.flush()


@contextmanager
def _bar() -> Iterator[Watch]:
    from rich import progress as bars  # noqa: PLC0415
    from rich.console import Console  # noqa: PLC0415  (start-up time)

    steps = bars.MofNCompleteColumn(), bars.TextColumn("steps")
    times = bars.TimeElapsedColumn(), bars.TextColumn("left"), bars.TimeRemainingColumn()
    text = bars.TextColumn("{task.description}", markup=False)
    with bars.Progress(
        text, bars.BarColumn(), bars.TaskProgressColumn(), *steps, *times, console=Console(stderr=True)
    ) as progress:
        task = progress.add_task("starting", total=None)

        def watch(status: SweepStatus) -> None:
            progress.update(task, description=counts(status), total=status.steps, completed=status.step)

        yield watch


def print_sweep(result: SweepResult, console: Console) -> None:
    """Print means with their intervals, what failed, and where everything lies."""
    ended = len(result.rows) - len(result.failed)
    console.print(f"{ended} of {len(result.rows)} runs in {result.seconds:.1f} s: {result.out}")
    summary = result.summary.to_pylist()
    if summary:
        console.print(_table(summary))
    for row in result.failed[:MOST_ERRORS]:
        console.print(f"failed: {printable(row.run)}: {printable(row.outcome.error)}")
    if len(result.failed) > MOST_ERRORS:
        console.print(f"and {len(result.failed) - MOST_ERRORS} more; the table has all errors")
    if result.out is not None:
        folder = quoted(str(result.out))
        console.print(f"All rows: {folder}/sweep.parquet")
        kept = next((row.folder for row in result.rows if row.folder and row not in result.failed), "")
        if kept:
            console.print(f"Every run can be audited: worldloom audit {quoted(f'{result.out}/{kept}')}")


def _table(summary: list[dict[str, Any]]) -> Any:
    from rich.box import SIMPLE  # noqa: PLC0415  (start-up time)
    from rich.table import Table  # noqa: PLC0415

    names = [name for name in summary[0] if name not in ("mean", "low", "high")]
    table = Table(*names, "mean", "95 % interval", box=SIMPLE)
    for row in summary:
        span = "" if row["low"] is None else f"{row['low']:,.2f} to {row['high']:,.2f}"
        mean = "" if row["mean"] is None else f"{row['mean']:,.2f}"
        table.add_row(*(printable(str(row[name])) for name in names), mean, span)
    return table
