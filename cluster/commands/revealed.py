"""The option of an audit that hands it prompts of private runs, as `worldloom reveal` wrote them. Holds no command."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from worldloom.provenance.audit import Demands

Revealed = Annotated[
    list[Path] | None,
    typer.Option(
        "--revealed", metavar="FILE", help="A prompt of a private run (`worldloom reveal`): was it used? Repeatable."
    ),
]


def with_revealed(demands: Demands, files: list[Path] | None) -> Demands:
    """Return the demands with the prompts of these files; refuses at once what is none."""
    if not files:
        return demands
    from worldloom.provenance.errors import FormatError  # noqa: PLC0415  (start-up time)
    from worldloom.provenance.revealed import RevealedPrompt  # noqa: PLC0415

    shown = []
    for path in files:
        if not path.is_file():
            raise typer.BadParameter(f"--revealed {path}: there is no such file")
        try:
            shown.append((path.name, RevealedPrompt.decode(path.read_bytes())))
        except FormatError as error:
            raise typer.BadParameter(f"--revealed {path}: {error}") from error
    return replace(demands, revealed=tuple(shown))
