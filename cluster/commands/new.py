"""`worldloom new`: writes a commented scenario file to begin with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from . import shared
from .faults import quoted


def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Lower-case letters, digits, - and _.")],
    folder: Annotated[
        Path, typer.Option("--in", metavar="DIR", help="The folder of the file.", show_default="this one")
    ] = Path(),
) -> None:
    """Write NAME.py, a scenario in which every field, a hook and a measure are explained.

    A file that is there is never written over. Exit status: 0 written, 1 an error, 2 usage.
    """
    from worldloom.cluster.beginning import begin  # noqa: PLC0415  (pydantic)

    path = begin(name, folder)
    shown = quoted(shared.printable(str(path)))
    shared.say(f"{shared.printable(str(path))} is a whole scenario: change it, then")
    shared.say(f"  worldloom run {shown} --local --agents 4 --hours 2    # a run of seconds, to try it")
    shared.say(f"  worldloom run {shown}")
