"""Options with which an audit leaves a signed receipt, and writing it. The command that reads one is `receipt`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from . import shared

if TYPE_CHECKING:
    from worldloom.provenance.audit import AuditResult, Demands
    from worldloom.provenance.keys import Operator

Receipt = Annotated[
    Path | None,
    typer.Option("--receipt", metavar="FILE", help="Write the verdict there, signed by you as the auditor."),
]
Key = Annotated[
    Path | None,
    typer.Option("--key", metavar="PEM", help="Sign with this key and its certificates instead of the keystore's."),
]


def check(receipt: Path | None, key: Path | None, paths: Sequence[Path]) -> None:
    """Refuse at once what cannot be written after a long audit."""
    if receipt is None:
        if key is not None:
            raise typer.BadParameter("--key signs a receipt: give --receipt FILE, too")
        return
    if len(paths) != 1:
        raise typer.BadParameter(f"--receipt is of one verdict, and {len(paths)} paths were named: audit one")
    if not receipt.absolute().parent.is_dir():
        raise typer.BadParameter(f"--receipt {receipt}: there is no such folder")
    if paths[0].is_dir() and paths[0].resolve() in receipt.resolve().parents:
        raise typer.BadParameter(f"--receipt {receipt}: lies in what is audited, and would change it")
    if key is not None and not key.is_file():
        raise typer.BadParameter(f"--key {key}: there is no such file")


def write(
    result: AuditResult, path: Path, receipt: Path, key: Path | None, anchors: Sequence[bytes], demands: dict[str, Any]
) -> None:
    """Sign the verdict and write it."""
    from worldloom.provenance.audit import write_receipt  # noqa: PLC0415  (start-up time)
    from worldloom.provenance.storage import storage_error  # noqa: PLC0415

    data = write_receipt(result, path, anchors, _auditor(key), demands)
    try:
        receipt.write_bytes(data)
    except OSError as error:
        raise storage_error(error, str(receipt)) from error


def demanded(
    demands: Demands, expect_root: str | None, at: datetime | None, witnesses: Sequence[Any]
) -> dict[str, Any]:
    """Return what was asked for besides anchors, as the receipt tells it."""
    return {
        "strict": demands.strict,
        "expect_root": expect_root or "",
        "at": "" if at is None else at.isoformat(),
        "witnesses": sorted(each.name for each in witnesses),
        "timestamp_anchors": len(demands.stamp_anchors),
    }


def say(receipt: Path) -> None:
    """Tell where the receipt is."""
    shared.say(f"  receipt      {receipt}   (read it with: worldloom receipt {receipt})")


def _auditor(key: Path | None) -> Operator:
    import os  # noqa: PLC0415

    from worldloom.provenance.keys import PASSPHRASE_VARIABLE, Keystore  # noqa: PLC0415  (start-up time)
    from worldloom.provenance.operator_file import read_operator  # noqa: PLC0415

    if key is None:
        return Keystore.open().operator
    found = read_operator(key, os.environ.get(PASSPHRASE_VARIABLE, "").encode() or None)
    if found is None:
        raise typer.BadParameter(f"--key {key}: there is no such file")
    return found
