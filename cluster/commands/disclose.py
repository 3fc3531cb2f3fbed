"""`worldloom disclose`: which marks the made things of a run carry, and what two laws ask beyond. Gives no verdict."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from . import shared, trusting

Page = Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write the report as one page to this file.")]


def disclose(
    run: shared.RunPath,
    anchor: trusting.Anchors = None,
    html: Page = None,
    as_json: shared.Json = False,
) -> None:
    """Tell of each made thing which marks of its origin it carries, which model under which licence made it.

    And what is missing of what the EU's AI Act (Article 50) and California's SB 942 ask of generated content. It says
    nothing about whether a law binds you, or whether you fulfil it; missing marks are a result, not a failure.
    """
    from worldloom.provenance.disclosure import disclose as report_on  # noqa: PLC0415  (start-up time)
    from worldloom.provenance.disclosure import render, to_json, to_page  # noqa: PLC0415

    if not run.is_dir():
        raise typer.BadParameter(f"{run}: there is no such run folder")
    report = report_on(run, datetime.now(UTC).date(), trusting.anchors(anchor))
    if html is not None:
        html.write_text(to_page(report), encoding="utf-8")
    if as_json:
        shared.print_json(to_json(report))
    elif html is None:
        sys.stdout.write(render(report))
    else:
        shared.say(f"Written: {html}")
