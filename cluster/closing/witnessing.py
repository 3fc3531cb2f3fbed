"""Asks witnesses to cosign a sealed run's head, and keeps what they say in `<run>.witness`. A failure ends no run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from time import monotonic

from worldloom.cluster.run_place import RunPlace
from worldloom.cluster.run_writer import RunWriter
from worldloom.provenance.errors import ProvenanceError
from worldloom.provenance.log_reader import LogReader
from worldloom.provenance.witness_client import ask, over_http
from worldloom.provenance.witnessed import WITNESS, sealed_head

PATIENCE = 20.0
"""Seconds that all witnesses of a run together may take."""


def ask_witnesses(place: RunPlace, writer: RunWriter, urls: Sequence[str]) -> Iterator[str]:
    """Ask each witness and keep its word beside the run; yields what to tell of it. The run is sealed already."""
    if not urls:
        return
    deadline = monotonic() + PATIENCE
    log = LogReader(writer.storage)
    note = asked = sealed_head(writer.storage, log.checkpoint, writer.key.note_key(writer.origin))
    for url in urls:
        try:
            note = ask(over_http(url, deadline), note, [writer.key.chain_pem], log.tree)
            yield f"cosigned by the witness at {url}"
        except ProvenanceError as error:
            yield f"not cosigned by {url}: {error}"
    if note != asked:
        place.beside.write(f"{place.name}{WITNESS}", note)
