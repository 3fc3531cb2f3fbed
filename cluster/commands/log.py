"""`worldloom log`: a run's log for those who check it: its root, its head, proofs. Witnesses are `log_witness`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import log_witness, shared, trusting
from .log_printing import print_verdict

if TYPE_CHECKING:
    from worldloom.provenance.log_proving import ProvenLog
    from worldloom.provenance.tlog_proof import ConsistencyProof, InclusionProof

app = typer.Typer(help="The log of a run: root, head, proofs, witnesses.", no_args_is_help=True, rich_markup_mode=None)
app.command()(log_witness.witness)

_MOST_READ = 4_000_001
"""Bytes of a proof or checkpoint that are read: one more than a proof may have."""

OutFile = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write it there, not to standard output.")]


@app.command()
def root(
    run: shared.RunPath,
    size: Annotated[
        int | None, typer.Option("--size", min=0, metavar="N", help="The root when the log had N entries.")
    ] = None,
    as_json: shared.Json = False,
) -> None:
    """Print the log root, recomputed from the entries and compared with the signed head.

    Exit status: 0, or 12 where the entries do not give the root that is signed.
    """
    log = opened(run).log
    count = log.size if size is None else size
    value, whole = log.tree.root(count).hex(), log.root() == log.checkpoint.root
    if as_json:
        told = {"origin": log.checkpoint.origin, "size": count, "root": value, "matches": whole}
        shared.print_json(told | {"content_root": log.content_root().hex()})
    else:
        shared.say(value)
    if not whole:
        sys.stderr.write("worldloom: the entries do not give the root that the checkpoint signs; run the audit\n")
        raise typer.Exit(12)


@app.command()
def checkpoint(
    run: shared.RunPath,
    vkey: Annotated[bool, typer.Option("--vkey", help="Print the keys that signed it, as vkeys.")] = False,
    out: OutFile = None,
    as_json: shared.Json = False,
) -> None:
    """Print the log's head as it is signed (a C2SP checkpoint), or the keys that verify it."""
    from worldloom.provenance.vkey import vkey as line_of  # noqa: PLC0415  (start-up time)

    proven = opened(run)
    head, keys = proven.log.checkpoint, [line_of(key) for key in proven.keys]
    if as_json:
        told = {"origin": head.origin, "size": head.size, "root": head.root.hex()}
        shared.print_json(told | {"note": proven.log.raw_checkpoint.decode(), "vkeys": keys})
        return
    _write("".join(f"{key}\n" for key in keys).encode() if vkey else proven.log.raw_checkpoint, out)


@app.command()
def prove(
    run: shared.RunPath,
    what: Annotated[
        str, typer.Argument(metavar="ENTRY|EVENT", help="Index of a log entry, or an event such as event-36060-0-3.")
    ] = "",
    since: Annotated[
        str,
        typer.Option("--from", metavar="N|FILE", help="Instead: that the log grew from N entries, or a checkpoint."),
    ] = "",
    out: OutFile = None,
) -> None:
    """Write a proof that `log verify` and other readers of C2SP tlog-proof check without the run."""
    if bool(what) == bool(since):
        raise typer.BadParameter("name an entry or an event, or give --from: one of them")
    proven = opened(run)
    _write((_grown(proven, since) if since else _proof(proven, what)).encode(), out)


@app.command()
def verify(
    proof: Annotated[Path, typer.Argument(metavar="PROOF", help="A proof file; or a run folder, with --checkpoint.")],
    checkpoint: Annotated[
        Path | None,
        typer.Option("--checkpoint", metavar="FILE", help="A head that you hold: was the log cut or forked since?"),
    ] = None,
    vkey: trusting.LogKeys = None,
    anchor: trusting.Anchors = None,
    witness: trusting.Witnesses = None,
    origin: Annotated[str, typer.Option("--origin", metavar="NAME", help="Accept no other log.")] = "",
    at: trusting.At = None,
    as_json: shared.Json = False,
) -> None:
    """Check a proof without the run: does it hold, who signed, who witnessed it.

    Exit status: 0 it holds, 2 usage, 10 it does not, 12 the log was cut or forked, 13 signer or witness missing.
    """
    from datetime import UTC, datetime  # noqa: PLC0415  (start-up time)

    from worldloom.provenance.log_verifying import Policy, verify_proof  # noqa: PLC0415

    policy = Policy(
        keys=tuple(trusting.log_keys(vkey)),
        anchors=tuple(trusting.anchors(anchor)),
        witnesses=tuple(trusting.witnesses(witness)),
        origin=origin,
        at=trusting.moment(at) or datetime.now(UTC),
    )
    older = None if checkpoint is None else _read("--checkpoint", checkpoint)
    if proof.is_dir():
        from worldloom.provenance.log_growth import verify_growth  # noqa: PLC0415  (start-up time)

        if older is None:
            raise typer.BadParameter(f"{proof}: is a run folder; give the head that you hold with --checkpoint")
        verdict = verify_growth(opened(proof), older, policy)
    else:
        verdict = verify_proof(_read("PROOF", proof), policy, older)
    if as_json:
        shared.print_json(verdict.to_json())
    else:
        print_verdict(verdict)
    if verdict.exit_code:
        raise typer.Exit(verdict.exit_code)


def opened(run: Path) -> ProvenLog:
    """Return the log of a run folder; raises an error of provenance for what is none."""
    from worldloom.provenance.log_proving import ProvenLog  # noqa: PLC0415  (start-up time)
    from worldloom.provenance.storage import LocalDisk, Storage  # noqa: PLC0415

    if not run.is_dir():
        raise typer.BadParameter(f"{run}: there is no such run folder")
    return ProvenLog(Storage(LocalDisk(run.resolve())))


def _proof(proven: ProvenLog, what: str) -> InclusionProof:
    from worldloom.provenance.ids import EventId  # noqa: PLC0415  (start-up time)

    if what.isascii() and what.isdigit() and len(what) < 20:
        return proven.entry(int(what))
    return proven.event(EventId.parse(what))


def _grown(proven: ProvenLog, since: str) -> ConsistencyProof:
    from worldloom.provenance.log_growth import head_of  # noqa: PLC0415  (start-up time)

    if since.isascii() and since.isdigit() and len(since) < 20:
        return proven.consistency(int(since))
    return proven.consistency(head_of(_read("--from", Path(since))).size)


def _read(option: str, path: Path) -> bytes:
    if not path.is_file():
        raise typer.BadParameter(f"{option} {path}: there is no such file")
    with path.open("rb") as file:
        return file.read(_MOST_READ)


def _write(data: bytes, out: Path | None) -> None:
    if out is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        out.write_bytes(data)
