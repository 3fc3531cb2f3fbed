"""`<run>.witness`: a sealed run's head, signed by its conductor, with the cosignatures of witnesses. Asks nobody.

It stands beside the run folder, since SEAL closes that before a witness can speak of it. It is a C2SP checkpoint: the
log's last head and the line `worldloom-seal <SHA-256 of SEAL>`, so that a witness's word covers the seal too
(docs/adr/0016).
"""

from __future__ import annotations

from dataclasses import replace

from .digests import file_digest
from .folder import SEAL
from .note import Checkpoint, NoteKey, sign_note
from .storage import Storage
from .witness import SEAL_LINE, seal_line

WITNESS = ".witness"
"""What is added to the name of a run folder for the file of its witnesses."""


def sealed_head(storage: Storage, checkpoint: Checkpoint, key: NoteKey) -> bytes:
    """Return the note that witnesses are asked to cosign once SEAL is written; raises StorageError without it."""
    digest = file_digest(storage.read(SEAL)).hex()
    return sign_note(replace(checkpoint, extensions=(seal_line(digest),)).text(), [key])


def seals_of(head: Checkpoint) -> list[str]:
    """Return the hex digests of the seals that a head names."""
    return [line.removeprefix(SEAL_LINE) for line in head.extensions if line.startswith(SEAL_LINE)]
