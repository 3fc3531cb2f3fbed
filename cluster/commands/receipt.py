"""`worldloom receipt`: reads an auditor's signed receipt and says what it is worth. The checking is provenance's."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import shared, trusting

if TYPE_CHECKING:
    from worldloom.provenance.audit.receipts import ReceiptVerdict

_MOST_READ = 1_000_001


def receipt(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `worldloom audit … --receipt FILE` wrote.")],
    of: Annotated[
        Path | None, typer.Option("--of", metavar="PATH", help="The run, zip or file that it should be about.")
    ] = None,
    anchor: trusting.Anchors = None,
    at: trusting.At = None,
    as_json: shared.Json = False,
) -> None:
    """Check an auditor's receipt: is it whole, whose is it, is it about PATH, what did they find?

    Exit status: 10 it was changed, 12 it is about something else, 13 you do not trust the auditor; else what the audit
    had: 0 clean, 10 to 13 not.
    """
    if not file.is_file():
        raise typer.BadParameter(f"{file}: there is no such file")
    if of is not None and not of.exists():
        raise typer.BadParameter(f"--of {of}: there is no such file or folder")
    from worldloom.provenance.audit import check_receipt  # noqa: PLC0415  (start-up time)

    with file.open("rb") as opened:
        data = opened.read(_MOST_READ)
    verdict = check_receipt(data, trusting.anchors(anchor), of, trusting.moment(at))
    if as_json:
        shared.print_json(verdict.to_json())
    else:
        _print(verdict)
    if verdict.exit_code:
        raise typer.Exit(verdict.exit_code)


def _print(verdict: ReceiptVerdict) -> None:
    for code, why in verdict.faults:
        shared.say(shared.printable(f"DOES NOT COUNT ({int(code)}): {why}"))
    found = verdict.receipt
    if found is None:
        return
    said = found.said
    said_only = "it only says: " if verdict.faults else ""
    shared.say(
        shared.printable(f"{said_only}{found.result}: audited on {said['time']} by {verdict.auditor} with {found.tool}")
    )
    for name, digest in sorted(found.subjects.items()):
        shared.say(shared.printable(f"  {name:<12} sha256 {digest}"))
    for title, value in (("content root", said["content_root"]), ("log root", said["log_root"])):
        if value:
            shared.say(shared.printable(f"  {title:<12} {value}"))
    for level, state in sorted(said["levels"].items()):
        shared.say(shared.printable(f"  {level:<12} {state}"))
    findings = said["findings"]
    shared.say(
        shared.printable(f"  {findings['faults']} faults, {findings['notes']} notes; {len(found.anchors)} anchors")
    )
