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
    generator: shared.Generators = None,
    witness: shared.WitnessUrls = None,
    signer: shared.Signer = "",
    private: Annotated[
        bool, typer.Option("--private", help="Record no prompt, only salted digests; their secret is RUN.salt.")
    ] = False,
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
        generators=shared.generators(generator),
        placement=shared.placement(cohorts, local, address),
        witnesses=shared.witness_urls(witness),
        signer=signer,
        private=private,
    )
    from worldloom.cluster import running  # noqa: PLC0415  (loads the engine)

    with watched(quiet=as_json) as progress:
        result = running.run(options, progress)
    if as_json:
        shared.print_json(result.to_json())
    else:
        print_run(result, shared.out())
