"""`worldloom fork`: runs on from a moment of a sealed run with other makers, in a folder of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from worldloom.cluster.options import ForkOptions

from . import shared
from .summary import print_run
from .watching import watched


def fork(
    run: shared.RunPath,
    at: Annotated[
        str,
        typer.Option("--at", metavar="TIME", help="Where the fork parts: 'day 1 12:00', '12:00', or seconds."),
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="The run folder to make.", show_default="runs/<name>-<n>"),
    ] = None,
    hours: Annotated[
        int | None, typer.Option("--hours", min=1, metavar="H", help="Simulated hours from the scenario's start on.")
    ] = None,
    cohorts: shared.Cohorts = shared.COHORTS,
    local: shared.Local = False,
    address: shared.Address = "",
    generator: shared.Generators = None,
    trust_code: shared.TrustCode = False,
    as_json: shared.Json = False,
) -> None:
    """Run on from a moment of a sealed run: the past is that run's, what follows is made anew by the makers named.

    The past is computed again from RUN's recorded answers and compared with its log. Exit status as `run`.
    """
    options = ForkOptions(
        at=at,
        out=out,
        hours=hours,
        generators=shared.generators(generator),
        placement=shared.placement(cohorts, local, address),
        trust_code=trust_code,
    )
    from worldloom.cluster import forking  # noqa: PLC0415  (loads the engine)

    with watched(quiet=as_json) as progress:
        result = forking.fork(run, options, progress)
    if as_json:
        shared.print_json(result.to_json())
    else:
        print_run(result, shared.out())
