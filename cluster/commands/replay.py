"""`worldloom replay`: computes a run again and compares the content roots."""

from __future__ import annotations

from typing import Annotated

import typer
from worldloom.cluster.options import ResumeOptions

from . import shared
from .faults import FAILED
from .summary import print_replay
from .watching import watched


def replay(
    run: shared.RunPath,
    regenerate: Annotated[
        bool, typer.Option("--regenerate", help="Ask repeatable models again instead of using the recorded answers.")
    ] = False,
    sample: Annotated[
        str,
        typer.Option("--sample", metavar="N|P%", help="With --regenerate: only N, or P percent, answers of each kind."),
    ] = "",
    trust_code: shared.TrustCode = False,
    as_json: shared.Json = False,
) -> None:
    """Compute a run again from its recorded answers, or from its models, and compare the content roots.

    With --sample single answers are made anew and compared, and no step is computed; which ones the content root
    decides. The result is signed into RUN.replay, which audit reads. Exit status: 0 equal, 1 different or an error,
    2 usage.
    """
    _check(regenerate, sample)
    options = ResumeOptions(
        placement=shared.placement(1, True, ""), trust_code=trust_code, regenerate=regenerate, sample=sample
    )
    from worldloom.cluster import replaying  # noqa: PLC0415  (loads the engine)

    with watched(quiet=as_json) as progress:
        result = replaying.replay(run, options, progress)
    if as_json:
        shared.print_json(result.to_json())
    else:
        print_replay(result, shared.out())
    if not result.equal:
        raise typer.Exit(FAILED)


def _check(regenerate: bool, sample: str) -> None:
    from worldloom.provenance.errors import FormatError  # noqa: PLC0415  (start-up time)
    from worldloom.provenance.sample import SampleSize  # noqa: PLC0415

    if not sample:
        return
    if not regenerate:
        raise typer.BadParameter("--sample is of answers that models make anew: give --regenerate, too")
    try:
        SampleSize.parse(sample)
    except FormatError as error:
        raise typer.BadParameter(f"--sample: {error}") from error
