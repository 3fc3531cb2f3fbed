"""`worldloom keys init` and `keys issue`: how an operator comes about. The ceremonies are provenance's."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import shared

if TYPE_CHECKING:
    from worldloom.provenance.keys import Keystore

_WAYS = "--offline, --request and --chain are different ceremonies: give one of them"


def init(
    organisation: Annotated[
        str, typer.Option("--organisation", metavar="NAME", help="Who signs, as readers of a credential see it.")
    ] = "",
    offline: Annotated[
        bool, typer.Option("--offline", help="A root for a machine without a network, which then only issues.")
    ] = False,
    request: Annotated[
        Path | None, typer.Option("--request", metavar="FILE", help="Make a key and write its certificate request.")
    ] = None,
    chain: Annotated[
        Path | None, typer.Option("--chain", metavar="PEM", help="The answer to the request, up to the root.")
    ] = None,
    key: Annotated[
        Path | None, typer.Option("--key", metavar="PEM", help="With --chain: a key made elsewhere.")
    ] = None,
    algorithm: Annotated[
        str | None, typer.Option("--algorithm", help="What credentials are signed with: ed25519 or es256.")
    ] = None,
    leaf_per_agent: Annotated[
        bool | None, typer.Option("--leaf-per-agent/--leaf-per-process", help="A certificate for each agent, or not.")
    ] = None,
    signer: Annotated[
        str | None,
        typer.Option(
            "--signer",
            metavar="KEY",
            help='Sign credentials by a key that lives elsewhere from now on, as `run --signer`; "": no longer.',
        ),
    ] = None,
) -> None:
    """Make the keystore and its operator, if they are not there yet, say how runs sign, and where all of it lies."""
    from worldloom.provenance.errors import KeystoreError  # noqa: PLC0415  (start-up time)
    from worldloom.provenance.keys import Keystore, SigningPolicy  # noqa: PLC0415

    if offline + (request is not None) + (chain is not None) > 1 or (key is not None and chain is None):
        raise typer.BadParameter(_WAYS)
    if request is not None:
        _request(request, organisation)
        return
    _ceremony(organisation, offline, chain, key)
    store = Keystore.open()
    if not store.operator.durable:
        raise KeystoreError(
            f"no keystore can be written ({store.operator.reason}); set WORLDLOOM_HOME to another folder"
        )
    if (algorithm, leaf_per_agent, signer) != (None, None, None):
        old = store.policy
        per_agent = old.leaf_per_agent if leaf_per_agent is None else leaf_per_agent
        elsewhere = old.signer if signer is None else signer
        store.keep_policy(SigningPolicy(algorithm or old.algorithm, per_agent, elsewhere))
    _tell(store)


def issue(
    request: Annotated[Path, typer.Argument(metavar="REQUEST", help="What `keys init --request` wrote.")],
    out: Annotated[Path, typer.Option("--out", metavar="PEM", help="Where the chain goes; carry it back.")],
    organisation: Annotated[
        str, typer.Option("--organisation", metavar="NAME", help="In whose name it will sign; else the root's.")
    ] = "",
) -> None:
    """On the root's machine: answer another machine's request, so that it can run worlds under this root."""
    from worldloom.provenance.ceremonies import issue_operator  # noqa: PLC0415  (start-up time)
    from worldloom.provenance.keys import Keystore  # noqa: PLC0415

    if not request.is_file():
        raise typer.BadParameter(f"{request}: there is no such file; `keys init --request` writes one")
    made = issue_operator(Keystore.open().operator, request.read_bytes(), organisation)
    _write(out, made)
    shared.say(f"{out}; complete it where the request was made: worldloom keys init --chain {out.name}")


def _request(path: Path, organisation: str) -> None:
    from worldloom.provenance.ceremonies import request_certificate  # noqa: PLC0415  (start-up time)

    home = _home()
    if path.exists():
        raise typer.BadParameter(f"--request {path}: is there already; name a new file")
    _write(path, request_certificate(home, organisation, _secret()))
    shared.say(f"{path}; its key waits in {home}")


def _ceremony(organisation: str, offline: bool, chain: Path | None, key: Path | None) -> None:
    from worldloom.provenance import ceremonies  # noqa: PLC0415  (start-up time)

    if chain is not None:
        if not chain.is_file() or (key is not None and not key.is_file()):
            raise typer.BadParameter(f"{chain if not chain.is_file() else key}: there is no such file")
        if key is None:
            ceremonies.complete_operator(_home(), chain.read_bytes(), _secret())
        else:
            ceremonies.bring_operator(_home(), key.read_bytes(), chain.read_bytes(), _secret())
    elif organisation or offline:
        ceremonies.make_named_operator(_home(), organisation, _secret(), offline=offline)


def _home() -> Path:
    from worldloom.provenance.errors import KeystoreError  # noqa: PLC0415  (start-up time)
    from worldloom.provenance.keys import default_home  # noqa: PLC0415

    home = default_home()
    if home is None:
        raise KeystoreError("this user has no home folder; set WORLDLOOM_HOME to a folder of yours")
    return home


def _secret() -> bytes | None:
    from worldloom.provenance.keys import PASSPHRASE_VARIABLE  # noqa: PLC0415  (start-up time)

    return os.environ.get(PASSPHRASE_VARIABLE, "").encode() or None


def _write(path: Path, data: bytes) -> None:
    from worldloom.provenance.errors import StorageError  # noqa: PLC0415  (start-up time)

    try:
        path.write_bytes(data)
    except OSError as error:
        raise StorageError(f"{path}: {error.strerror}; name another file") from error


def _tell(store: Keystore) -> None:
    from . import keys  # noqa: PLC0415  (which registers this module's commands)

    shared.say(f"keystore {store.home}")
    keys.print_anchor(store.list_anchors()[0])
    sys.stdout.flush()
