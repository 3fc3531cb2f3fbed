"""`worldloom log witness`: cosigns heads of logs that follow from what it saw before, once or as a server."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import shared, trusting

if TYPE_CHECKING:
    from worldloom.provenance.witness_book import WitnessBook
    from worldloom.provenance.witness_client import Post

_PATIENCE = 30


def witness(
    run: Annotated[
        Path | None, typer.Argument(metavar="RUN|PROOF", help="A run folder, or a proof file of `log prove --from`.")
    ] = None,
    state: Annotated[
        Path | None, typer.Option("--state", metavar="FILE", help="The witness's book: what it saw last of each log.")
    ] = None,
    key: Annotated[
        Path | None, typer.Option("--key", metavar="PEM", help="Its Ed25519 key; made if missing. Else FILE.key.")
    ] = None,
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="Its name, such as w1.example.org.")] = "",
    serve: Annotated[str, typer.Option("--serve", metavar="HOST:PORT", help="Answer over HTTP until Ctrl-C.")] = "",
    url: Annotated[str, typer.Option("--url", metavar="URL", help="Ask a witness that serves there.")] = "",
    vkey: trusting.LogKeys = None,
    anchor: trusting.Anchors = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Where the cosigned head goes.", show_default="RUN.witness"),
    ] = None,
    as_json: shared.Json = False,
) -> None:
    """Cosign the head of a run's log, if it follows from the last one that this witness saw; or serve; or ask another.

    Refuses a log that was cut or forked. Logs are known by --vkey, or by certificates that end in an anchor.
    Exit status: 0 cosigned, 1 refused, 2 usage.
    """
    if bool(run) == bool(serve):
        raise typer.BadParameter("give a run (or proof) to cosign, or --serve HOST:PORT")
    if bool(url) == bool(state) or (url and serve):
        raise typer.BadParameter("give --state FILE to be a witness, or --url URL to ask one")
    book = None if state is None else _book(state, key, name, vkey, anchor)
    if serve:
        assert book is not None
        _serve(serve, book)
    elif run is not None:
        _cosign(run, book, url, out, as_json)


def _book(state: Path, key: Path | None, name: str, vkeys: list[str] | None, anchors: list[Path] | None) -> WitnessBook:
    from worldloom.provenance.vkey import vkey  # noqa: PLC0415  (start-up time)
    from worldloom.provenance.witness_book import WitnessBook, witness_key  # noqa: PLC0415

    path = key or state.with_name(state.name + ".key")
    state.parent.mkdir(parents=True, exist_ok=True)
    book = WitnessBook(state, witness_key(path, name or "witness.worldloom"), lambda: trusting.anchors(anchors))
    book.trust(trusting.log_keys(vkeys))
    sys.stderr.write(f"witness key: {vkey(book.key.cosigner)}\n")
    return book


def _cosign(run: Path, book: WitnessBook | None, url: str, out: Path | None, as_json: bool) -> None:
    from worldloom.provenance import witness_client  # noqa: PLC0415  (start-up time)

    post = witness_client.over_http(url, time.monotonic() + _PATIENCE) if book is None else witness_client.of_book(book)
    place = out or run.resolve().with_name(run.resolve().name + ".witness")
    signed = _of_run(run, post, place) if run.is_dir() else _of_proof(run, post)
    place.write_bytes(signed)
    if as_json:
        shared.print_json({"out": str(place), "note": signed.decode()})
    else:
        shared.say(f"cosigned: {place}")


def _of_run(run: Path, post: Post, place: Path) -> bytes:
    from worldloom.provenance.witness_client import ask  # noqa: PLC0415  (start-up time)

    from .log import opened  # noqa: PLC0415  (it holds this command)

    proven = opened(run)
    note = proven.log.raw_checkpoint
    if place.is_file() and place.read_bytes().startswith(note.partition(b"\n\n")[0]):
        note = place.read_bytes()  # the same head, with the seal or other witnesses' word
    return ask(post, note, [signer.chain_pem for signer in proven.signers], proven.tree)


def _of_proof(proof: Path, post: Post) -> bytes:
    """Send a proof as it is: whoever holds only that cannot show more."""
    from worldloom.provenance.cosignature import with_lines  # noqa: PLC0415  (start-up time)
    from worldloom.provenance.errors import WitnessError  # noqa: PLC0415
    from worldloom.provenance.tlog_proof import ConsistencyProof  # noqa: PLC0415

    if not proof.is_file():
        raise typer.BadParameter(f"{proof}: there is no such run folder or proof")
    request = ConsistencyProof.parse(proof.read_bytes())
    status, answer = post("add-checkpoint", request.encode())
    if status != 200:
        raise WitnessError(f"the witness refused ({status}): {shared.printable(answer.strip())}")
    return with_lines(request.note, answer.splitlines(keepends=True))


def _serve(address: str, book: WitnessBook) -> None:
    from worldloom.provenance.witness_server import WitnessServer  # noqa: PLC0415  (start-up time)

    host, colon, port = address.rpartition(":")
    if not (host and colon and port.isascii() and port.isdigit() and int(port) < 65_536):
        raise typer.BadParameter(f"--serve {address!r}: write HOST:PORT, such as 127.0.0.1:8080")
    with WitnessServer((host, int(port)), book) as server:
        shared.say(f"serving {server.url}")
        sys.stdout.flush()
        server.serve_forever()
