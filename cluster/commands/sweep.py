"""`worldloom sweep`: runs a scenario over parameters and replicates, with one bar over all runs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

import typer

from . import shared

_RANGE = re.compile(r"(-?[0-9]{1,16})\.\.(-?[0-9]{1,16})\Z")
_LONGEST_RANGE = 100_000
_INTEGER = re.compile(r"-?[0-9]{1,16}\Z")
_FAILED = 1

Over = Annotated[
    list[str] | None,
    typer.Option(
        "--over",
        metavar="NAME=V,V,…",
        help="A parameter and its values: agents=10,20 or seed=1..5 or generators.text=rules,uniform; repeatable.",
    ),
]


def sweep(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="A scenario file, or a shipped one's name.")],
    over: Over = None,
    replicates: Annotated[
        int, typer.Option("--replicates", min=1, metavar="N", help="Runs of each combination, each with its own seed.")
    ] = 1,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="The sweep's folder.", show_default="sweeps/<name>"),
    ] = None,
    measures_only: Annotated[
        bool, typer.Option("--measures-only", help="Measure in memory: no run folders, nothing signed.")
    ] = False,
    every: Annotated[
        int, typer.Option("--every", min=0, metavar="S", help="Measure each S simulated seconds; with --measures-only.")
    ] = 0,
    workers: Annotated[
        int, typer.Option("--workers", min=0, max=100_000, metavar="W", help="Runs at once on Ray; 0: one a core.")
    ] = 0,
    local: shared.Local = False,
    address: shared.Address = "",
    generator: shared.Generators = None,
    as_json: shared.Json = False,
) -> None:
    """Run a scenario over parameters and replicates; each run is a sealed run folder in DIR/runs.

    The same command again goes on with what is missing. Exit status: 0 all runs ended, 1 some failed or an error,
    2 usage, 130 interrupted.
    """
    wanted, placement = _parameters(over), shared.placement(1, local, address)
    generators = shared.generators(generator)
    from worldloom.cluster.scenario_file import load_scenario  # noqa: PLC0415  (loads the engine)
    from worldloom.cluster.sweeping.sweep import sweep as run_sweep  # noqa: PLC0415

    from .sweep_view import print_sweep, watched_sweep  # noqa: PLC0415

    folder = out or Path("sweeps") / load_scenario(scenario).scenario.name
    with watched_sweep(quiet=as_json) as watch:
        result = run_sweep(
            scenario,
            wanted,
            replicates=replicates,
            out=folder,
            keep=not measures_only,
            every=every,
            generators=generators,
            placement=placement,
            workers=workers,
            watch=watch,
        )
    if as_json:
        shared.print_json(result.to_json())
    else:
        print_sweep(result, shared.out())
    if result.failed:
        raise typer.Exit(_FAILED)


def _parameters(given: list[str] | None) -> dict[str, list[Any]]:
    """Read NAME=V,V,…: texts, integers, ranges of them (`1..5`, both ends), `true` and `false`."""
    found: dict[str, list[Any]] = {}
    for text in given or ():
        name, separator, values = text.partition("=")
        if not (name and separator and values):
            raise typer.BadParameter(f"--over {text!r}: write NAME=VALUE,VALUE, such as agents=10,20")
        if name in found:
            raise typer.BadParameter(f"--over {name}: given twice; put all its values into one")
        found[name] = [value for part in values.split(",") for value in _value(name, part.strip())]
    return found


def _value(name: str, text: str) -> list[Any]:
    span = _RANGE.match(text)
    if span:
        first, last = int(span[1]), int(span[2])
        if not 0 <= last - first < _LONGEST_RANGE:
            raise typer.BadParameter(f"--over {name}={text}: a range goes up, over at most {_LONGEST_RANGE} values")
        return list(range(first, last + 1))
    if _INTEGER.match(text):
        return [int(text)]
    return [{"true": True, "false": False}.get(text, text)]
