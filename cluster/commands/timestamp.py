"""`worldloom timestamp`: asks an RFC 3161 authority for a timestamp on a run's seal, and keeps it beside the run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from . import shared


def timestamp(
    run: shared.RunPath,
    tsa: Annotated[str, typer.Option("--tsa", metavar="URL", help="Address of the timestamp authority.")],
) -> None:
    """Have a third party say when a run's seal existed; it sees a digest only. The answer is RUN.tsr."""
    from worldloom.provenance.errors import StorageError  # noqa: PLC0415  (start-up time)
    from worldloom.provenance.folder import SEAL  # noqa: PLC0415
    from worldloom.provenance.timestamp import TIMESTAMP, ask_timestamp, read_timestamp  # noqa: PLC0415

    seal = run / SEAL
    if not seal.is_file():
        raise typer.BadParameter(f"{run}: holds no SEAL; only a sealed run folder gets a timestamp")
    data = seal.read_bytes()
    response = ask_timestamp(tsa, data)
    folder = run.resolve()
    path = folder.with_name(folder.name + TIMESTAMP)
    try:
        Path(path).write_bytes(response)
    except OSError as error:
        raise StorageError(f"{path}: {error.strerror}; make the folder of the run writable") from error
    stamp = read_timestamp(response, data, ())
    shared.say(f"{stamp.time:%Y-%m-%d %H:%M:%S} UTC, by {tsa}")
    shared.say(f"{path}; hand it on with the run, audit it with --tsa-anchor PEM of that authority")
