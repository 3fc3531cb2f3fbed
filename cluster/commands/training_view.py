"""Shows how a training goes on, and what judging found: lines, a bar, a table, or JSON. Trains and judges nothing."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import shared

if TYPE_CHECKING:
    from rich.progress import Progress
    from worldloom.generators.training.course import Metric
    from worldloom.generators.training.harness import Moment
    from worldloom.generators.training.record import Record

PLAIN_SECONDS = 5.0
"""Seconds of training between two plain lines."""


class TrainingView:
    """Tells phases and steps on standard error (a bar on a terminal, lines elsewhere), results on standard output."""

    def __init__(self, bar: Progress | None, quiet: bool) -> None:
        self._bar, self._quiet = bar, quiet
        self._task = bar.add_task("starting", total=None) if bar else None
        self._next = 0.0

    def phase(self, name: str) -> None:
        """Tell what is done now."""
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, description=name)
        else:
            self._line(name)

    def moment(self, moment: Moment) -> None:
        """Tell where the training is."""
        if self._bar is not None and self._task is not None:
            told = f"loss {moment.loss:.4f}, rate {moment.rate:.1e}"
            self._bar.update(self._task, total=moment.steps, completed=moment.step, description=told)
        elif moment.seconds >= self._next or moment.step == moment.steps:
            self._next = moment.seconds + PLAIN_SECONDS
            self._line(moment.line())

    def _line(self, text: str) -> None:
        if not self._quiet:
            sys.stderr.write(text + "\n")
            sys.stderr.flush()


@contextmanager
def watched(quiet: bool) -> Iterator[TrainingView]:
    """Give the view that fits where standard error goes; `quiet` (for `--json`) gives one that tells nothing."""
    if quiet or not sys.stderr.isatty():
        yield TrainingView(None, quiet)
        return
    from rich.console import Console  # noqa: PLC0415  (start-up time)
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield TrainingView(bar, quiet)


def show_training(record: Record, folder: Path, *, as_json: bool) -> None:
    """Print what a training gave."""
    if as_json:
        body = {"title": record.title, "steps": record.steps, "data": record.data, "folder": str(folder)}
        shared.print_json(body | {"metrics": figures(record.metrics)})
        return
    show_figures(record.metrics)
    shared.say(f"{record.title}: {record.steps:,} steps in {record.seconds:,} s; weights, card and log in {folder}")


def show_figures(metrics: tuple[Metric, ...]) -> None:
    """Print a table of figures between floor and ceiling."""
    from rich.table import Table  # noqa: PLC0415  (start-up time)

    table = Table("figure", "value", "floor", "ceiling", "share", "goal")
    for metric in metrics:
        numbers = (f"{number:.3f}" for number in (metric.value, metric.floor, metric.ceiling))
        reached = "" if metric.share >= metric.goal else " missed"
        table.add_row(metric.name, *numbers, f"{100 * metric.share:.0f} %", f"{100 * metric.goal:.0f} %{reached}")
    shared.out().print(table)


def figures(metrics: tuple[Metric, ...]) -> list[dict[str, Any]]:
    """Return figures as JSON values; a share that is no number is null."""
    rows = []
    for metric in metrics:
        share = None if math.isnan(metric.share) else metric.share
        rows.append({**metric._asdict(), "share": share, "goal": metric.goal})
    return rows
