"""`worldloom resume`: goes on with a run that was interrupted or killed."""

from __future__ import annotations

from worldloom.cluster.options import ResumeOptions

from . import shared
from .summary import print_run
from .watching import watched


def resume(
    run: shared.RunPath,
    cohorts: shared.Cohorts = shared.COHORTS,
    local: shared.Local = False,
    address: shared.Address = "",
    trust_code: shared.TrustCode = False,
    witness: shared.WitnessUrls = None,
    signer: shared.Signer = "",
    as_json: shared.Json = False,
) -> None:
    """Go on with a run that was interrupted or killed, and seal it.

    Steps after the last snapshot are done again from recorded answers and must equal the log. Exit status as `run`.
    """
    options = ResumeOptions(
        placement=shared.placement(cohorts, local, address),
        trust_code=trust_code,
        witnesses=shared.witness_urls(witness),
        signer=signer,
    )
    from worldloom.cluster import running  # noqa: PLC0415  (loads the engine)

    with watched(quiet=as_json) as progress:
        result = running.resume(run, options, progress)
    if as_json:
        shared.print_json(result.to_json())
    else:
        print_run(result, shared.out())
