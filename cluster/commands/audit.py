"""`worldloom audit`: judges runs, their zips, files, and folders of files. Reads only; the judging is provenance's."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import attesting, audit_telling, demanding, recovering, revealed, shared, trusting

if TYPE_CHECKING:
    from worldloom.provenance.storage import Storage

_STRANGER = 13
_HOW_TO_TRUST = """\
All is whole, but you trust nobody who signed it. If its owner gave you a certificate (they print it with
`worldloom keys show`), name it with --anchor PEM, or add it for good with: worldloom keys trust PEM
"""


def audit(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help="Runs, their zips, files, or folders of files.")],
    anchor: trusting.Anchors = None,
    expect_root: Annotated[
        str | None, typer.Option("--expect-root", metavar="HEX", help="The content root that a run must have.")
    ] = None,
    at: trusting.At = None,
    training: Annotated[
        list[Path] | None,
        typer.Option("--training", metavar="FOLDER", help="Weights with the log of their training; repeatable."),
    ] = None,
    witness: trusting.Witnesses = None,
    strict: demanding.Strict = False,
    revoked: demanding.Revoked = None,
    tsa_anchor: demanding.StampAnchors = None,
    reveal: revealed.Revealed = None,
    receipt: attesting.Receipt = None,
    key: attesting.Key = None,
    recover: recovering.Recover = None,
    format_: audit_telling.As = None,
    out: audit_telling.Out = None,
    jobs: audit_telling.Jobs = None,
    largest: audit_telling.Largest = None,
    quiet: audit_telling.Quiet = False,
    as_json: shared.Json = False,
) -> None:
    """Check that nothing was changed, that every signature holds, and who signed.

    Exit status, the lowest of all paths that are not clean: 0 clean, 2 usage, 10 tampered, 11 missing or unsigned,
    12 log inconsistent or unsealed, 13 signer not trusted.
    """
    when = trusting.moment(at)
    root = _root(expect_root)
    for path in paths:
        if not path.exists():
            raise typer.BadParameter(f"{path}: there is no such file or folder")
    attesting.check(receipt, key, paths)
    teller = audit_telling.Teller.of(as_json, format_, out, paths)
    if recover is not None:
        recovering.recover(recover, paths, trusting.anchors(anchor), as_json)
        return
    anchors, trainings = trusting.anchors(anchor), _trainings(training or [])
    witnesses = trusting.witnesses(witness)
    demands = demanding.demands(strict, revoked, tsa_anchor, anchors, own=not anchor, largest=largest)
    demands = revealed.with_revealed(demands, reveal)
    from worldloom.provenance.audit import audit as judge  # noqa: PLC0415  (start-up time)

    judged = partial(
        judge,
        anchors=anchors,
        at=when,
        expect_root=root,
        trainings=trainings,
        witnesses=witnesses,
        demands=demands,
        jobs=jobs or audit_telling.cores(),
    )
    results = []
    with audit_telling.watched(quiet, len(paths)) as begin:
        for path in paths:
            results.append(judged(path, told=begin(path)))
            teller.path(results[-1])
    if receipt is not None:  # then there is one path
        demanded = attesting.demanded(demands, root, when, witnesses)
        attesting.write(results[0], paths[0], receipt, key, anchors, demanded)
        if teller.as_text:
            attesting.say(receipt)
    worst = min((result.exit_code for result in results if not result.ok), default=0)
    teller.all(results, worst)
    if worst == _STRANGER and teller.as_text:
        sys.stderr.write(_HOW_TO_TRUST)
    if worst:
        raise typer.Exit(worst)


def _trainings(folders: list[Path]) -> list[Storage]:
    from worldloom.generators.training.reference import log_storage  # noqa: PLC0415  (start-up time)

    found = []
    for folder in folders:
        storage = log_storage(folder)
        if storage is None:
            raise typer.BadParameter(f"--training {folder}: holds no log of a training; name the weights' folder")
        found.append(storage)
    return found


def _root(text: str | None) -> str | None:
    if text is not None and (len(text) != 64 or set(text) - set("0123456789abcdef")):
        raise typer.BadParameter(f"--expect-root {text!r}: a content root is 64 lower-case hexadecimal digits")
    return text
