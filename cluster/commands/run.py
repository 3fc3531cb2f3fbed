"""`worldloom run`: runs a scenario from its first step to a sealed run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from worldloom.cluster.options import RunOptions

from . import shared
from .summary import print_run
from .watching import watched

_DEFAULT = "saltmarsh"


def run(
    scenario: Annotated[
        str, typer.Argument(metavar="SCENARIO", help="A scenario file, or the name of a shipped one.")
    ] = _DEFAULT,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="The run folder to make.", show_default="runs/<name>-<n>"),
    ] = None,
    seed: Annotated[int | None, typer.Option("--seed", min=0, max=2**53 - 1, metavar="N", help="Run seed.")] = None,
    agents: Annotated[int | None, typer.Option("--agents", min=1, metavar="N", help="Number of agents.")] = None,
    hours: Annotated[int | None, typer.Option("--hours", min=1, metavar="H", help="Simulated hours.")] = None,
    cohorts: shared.Cohorts = shared.COHORTS,
    local: shared.Local = False,
    address: shared.Address = "",
    generator: Annotated[
        list[str] | None,
        typer.Option(
            "--generator", metavar="KIND=SPEC", help="Who makes a kind: text=rules, mesh=embedded, …; repeatable."
        ),
    ] = None,
    as_json: shared.Json = False,
) -> None:
    """Run a scenario, sign what it makes, seal it.

    Exit status: 0 sealed, 1 error, 2 usage, 130 interrupted and resumable.
    """
    options = RunOptions(
        scenario=scenario,
        out=out,
        seed=seed,
        agents=agents,
        hours=hours,
        generators=_generators(generator or []),
        placement=shared.placement(cohorts, local, address),
    )
    from worldloom.cluster import running  # noqa: PLC0415  (loads the engine)

    with watched(quiet=as_json) as progress:
        result = running.run(options, progress)
    if as_json:
        shared.print_json(result.to_json())
    else:
        print_run(result, shared.out())


def _generators(specifications: list[str]) -> dict[str, str]:
    """Read KIND=SPEC pairs; a specification may itself hold `=`."""
    chosen: dict[str, str] = {}
    for text in specifications:
        kind, separator, spec = text.partition("=")
        if not (kind and separator and spec):
            raise typer.BadParameter(f"--generator {text!r}: write KIND=SPEC, such as text=rules")
        if kind in chosen:
            raise typer.BadParameter(f"--generator {kind}: given twice, as {chosen[kind]!r} and {spec!r}")
        chosen[kind] = spec
    return chosen
