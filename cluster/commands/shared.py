"""Options and printing that several commands share. Holds no command."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from worldloom.cluster.options import DEFAULT_COHORTS, Placement

if TYPE_CHECKING:
    from rich.console import Console

Cohorts = Annotated[
    int, typer.Option("--cohorts", min=1, max=4096, metavar="K", help="Cohort actors on Ray; changes no content.")
]
Local = Annotated[bool, typer.Option("--local", help="Everything in this process, without Ray.")]
Address = Annotated[
    str, typer.Option("--address", metavar="A", help="Join the Ray cluster at this address instead of starting one.")
]
TrustCode = Annotated[
    bool, typer.Option("--trust-code", help="Run the scenario code of a run that somebody else made.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output, and nothing else there.")]
RunPath = Annotated[Path, typer.Argument(metavar="RUN", help="A run folder.")]
Generators = Annotated[
    list[str] | None,
    typer.Option(
        "--generator", metavar="KIND=SPEC", help="Who makes a kind: text=rules, mesh=embedded, …; repeatable."
    ),
]
Signer = Annotated[
    str,
    typer.Option(
        "--signer",
        metavar="KEY",
        help="A key that signs credentials where it lives: a pkcs11 URI with module-path (PIN in WORLDLOOM_PIN), or a "
        "function as package.module:name.",
    ),
]
WitnessUrls = Annotated[
    list[str] | None,
    typer.Option("--witness", metavar="URL", help="Ask this witness to cosign the log's head at the seal; repeatable."),
]
COHORTS = DEFAULT_COHORTS


def placement(cohorts: int, local: bool, address: str) -> Placement:
    """Return where to compute; `--local` and `--address` exclude each other."""
    if local and address:
        raise typer.BadParameter("--local computes in this process, --address on a cluster: give one of them")
    return Placement(cohorts=cohorts, local=local, address=address)


def generators(specifications: list[str] | None) -> dict[str, str]:
    """Read KIND=SPEC pairs; a specification may itself hold `=`."""
    chosen: dict[str, str] = {}
    for text in specifications or ():
        kind, separator, spec = text.partition("=")
        if not (kind and separator and spec):
            raise typer.BadParameter(f"--generator {text!r}: write KIND=SPEC, such as text=rules")
        if kind in chosen:
            raise typer.BadParameter(f"--generator {kind}: given twice, as {chosen[kind]!r} and {spec!r}")
        chosen[kind] = spec
    return chosen


def witness_urls(given: list[str] | None) -> tuple[str, ...]:
    """Return the addresses of witnesses; refuses at once what is none, not when the run is over."""
    for url in given or ():
        if not url.startswith(("http://", "https://")) or not url.partition("://")[2].strip("/"):
            raise typer.BadParameter(f"--witness {url!r}: write an address such as http://127.0.0.1:8080")
    return tuple(given or ())


def print_json(value: Any) -> None:
    """Print one value on one line, in ASCII, so that every terminal and pipe can take it."""
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def out() -> Console:
    """Return a console on standard output that reads no markup and colours no numbers in what it is given."""
    from rich.console import Console  # noqa: PLC0415  (start-up time)

    return Console(highlight=False, markup=False, emoji=False, soft_wrap=not sys.stdout.isatty())


def printable(text: str) -> str:
    """Return text from somebody else's files without control characters, which could rewrite the terminal."""
    return "".join(character if character.isprintable() else repr(character)[1:-1] for character in text)


def say(line: str) -> None:
    """Print one line on standard output as `main` set it up: what it cannot show is escaped."""
    sys.stdout.write(line + "\n")
