"""`worldloom keys`: the user's keystore, its operator, whom it trusts and whom it revoked. Shows no private key.

How operators come about by ceremony is `keys_making`.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import keys_making, shared

if TYPE_CHECKING:
    from worldloom.provenance.keys import Anchor, SigningPolicy

app = typer.Typer(help="Keys and trust anchors of this user.", no_args_is_help=True, rich_markup_mode=None)
app.command()(keys_making.init)
app.command()(keys_making.issue)


@app.command("list")
def list_() -> None:
    """List the trust anchors (the operator's own root, those added with `keys trust`) and what was revoked."""
    from worldloom.provenance.keys import Keystore  # noqa: PLC0415  (start-up time)
    from worldloom.provenance.revocations import list_revocations  # noqa: PLC0415

    store = Keystore.open()
    for anchor in store.list_anchors():
        print_anchor(anchor)
    policy = store.policy
    shared.say(f"credentials are signed {_with(policy)}, {_leaves(policy.leaf_per_agent)}")
    if store.home is not None:
        for each in list_revocations(store.home, store.operator).revoked:
            shared.say(f"revoked {each.serial} since {each.since:%Y-%m-%d %H:%M} UTC: {each.reason}")


@app.command()
def trust(
    pem: Annotated[
        Path, typer.Argument(metavar="PEM", help="Certificate of another operator, got from them directly.")
    ],
) -> None:
    """Trust another operator's runs from now on."""
    from worldloom.provenance.keys import Keystore  # noqa: PLC0415  (start-up time)

    for anchor in Keystore.open().add_anchor(_read(pem)):
        print_anchor(anchor)


@app.command()
def distrust(
    fingerprint: Annotated[str, typer.Argument(metavar="SHA256", help="Fingerprint, or how it begins.")],
) -> None:
    """Trust an added certificate no longer; what was signed under it audits as 13 from now on."""
    from worldloom.provenance.keys import Keystore  # noqa: PLC0415  (start-up time)

    print_anchor(Keystore.open().remove_anchor(fingerprint))


@app.command()
def show() -> None:
    """Print the operator's certificate: hand it to those who audit your runs (`audit --anchor`)."""
    from worldloom.provenance.keys import Keystore  # noqa: PLC0415  (start-up time)

    sys.stdout.write(Keystore.open().operator.certificate_pem.decode("ascii"))


@app.command()
def revoke(
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help="A certificate of a run's trust/, or a run: all that it holds.")
    ],
    reason: Annotated[str, typer.Option("--reason", help="keyCompromise, superseded, …")] = "unspecified",
    since: Annotated[
        str | None, typer.Option("--since", metavar="TIME", help="When the key was last safe (ISO 8601); else now.")
    ] = None,
) -> None:
    """Add certificates to the operator's signed list, and say where it lies; auditors take it as `audit --revoked`."""
    from worldloom.provenance.errors import KeystoreError  # noqa: PLC0415  (start-up time)
    from worldloom.provenance.keys import Keystore  # noqa: PLC0415
    from worldloom.provenance.revocations import REVOCATIONS_FILE, certificates_to_revoke  # noqa: PLC0415
    from worldloom.provenance.revocations import revoke as add  # noqa: PLC0415

    from . import trusting  # noqa: PLC0415

    store = Keystore.open()
    if store.home is None or not store.operator.durable:
        raise KeystoreError("no keystore to keep a list in; set WORLDLOOM_HOME to a folder of yours")
    after = add(store.home, store.operator, certificates_to_revoke(path), reason, trusting.moment(since))
    shared.say(f"{len(after.revoked)} certificates are revoked, root {after.tree_root}")
    shared.say(str(store.home / REVOCATIONS_FILE))


@app.command()
def lint(
    pem: Annotated[Path, typer.Argument(metavar="PEM", help="A certificate, or a chain with the signer's first.")],
) -> None:
    """Say where certificates leave the profile that C2PA asks of signers, naming the extension. Status 1 if they do."""
    from worldloom.provenance.certificate_lint import lint_pem  # noqa: PLC0415  (start-up time)

    found = lint_pem(_read(pem), datetime.now(UTC))
    for each in found:
        shared.say(f"{shared.printable(each.certificate)}: {each.part}: {shared.printable(each.message)}")
    if found:
        raise typer.Exit(1)
    shared.say("nothing to say")


def print_anchor(anchor: Anchor) -> None:
    """Print whose a certificate is, its whole fingerprint (compare it over another channel) and its file."""
    whose = "own" if anchor.own else "added"
    shared.say(f"{shared.printable(anchor.organisation)} ({whose}, valid until {anchor.expires:%Y-%m-%d})")
    shared.say(f"  sha256 {anchor.fingerprint}")
    if anchor.path:
        shared.say(f"  {anchor.path}")


def _with(policy: SigningPolicy) -> str:
    return f"by {policy.signer}" if policy.signer else f"with {policy.algorithm}"


def _leaves(per_agent: bool) -> str:
    return "a certificate for each agent" if per_agent else "a certificate for each process"


def _read(pem: Path) -> bytes:
    if not pem.is_file():
        raise typer.BadParameter(f"{pem}: there is no such file; give a certificate in PEM form")
    return pem.read_bytes()
