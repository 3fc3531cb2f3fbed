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
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file inside a run folder, such as an artifact.")],
    form: Annotated[Format, typer.Option("--format", help="How to print it.")] = Format.TREE,
) -> None:
    """Print where a made thing came from: decision, memories, persona, prompt, model weights, scenario."""
    if not file.is_file():
        raise typer.BadParameter(f"{file}: there is no such file")
    from worldloom.provenance.folder import read_run  # noqa: PLC0415  (start-up time)
    from worldloom.provenance.lineage import Lineage, find_run  # noqa: PLC0415
    from worldloom.provenance.storage import LocalDisk, Storage  # noqa: PLC0415

    storage = Storage(LocalDisk(find_run(file).resolve()))
    read_run(storage)  # refuses a run of a newer format
    view = Lineage.of(storage)
    if form is Format.JSON:
        shared.print_json(view.to_json(file))
    else:
        text = view.tree(file) if form is Format.TREE else view.to_graphml(file)
        sys.stdout.write(text.rstrip("\n") + "\n")
