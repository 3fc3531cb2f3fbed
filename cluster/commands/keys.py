"""`worldloom keys`: the user's keystore, its operator certificate and the anchors it trusts. Shows no private key."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Keys and trust anchors of this user.", no_args_is_help=True, rich_markup_mode=None)


@app.command()
def init() -> None:
    """Make the keystore and its operator root, if they are not there yet, and say where they lie."""
    from worldloom.provenance.keys import Keystore  # noqa: PLC0415  (start-up time)

    store = Keystore.open()
    if not store.operator.durable:
        typer.echo("No keystore can be written here: this operator would last for one run only.", err=True)
        typer.echo("Set WORLDLOOM_HOME to a folder that you can write.", err=True)
        raise typer.Exit(1)
    typer.echo(f"keystore {store.home}")
    _print_certificate(store.operator.certificate_pem)


@app.command("list")
def list_() -> None:
    """List the trust anchors: the operator's own root and those added with `keys trust`."""
    from worldloom.provenance.keys import Keystore  # noqa: PLC0415  (start-up time)

    for pem in Keystore.open().anchors():
        _print_certificate(pem)


@app.command()
def trust(
    pem: Annotated[
        Path, typer.Argument(metavar="PEM", help="Certificate of another operator, got from them directly.")
    ],
) -> None:
    """Trust another operator's runs from now on."""
    from worldloom.provenance.keys import Keystore  # noqa: PLC0415  (start-up time)

    if not pem.is_file():
        raise typer.BadParameter(f"{pem}: there is no such file; give a certificate in PEM form")
    data = pem.read_bytes()
    Keystore.open().add_anchor(data)
    _print_certificate(data)


@app.command()
def show() -> None:
    """Print the operator's certificate: hand it to those who audit your runs (`audit --anchor`)."""
    from worldloom.provenance.keys import Keystore  # noqa: PLC0415  (start-up time)

    sys.stdout.write(Keystore.open().operator.certificate_pem.decode("ascii"))


def _print_certificate(pem: bytes) -> None:
    from worldloom.provenance.trust import describe  # noqa: PLC0415  (start-up time)

    typer.echo(describe(pem))
