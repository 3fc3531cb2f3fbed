"""Makes proofs from a run's log: an entry, one event of a block, consistency with an older head. Judges nothing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .entry import EntryKind
from .errors import LogError
from .events_block import EventBlock, stored_range
from .folder import origin, read_run
from .ids import EventId
from .log_reader import LogReader
from .note import NoteVerifier
from .proof_extra import EventProof, Extra
from .storage import Storage
from .tile_tree import TileTree
from .tlog_proof import ConsistencyProof, InclusionProof
from .trust import RunCertificate, read_trust, verifiers_of


class ProvenLog:
    """A run's log from which proofs are taken: its reader, and the certificates of who signed its head.

    Raises LogError where no conductor of trust/ signed the head: nobody could verify a proof then.
    """

    def __init__(self, storage: Storage) -> None:
        certificates = read_trust(storage).certificates
        name = origin(read_run(storage).run_id)
        self.log = LogReader(storage, verifiers_of(certificates, name))
        if not self.log.signed_by:
            raise LogError(
                "no key in trust/ signed the log's checkpoint, so nothing can be proved from it; run the audit"
            )
        self.signers = _signers(certificates, self.log.signed_by)

    @property
    def tree(self) -> TileTree:
        """The tree of the checkpoint."""
        return self.log.tree

    @property
    def keys(self) -> list[NoteVerifier]:
        """The keys that signed the checkpoint."""
        return self.log.signed_by

    def entry(self, index: int) -> InclusionProof:
        """Prove one entry; raises LogError beyond the checkpoint, FormatError where entry or tiles are damaged."""
        return self._proof(index, None)

    def event(self, wanted: EventId) -> InclusionProof:
        """Prove one event: its row in its block, the block in the log. Raises LogError where there is no such event."""
        index, block = self._block(wanted)
        if wanted.row >= len(block.rows):
            raise LogError(f"{wanted}: its block has {len(block.rows)} events, numbered from 0")
        path = tuple(block.inclusion_proof(wanted.row))
        return self._proof(index, EventProof(block.head, wanted.row, block.rows[wanted.row], path))

    def consistency(self, old: int) -> ConsistencyProof:
        """Prove that the log of `old` entries begins this one; raises LogError for a size that it never passed."""
        path = self.tree.consistency_proof(old)
        return ConsistencyProof(old, tuple(path), self.log.raw_checkpoint)

    def _proof(self, index: int, event: EventProof | None) -> InclusionProof:
        path = tuple(self.log.inclusion_proof(index))
        chains = tuple(signer.chain_pem for signer in self.signers)
        extra = Extra(self.log.raw_entry(index), chains, event).encode()
        return InclusionProof(index, path, self.log.raw_checkpoint, extra)

    def _block(self, wanted: EventId) -> tuple[int, EventBlock]:
        for index in self._blocks_at(wanted.time):
            item = self.log.stored(index).content
            if item is None or item.data is None or stored_range(item.data) != wanted.range:
                continue
            block = self.log.content(index)
            if isinstance(block, EventBlock) and block.range == wanted.range:
                return index, block
        raise LogError(f"{wanted}: the log has no such event, or its block was erased")

    def _blocks_at(self, time: int) -> list[int]:
        """Return the indices of the event blocks of a step."""
        found: list[int] = []
        for bundle in self.log.bundles():
            if bundle.fields is None:
                entries = enumerate(bundle.entries(), bundle.first)
                found += [index for index, entry in entries if (entry.kind, entry.time) == (EntryKind.EVENTS, time)]
                continue
            fields = bundle.fields
            rows = np.flatnonzero((fields["kind"] == EntryKind.EVENTS) & (fields["time"] == time))
            found += [bundle.first + row for row in rows.tolist()]
        return found


def _signers(certificates: Sequence[RunCertificate], keys: Sequence[NoteVerifier]) -> list[RunCertificate]:
    publics = {key.public for key in keys}
    return [each for each in certificates if each.public in publics]
