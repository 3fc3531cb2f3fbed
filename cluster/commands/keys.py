"""`worldloom keys`: the user's keystore, its operator certificate and the anchors it trusts. Shows no private key."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import shared

if TYPE_CHECKING:
    from worldloom.provenance.keys import Anchor

app = typer.Typer(help="Keys and trust anchors of this user.", no_args_is_help=True, rich_markup_mode=None)


@app.command()
def init() -> None:
    """Make the keystore and its operator root, if they are not there yet, and say where they lie."""
    from worldloom.provenance.errors import KeystoreError  # noqa: PLC0415  (start-up time)
    from worldloom.provenance.keys import Keystore  # noqa: PLC0415  (start-up time)

    store = Keystore.open()
    if not store.operator.durable:
        raise KeystoreError(
            f"no keystore can be written ({store.operator.reason}); set WORLDLOOM_HOME to another folder"
        )
    shared.say(f"keystore {store.home}")
    _print_anchor(store.list_anchors()[0])


@app.command("list")
def list_() -> None:
    """List the trust anchors: the operator's own root and those added with `keys trust`."""
    from worldloom.provenance.keys import Keystore  # noqa: PLC0415  (start-up time)

    for anchor in Keystore.open().list_anchors():
        _print_anchor(anchor)


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
    for anchor in Keystore.open().add_anchor(pem.read_bytes()):
        _print_anchor(anchor)


@app.command()
def distrust(
    fingerprint: Annotated[str, typer.Argument(metavar="SHA256", help="Fingerprint, or how it begins.")],
) -> None:
    """Trust an added certificate no longer; what was signed under it audits as 13 from now on."""
    from worldloom.provenance.keys import Keystore  # noqa: PLC0415  (start-up time)

    _print_anchor(Keystore.open().remove_anchor(fingerprint))


@app.command()
def show() -> None:
    """Print the operator's certificate: hand it to those who audit your runs (`audit --anchor`)."""
    from worldloom.provenance.keys import Keystore  # noqa: PLC0415  (start-up time)

    sys.stdout.write(Keystore.open().operator.certificate_pem.decode("ascii"))


def _print_anchor(anchor: Anchor) -> None:
    """Print whose a certificate is, its whole fingerprint (compare it over another channel) and its file."""
    whose = "own" if anchor.own else "added"
    shared.say(f"{shared.printable(anchor.organisation)} ({whose}, valid until {anchor.expires:%Y-%m-%d})")
    shared.say(f"  sha256 {anchor.fingerprint}")
    if anchor.path:
        shared.say(f"  {anchor.path}")
