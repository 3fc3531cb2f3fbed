"""Options that say whom a command trusts: anchors, keys of logs, witnesses, a time. Holds no command."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from worldloom.provenance.cosignature import Cosigner
    from worldloom.provenance.note import NoteVerifier

Anchors = Annotated[
    list[Path] | None,
    typer.Option(
        "--anchor", metavar="PEM", help="Trust this certificate and no other; repeatable. Else the keystore's."
    ),
]
At = Annotated[
    str | None,
    typer.Option("--at", metavar="TIME", help="Judge certificates at this time (ISO 8601) instead of now."),
]
LogKeys = Annotated[
    list[str] | None,
    typer.Option("--vkey", metavar="VKEY", help="Trust this key of a log, or each of a file of them; repeatable."),
]
Witnesses = Annotated[
    list[str] | None,
    typer.Option(
        "--witness", metavar="VKEY", help="Demand this witness's cosignature, or that of each in a file; repeatable."
    ),
]


def anchors(files: list[Path] | None) -> list[bytes]:
    """Return the trust anchors: the files given, or else those of the user's keystore."""
    if files:
        missing = [str(path) for path in files if not path.is_file()]
        if missing:
            raise typer.BadParameter(f"--anchor {missing[0]}: there is no such file; give a certificate in PEM form")
        return [path.read_bytes() for path in files]
    from worldloom.provenance.keys import trusted_anchors  # noqa: PLC0415  (start-up time)

    return trusted_anchors()


def moment(text: str | None) -> datetime | None:
    """Read a time; one without an offset is UTC."""
    if text is None:
        return None
    try:
        when = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"--at {text!r}: write a time as 2027-03-01 or 2027-03-01T12:00:00Z") from error
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def log_keys(given: list[str] | None) -> list[NoteVerifier]:
    """Read the keys of logs."""
    from worldloom.provenance.note import NoteVerifier  # noqa: PLC0415  (start-up time)

    found = [key for key in _keys("--vkey", given) if isinstance(key, NoteVerifier)]
    if given and not found:
        raise typer.BadParameter("--vkey: is a witness's key; a log's is printed by `worldloom log checkpoint --vkey`")
    return found


def witnesses(given: list[str] | None) -> list[Cosigner]:
    """Read the keys of witnesses."""
    from worldloom.provenance.cosignature import Cosigner  # noqa: PLC0415  (start-up time)

    found = [key for key in _keys("--witness", given) if isinstance(key, Cosigner)]
    if given and not found:
        raise typer.BadParameter(
            "--witness: is a log's key; a witness prints its own when `worldloom log witness` runs"
        )
    return found


def _keys(option: str, given: Sequence[str] | None) -> list[NoteVerifier | Cosigner]:
    from worldloom.provenance.errors import FormatError  # noqa: PLC0415  (start-up time)
    from worldloom.provenance.vkey import parse_vkey  # noqa: PLC0415

    found = []
    for text in given or ():
        lines = Path(text).read_text("utf-8").split() if "+" not in text and Path(text).is_file() else [text]
        try:
            found += [parse_vkey(line) for line in lines]
        except FormatError as error:
            raise typer.BadParameter(f"{option}: {error}") from error
    return found
