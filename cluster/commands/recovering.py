"""`worldloom audit --recover`: looks a file up in runs. The looking up is provenance's; no command of its own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from . import shared

_NOT_FOUND = 11
_LARGEST = 256 << 20

Recover = Annotated[
    Path | None,
    typer.Option(
        "--recover",
        metavar="FILE",
        help="Audit nothing; find what in PATH… (runs, or folders of runs) this file was made from.",
    ),
]


def recover(file: Path, paths: list[Path], anchors: list[bytes], as_json: bool) -> None:
    """Print where a file came from; ends with 11 where nothing is like it."""
    from worldloom.provenance.recovery import recover as look_up  # noqa: PLC0415  (start-up time)
    from worldloom.provenance.recovery import render, runs_in, to_json  # noqa: PLC0415

    if not file.is_file():
        raise typer.BadParameter(f"--recover {file}: there is no such file")
    if file.stat().st_size > _LARGEST:
        raise typer.BadParameter(f"--recover {file}: has more than {_LARGEST >> 20} MB; no artifact is so large")
    runs = runs_in(paths)
    if not runs:
        raise typer.BadParameter(
            f"{paths[0]}: neither a run, as a folder or a zip, nor a folder of some: name where the runs are"
        )
    result = look_up(file.read_bytes(), runs)
    if as_json:
        shared.print_json(to_json(str(file), result, anchors))
    else:
        sys.stdout.write(render(str(file), result, anchors))
    if not result.found:
        raise typer.Exit(_NOT_FOUND)
