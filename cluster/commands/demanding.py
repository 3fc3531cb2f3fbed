"""Options of an audit that hand it more than anchors: strictness, revocations, anchors for timestamps. No command."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from worldloom.provenance.audit import Demands

Strict = Annotated[
    bool, typer.Option("--strict", help="Also hold each manifest against the whole profile of Worldloom's credentials.")
]
Revoked = Annotated[
    list[Path] | None,
    typer.Option("--revoked", metavar="FILE", help="An operator's signed list of revoked certificates; repeatable."),
]
StampAnchors = Annotated[
    list[Path] | None,
    typer.Option("--tsa-anchor", metavar="PEM", help="Trust this authority for timestamps on the seal; repeatable."),
]


def demands(
    strict: bool,
    revoked: list[Path] | None,
    stamp_anchors: list[Path] | None,
    anchors: Sequence[bytes],
    own: bool,
    largest: int | None = None,
) -> Demands:
    """Return what was asked for; `own` adds the keystore's list of revocations, whose anchors are in use then.

    `largest` is the size of the largest file that is read, in GiB.
    """
    from worldloom.provenance.audit import Demands  # noqa: PLC0415  (start-up time)
    from worldloom.provenance.bounds import BOUNDS  # noqa: PLC0415
    from worldloom.provenance.keys import default_home  # noqa: PLC0415  (start-up time)
    from worldloom.provenance.revocations import REVOCATIONS_FILE, read_revocations  # noqa: PLC0415

    files = list(revoked or ())
    home = default_home() if own else None
    if home is not None and (home / REVOCATIONS_FILE).is_file():
        files.append(home / REVOCATIONS_FILE)
    lists = [(str(path), _read(path, "--revoked")) for path in files]
    stamps = tuple(_read(path, "--tsa-anchor") for path in stamp_anchors or ())
    bounds = BOUNDS if largest is None else replace(BOUNDS, largest=largest << 30)
    return Demands(strict, read_revocations(lists, anchors), stamps, bounds)


def _read(path: Path, option: str) -> bytes:
    if not path.is_file():
        raise typer.BadParameter(f"{option} {path}: there is no such file")
    return path.read_bytes()
