"""`worldloom view`: runs as a live page on this machine, also while they go on."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from worldloom.cluster.errors import ViewError

from . import shared

if TYPE_CHECKING:
    from worldloom.cluster.viewing.server import Address

_RUNS = Path("runs")
_EXTRA = ("nicegui", "fastapi", "uvicorn")


def view(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="RUN…", help="Run folders, or folders that hold some.", show_default="runs"),
    ] = None,
    scenario: Annotated[
        list[str] | None,
        typer.Option("--scenario", metavar="FILE", help="A scenario that the page may run, too; repeatable."),
    ] = None,
    host: Annotated[
        str,
        typer.Option("--host", metavar="ADDRESS", help="Listen there. Others than loopback open it to the network."),
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, metavar="N", help="0: any free one.")] = 8421,
    open_browser: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
    cohorts: shared.Cohorts = shared.COHORTS,
    local: shared.Local = False,
    address: shared.Address = "",
) -> None:
    """Show runs as a live page: progress, map, talk and artifacts as they come; begin, stop and resume runs from it.

    It prints an address with a token. Whoever has the token may see all runs named here, and begin, stop and resume
    runs as you. Runs that it began go on when it ends. Ctrl-C ends it; exit status 0, 1 error, 2 usage.
    """
    placement = shared.placement(cohorts, local, address)
    try:
        from worldloom.cluster.viewing import starting  # noqa: PLC0415  (an extra)

        page = starting.prepare(paths or _default(), scenario or [], host, port, placement)
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] not in _EXTRA:
            raise
        raise ViewError(
            f"the live page needs the library {error.name}, which is not installed. Do: pip install 'worldloom[view]'"
        ) from error
    with suppress(KeyboardInterrupt):  # how one ends it
        _tell(page.address, host)
        if open_browser:
            typer.launch(page.address.url)
        page.serve()
    for folder in page.site.jobs.running():
        shared.say(f"Goes on without this page: {folder} (look again with worldloom view)")


def _default() -> list[Path]:
    """Return `runs`, made where nobody has run anything yet: it is the folder that `worldloom run` writes to."""
    if not _RUNS.exists():
        _RUNS.mkdir()
    return [_RUNS]


def _tell(address: Address, host: str) -> None:
    shared.say(f"Live page: {address.url}")
    if not address.is_loopback:
        sys.stderr.write(
            f"worldloom: warning: {host} can be reached from other machines, and nothing on the way is encrypted: "
            "whoever reads along has the token, and may begin and stop runs as you\n"
        )
    sys.stdout.flush()
