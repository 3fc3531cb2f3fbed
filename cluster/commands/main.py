"""The `worldloom` command: puts the commands together. What each does stands in the file of its name."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from . import (
    ask,
    audit,
    bundle,
    diff,
    disclose,
    evaluate,
    fork,
    import_,
    keys,
    lineage,
    log,
    new,
    receipt,
    redact,
    replay,
    resume,
    reveal,
    run,
    sweep,
    timestamp,
    train,
    view,
)
from .faults import Front

DEBUG = "--debug"

app = typer.Typer(
    name="worldloom",
    cls=Front,
    help="Simulated worlds you can prove: run a scenario, audit the run, trace where everything came from.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for command in (
    run.run,
    sweep.sweep,
    new.new,
    resume.resume,
    replay.replay,
    fork.fork,
    diff.diff,
    ask.ask,
    audit.audit,
    disclose.disclose,
    bundle.bundle,
    receipt.receipt,
    timestamp.timestamp,
    redact.redact,
    reveal.reveal,
    lineage.lineage,
    train.train,
    evaluate.evaluate,
    view.view,
):
    app.command()(command)
app.command("import")(import_.import_)
app.add_typer(keys.app, name="keys")
app.add_typer(log.app, name="log")


def _print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version  # noqa: PLC0415  (start-up time)

        typer.echo(f"worldloom {version('worldloom')}")
        raise typer.Exit


@app.callback()
def _front(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
    debug: Annotated[
        bool, typer.Option(DEBUG, help="Show the traceback when something fails; may stand anywhere.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command line on `sys.argv`; exit status 0, 1 (failed), 2 (usage), 130 (interrupted) or audit's."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a path that the terminal cannot show must not end a run
            stream.reconfigure(errors="backslashreplace")
    app(args=_debug_first(sys.argv[1:]), prog_name="worldloom")


def _debug_first(arguments: list[str]) -> list[str]:
    """Move `--debug` to the front, where the parser wants it; after `--` it is an argument like any other."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    options = [argument for argument in arguments[:end] if argument != DEBUG]
    return [DEBUG] * (len(options) < end) + options + arguments[end:]


if __name__ == "__main__":
    main()
