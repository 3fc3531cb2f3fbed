"""The one writer of the log: append, commit, recover. Reading is log_reader, the folder lock is lock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from . import tiles
from .canonical import canonical
from .digests import CONTENT, EVIDENCE, NONE, digest_bytes
from .entry import NO_CONTENT, EntryKind, content_leaf, kind_has_content, pack
from .errors import FormatError, LogError
from .events_block import EventBlock
from .folder import BODIES, CHECKPOINT, LOG, body_segment, body_segment_index
from .log_reader import LogReader
from .merkle import Frontier, leaf_hash
from .note import Checkpoint, NoteKey, NoteVerifier, sign_note
from .segments import Item, ItemType, encode_segment, make_item
from .storage import Storage

__all__ = ["Appended", "LogReader", "LogWriter"]


class Appended(NamedTuple):
    """Where an entry stands: index in the log, content number and content digest (None: without content)."""

    index: int  # type: ignore[assignment]  # hides tuple.index, which nobody calls on it
    content_number: int | None
    content_digest: bytes | None


class LogWriter:
    """Buffers entries in memory and commits them: bodies, tiles, checkpoint, each durable before the next.

    Made by `create` for a new log or `recover` for one that has a checkpoint. A failed commit changes
    nothing and may be tried again. The caller holds the run's lock.
    """

    def __init__(self, storage: Storage, origin: str, signer: NoteKey) -> None:
        self.origin = origin
        self._storage = storage
        self._signers = [signer]
        self._checkpoint: Checkpoint | None = None
        self._unsigned = False
        self._tiles = tiles.TileBuilder()
        self._content = Frontier()
        self._leaves: list[bytes] = []
        """Leaf hashes of content that are not yet in `_content`: hashing many at once is faster."""
        self._entries: list[bytes] = []
        self._items: list[Item] = []
        self._partials: set[str] = set()
        """Partial tiles on the disk, those of a failed commit among them."""
        self._stale: set[str] = set()
        """Those of them that no checkpoint on the disk can need: superseded by a commit that succeeded."""
        self._ended = False

    @classmethod
    def create(cls, storage: Storage, origin: str, signer: NoteKey) -> LogWriter:
        """Begin a log in a folder that has none; raises LogError, since a second log would fork the first."""
        if storage.files(LOG) or storage.files(BODIES):
            raise LogError(f"{LOG}: this folder has a log already; resume it or choose another folder")
        return cls(storage, origin, signer)

    @classmethod
    def recover(cls, storage: Storage, origin: str, signer: NoteKey, verifiers: Iterable[NoteVerifier]) -> LogWriter:
        """Go on from the last checkpoint that one of the keys signed, removing bodies and tiles past it.

        Raises LogError where there is no such checkpoint or the entries do not give its root; nothing is
        removed then. Raises FormatError for malformed files.
        """
        reader = LogReader(storage, verifiers)
        checkpoint = reader.checkpoint
        if checkpoint.origin != origin:
            raise LogError(f"{CHECKPOINT}: is of {checkpoint.origin!r}, not of {origin!r}; wrong folder?")
        if not reader.signed_by:
            raise LogError(f"{CHECKPOINT}: no key in trust/ signed it; run the audit before going on")
        writer = cls(storage, origin, signer)
        writer._load(reader)
        if writer._tiles.root != checkpoint.root:
            raise LogError(f"{CHECKPOINT}: the entries do not give its root; run the audit before going on")
        reader.check_tiles()
        writer._checkpoint = checkpoint
        _remove_beyond(storage, checkpoint.size)
        writer._partials = {tile.path for tile in tiles.tiles_of(checkpoint.size) if tile.width < tiles.WIDTH}
        return writer

    @property
    def size(self) -> int:
        """Entries appended, committed or not."""
        return self._tiles.size + len(self._entries)

    @property
    def committed_size(self) -> int:
        """Entries that the last checkpoint covers."""
        return self._tiles.size

    @property
    def checkpoint(self) -> Checkpoint | None:
        """The last checkpoint; None before the first commit."""
        return self._checkpoint

    @property
    def content_count(self) -> int:
        """Entries with content, committed or not."""
        return self._content.size + len(self._leaves)

    def root(self) -> bytes:
        """Return the log root over all entries, committed or not."""
        grown = self._tiles.copy()
        grown.extend(list(map(leaf_hash, self._entries)))
        return grown.root

    def content_root(self) -> bytes:
        """Return the content root over all entries, committed or not."""
        self._content.extend(self._leaves)
        self._leaves = []
        return self._content.root

    def add_signer(self, signer: NoteKey) -> None:
        """Let another key sign the checkpoints too, from the next commit on."""
        self._signers.append(signer)
        self._unsigned = True

    def append(
        self,
        kind: int,
        time: int,
        content: Mapping[str, Any] | EventBlock | None = None,
        evidence: Mapping[str, Any] | None = None,
    ) -> Appended:
        """Add an entry of simulated time `time` (seconds); it is durable after the next `commit`.

        Raises LogError for a kind without its content (or with one it may not have), for content after
        `end` and for events that are not of their block's time; CanonicalError for a body that has no
        canonical form.
        """
        self._check(kind, time, content)
        item = None if content is None else _content_item(content)
        proof = None if evidence is None else _json_item(ItemType.EVIDENCE_JSON, EVIDENCE, evidence)
        evidence_digest = NONE if proof is None else proof.digest
        index, number = self.size, self.content_count
        if item is None:
            data = pack(kind, time, NO_CONTENT, NONE, evidence_digest)
        else:
            data = pack(kind, time, number, item.digest, evidence_digest)
        # Nothing changed before this line, so that a refused entry leaves the log as it was.
        self._entries.append(data)
        if item is not None:
            self._items.append(item)
            self._leaves.append(leaf_hash(content_leaf(kind, time, item.digest)))
        if proof is not None:
            self._items.append(proof)
        if kind == EntryKind.END:
            self._ended = True
        return Appended(index, None, None) if item is None else Appended(index, number, item.digest)

    def commit(self) -> Checkpoint:
        """Make all appended entries durable and sign the new head; returns it. Raises StorageError, LogError.

        With nothing appended it returns the last checkpoint (signed again if a signer came).
        """
        if not self._entries:
            if self._checkpoint is None:
                raise LogError("nothing to commit: a log begins with its start entry")
            if self._unsigned:
                self._publish(self._checkpoint)
            return self._checkpoint
        self.tidy()
        first = self._tiles.size
        grown = self._tiles.copy()
        hash_tiles = grown.extend(list(map(leaf_hash, self._entries)))
        fresh = [*self._bundles(first), *hash_tiles]
        self._partials |= {tile.path for tile, _ in fresh if tile.width < tiles.WIDTH}
        self._storage.write(body_segment(first), encode_segment(self._items))
        self._storage.write_batch((tile.path, data) for tile, data in fresh)
        head = Checkpoint(self.origin, grown.size, grown.root)
        self._publish(head)
        self._tiles, self._entries, self._items = grown, [], []
        self._stale = self._partials - {tile.path for tile in tiles.tiles_of(grown.size)}
        return head

    def tidy(self) -> None:
        """Remove partial tiles that a later commit superseded. `commit` does it first; call it before the
        seal.
        """
        self._storage.remove_batch(path for path in sorted(self._stale) if self._storage.exists(path))
        self._partials -= self._stale
        self._stale = set()

    def _publish(self, head: Checkpoint) -> None:
        self._storage.write(CHECKPOINT, sign_note(head.text(), self._signers))
        self._checkpoint, self._unsigned = head, False

    def _bundles(self, first: int) -> list[tuple[tiles.Tile, bytes]]:
        """Entry bundles that the buffered entries complete or widen."""
        begin = first - first % tiles.WIDTH
        entries = self._committed(begin, first) + self._entries
        return [
            (
                tiles.Tile(tiles.ENTRIES, (begin + start) // tiles.WIDTH, len(part)),
                tiles.encode_entries(part),
            )
            for start in range(0, len(entries), tiles.WIDTH)
            for part in [entries[start : start + tiles.WIDTH]]
        ]

    def _committed(self, begin: int, first: int) -> list[bytes]:
        if begin == first:
            return []
        path = tiles.Tile(tiles.ENTRIES, begin // tiles.WIDTH, first - begin).path
        return tiles.decode_entries(self._storage.read(path), first - begin)

    def _load(self, reader: LogReader) -> None:
        self._tiles.extend([leaf_hash(reader.raw_entry(index)) for index in range(reader.size)])
        for index, entry in enumerate(reader.entries()):
            if entry.has_content:
                if entry.content_number != self._content.size:
                    raise FormatError(f"log entry {index}: content number {entry.content_number} is out of order")
                self._content.append(leaf_hash(entry.content_leaf()))
            self._ended |= entry.kind == EntryKind.END

    def _check(self, kind: int, time: int, content: Mapping[str, Any] | EventBlock | None) -> None:
        try:
            wanted = kind_has_content(kind)
        except FormatError as error:
            raise LogError(str(error)) from error
        if wanted not in (None, content is not None):
            raise LogError(f"entry of kind {kind}: must {'' if wanted else 'not '}have content")
        if content is not None and self._ended:
            raise LogError(f"entry of kind {kind}: no content may follow the `end` entry")
        if isinstance(content, EventBlock) != (kind == EntryKind.EVENTS):
            raise LogError(f"entry of kind {kind}: event blocks, and only they, are of kind {EntryKind.EVENTS}")
        if isinstance(content, EventBlock) and content.time != time:
            raise LogError(f"event block of time {content.time} appended at time {time}")


def _content_item(content: Mapping[str, Any] | EventBlock) -> Item:
    if isinstance(content, EventBlock):
        return make_item(ItemType.EVENT_BLOCK, content.digest, content.encode())
    return _json_item(ItemType.CONTENT_JSON, CONTENT, content)


def _json_item(type_: ItemType, domain: bytes, body: Mapping[str, Any]) -> Item:
    data = canonical(body)
    return make_item(type_, digest_bytes(domain, data), data)


def _remove_beyond(storage: Storage, size: int) -> None:
    """Remove body segments and tiles that a log of `size` entries does not have, and what interrupted
    writes left.
    """
    storage.clear_parts(LOG)
    storage.clear_parts(BODIES)
    needed = {tile.path for tile in tiles.tiles_of(size)} | {CHECKPOINT}
    stale = [path for path in storage.files(LOG) if path not in needed]
    stale += [path for path in storage.files(BODIES) if body_segment_index(path) >= size]
    for path in stale:
        storage.remove(path)
