"""What vouches for a thing that was found: the credential of the stored file, its log entry's inclusion, the seal.

Says what stands there for this one thing. Whether the run as a whole holds says the audit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from worldloom.provenance.credential import MISSING, TRUSTED, VALID
from worldloom.provenance.digests import file_digest
from worldloom.provenance.errors import ProvenanceError
from worldloom.provenance.folder import SEAL, sidecar
from worldloom.provenance.log_reader import LogReader
from worldloom.provenance.media import embeds
from worldloom.provenance.reading import read_credential
from worldloom.provenance.storage import Storage

from .held import opened
from .recover import Found

GONE = "Gone"
"""The stored file is not there: it was erased, or is missing."""
OTHER = "Other"
"""The stored file is not the one that the log names."""


@dataclass(frozen=True)
class Vouched:
    """`credential` is a validation state of the stored file, Gone or Other; `manifest` its label.

    `included` says whether the entry's proof leads to the root of the run's last log checkpoint, `size` and `root`
    (hex) are that checkpoint's; `sealed` whether the run has a seal.
    """

    credential: str
    manifest: str
    included: bool
    size: int
    root: str
    sealed: bool


def vouch(found: Found, anchors: Sequence[bytes] = ()) -> Vouched:
    """Look at what vouches for a found thing; what is missing or does not hold is in the answer, never raised."""
    with opened(found.run) as storage:
        return _vouched(storage, found, anchors)


def _vouched(storage: Storage, found: Found, anchors: Sequence[bytes]) -> Vouched:
    credential, manifest = _credential(storage, found, anchors)
    try:
        log = LogReader(storage)
        log.inclusion_proof(found.made.index)
    except ProvenanceError:
        return Vouched(credential, manifest, included=False, size=0, root="", sealed=storage.exists(SEAL))
    root = log.checkpoint.root.hex()
    return Vouched(credential, manifest, included=True, size=log.size, root=root, sealed=storage.exists(SEAL))


def _credential(storage: Storage, found: Found, anchors: Sequence[bytes]) -> tuple[str, str]:
    made = found.made
    try:
        data = storage.read(made.path)
        beside = None if embeds(made.media_type) else storage.read(sidecar(made.path))
    except ProvenanceError:
        return GONE, ""
    if file_digest(data).hex() != made.file:
        return OTHER, ""
    read = read_credential(data, made.media_type, beside, anchors)
    return read.state, read.manifest


WORDS = {
    TRUSTED: "holds, by a signer whom you trust",
    VALID: "holds, by a signer whom you do not know",
    MISSING: "is missing",
    GONE: "cannot be read: the stored file is gone",
    OTHER: "is of another file than the log names: audit the run",
}
"""States in words."""
