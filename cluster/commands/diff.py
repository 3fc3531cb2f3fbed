"""`worldloom diff`: where two runs part, and how much of what was decided, made and said differs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import shared
from .watching import watched

if TYPE_CHECKING:
    from rich.console import Console
    from worldloom.cluster.diff_side import Item
    from worldloom.cluster.diffing import DiffResult

LISTED = 6
"""Items that are listed of those that only one run has; `--json` has all."""
_CUT = 72


def diff(
    first: Annotated[Path, typer.Argument(metavar="RUN", help="A run folder.")],
    second: Annotated[Path, typer.Argument(metavar="RUN", help="Another one.")],
    as_json: shared.Json = False,
) -> None:
    """Say where two runs part, and how much of what was decided, made and said differs.

    Digests that differ only because the runs' scenarios do are no difference, so forks can be compared. Exit status: 0,
    whatever differs.
    """
    from worldloom.cluster import diffing  # noqa: PLC0415  (loads the engine)

    with watched(quiet=as_json):
        result = diffing.diff(first, second)
    if as_json:
        shared.print_json(result.to_json())
    else:
        _print(result, shared.out())


def _print(result: DiffResult, console: Console) -> None:
    from worldloom.worlds.clock import clock_text  # noqa: PLC0415  (numpy)

    show = shared.printable
    for number, run in enumerate(result.runs, 1):
        console.print(show(f"{number}: {run}"))
    console.print(f"{result.relation[0].upper()}{show(result.relation[1:])}.")
    for name, (one, two) in result.scenario.items():
        console.print(show(f"  {name}: {_cut(one) or 'nothing'} | {_cut(two) or 'nothing'}"))
    parting = result.parting
    if parting is None:
        console.print("All content is the same.")
    else:
        console.print(f"They part at content {parting.number}, {clock_text(parting.time)}:")
        console.print(show(f"  1 has {parting.here}; 2 has {parting.there}"))
        if parting.fields:
            console.print(show(f"  differing: {_cut(', '.join(parting.fields))}"))
    _print_figures(result, console)
    _print_shares(result, console)
    for title, part in (("decided", result.decisions), ("made", result.things), ("said", result.words)):
        _print_only(title, 1, part.only_first, console)
        _print_only(title, 2, part.only_second, console)


def _print_figures(result: DiffResult, console: Console) -> None:
    from rich.box import SIMPLE  # noqa: PLC0415  (start-up time)
    from rich.table import Table  # noqa: PLC0415

    table = Table("in the log", "1", "2", box=SIMPLE, title="Counts and measures", title_justify="left")
    for name, both in {**result.counts, **result.measures}.items():
        table.add_row(shared.printable(name), *("" if value is None else f"{value:,}" for value in both))
    console.print(table)


def _print_shares(result: DiffResult, console: Console) -> None:
    from rich.box import SIMPLE  # noqa: PLC0415  (start-up time)
    from rich.table import Table  # noqa: PLC0415

    table = Table("what", "1", "2", "in both", "differs", "differs later", box=SIMPLE)
    table.title, table.title_justify = "How much differs, in all and from where they part on", "left"
    rows = (
        ("decisions", result.decisions),
        ("made things", result.things),
        ("words", result.words),
        ("words without names", result.nameless),
    )
    for name, part in rows:
        whole, later = part.whole, part.later
        counts = (f"{count:,}" for count in whole)
        table.add_row(name, *counts, f"{whole.differing:.1%}", f"{later.differing:.1%}")
    console.print(table)


def _print_only(title: str, number: int, items: tuple[Item, ...], console: Console) -> None:
    from worldloom.worlds.clock import clock_text  # noqa: PLC0415  (numpy)

    if not items:
        return
    console.print(f"Only in {number}, {title}: {len(items):,}")
    for item in items[:LISTED]:
        console.print(shared.printable(f"  {clock_text(item.time)}, {item.agent}: {_cut(item.words)}"))
    if len(items) > LISTED:
        console.print("  …")


def _cut(text: str) -> str:
    return text if len(text) <= _CUT else text[: _CUT - 1] + "…"
