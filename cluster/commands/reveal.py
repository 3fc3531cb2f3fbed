"""`worldloom reveal`: shows one prompt of a private run with the salt that proves it, and no other."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from . import shared


def reveal(
    run: shared.RunPath,
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="A decision's id, a made file by path or digest, a request's digest.")
    ],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write it there, not to standard output.")
    ] = None,
    trust_code: shared.TrustCode = False,
) -> None:
    """Compute one prompt of a private run again; with RUN.salt beside the run. The salt in it opens this prompt alone.

    Whoever has the run, or the made file, checks it with `worldloom audit PATH --revealed FILE`.

    Exit status: 0 done, 1 error, 2 usage.
    """
    from worldloom.cluster import revealing  # noqa: PLC0415  (loads the engine)

    data = revealing.reveal(run, name, trust_code=trust_code).encode()
    if out is None:
        sys.stdout.write(data.decode())
    else:
        out.write_bytes(data)
