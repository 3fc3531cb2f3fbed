"""`worldloom lineage`: where a made thing came from, back to persona, prompt, weights and scenario."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from . import shared


class Format(StrEnum):
    """How lineage is printed."""

    TREE = "tree"
    GRAPHML = "graphml"
    JSON = "json"


def lineage(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="A file inside a run folder, such as an artifact; or, with NAME, a run."),
    ],
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="What in that run: an id such as event-36060-0-3, or a digest.")
    ] = "",
    form: Annotated[Format, typer.Option("--format", help="How to print it.")] = Format.TREE,
) -> None:
    """Print where a made thing came from: decision, memories, persona, prompt, model weights, scenario."""
    if name and not file.is_dir():
        raise typer.BadParameter(f"{file}: is no run folder, so nothing called {name} can be looked up in it")
    if not name and not file.is_file():
        raise typer.BadParameter(f"{file}: there is no such file")
    from worldloom.generators.training.reference import shipped_logs  # noqa: PLC0415  (start-up time)
    from worldloom.provenance.folder import read_run  # noqa: PLC0415
    from worldloom.provenance.lineage import Lineage, find_run  # noqa: PLC0415
    from worldloom.provenance.storage import LocalDisk, Storage  # noqa: PLC0415

    storage = Storage(LocalDisk((file if name else find_run(file)).resolve()))
    read_run(storage)  # refuses a run of a newer format
    view = Lineage.of(storage, shipped_logs())
    if form is Format.JSON:
        shared.print_json(view.to_json(name or file))
    else:
        text = view.tree(name or file) if form is Format.TREE else view.to_graphml(name or file)
        sys.stdout.write(text.rstrip("\n") + "\n")
