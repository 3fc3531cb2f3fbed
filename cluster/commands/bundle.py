"""`worldloom bundle`: one file of a run with all that proves it, for auditors without the run. It only calls."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from . import shared
from .faults import quoted


def bundle(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A signed file in a run folder.")],
    run: Annotated[
        Path | None, typer.Option("--run", metavar="RUN", help="The run, where FILE is a path or digest in it.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="ZIP", help="Write there instead of FILE.bundle.zip here.")
    ] = None,
    parts: Annotated[
        bool,
        typer.Option("--parts", help="Also the files that its credential names by hash only, with their prompts."),
    ] = False,
    as_json: shared.Json = False,
) -> None:
    """Put one file, its credential, its log entry, the proof of it and the seal into one zip.

    `worldloom audit FILE.bundle.zip` judges it without the run; README.txt in it says how other tools do.
    """
    from worldloom.provenance.bundling import write_bundle  # noqa: PLC0415  (start-up time)
    from worldloom.provenance.lineage import find_run  # noqa: PLC0415

    if run is None and not file.is_file():
        raise typer.BadParameter(f"{file}: there is no such file; name one in a run folder, or give --run")
    folder = find_run(file) if run is None else run
    if not folder.is_dir():
        raise typer.BadParameter(f"--run {folder}: there is no such run folder")
    path = write_bundle(folder, file, out, parts=parts)
    if as_json:
        shared.print_json({"bundle": str(path), "bytes": path.stat().st_size})
        return
    shared.say(f"{path} ({path.stat().st_size:,} bytes)")
    shared.say(f"  worldloom audit {quoted(str(path))}   (without the run)")
