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
from .merkle import Frontier, leaf_hashes
from .note import Checkpoint, NoteKey, NoteVerifier, sign_note
from .segments import HEADER, ItemType, write_item
from .storage import Storage

__all__ = ["Appended", "LogReader", "LogWriter"]

_END, _EVENTS = int(EntryKind.END), int(EntryKind.EVENTS)
_CONTENT_JSON, _EVIDENCE_JSON, _EVENT_BLOCK = map(
    int, (ItemType.CONTENT_JSON, ItemType.EVIDENCE_JSON, ItemType.EVENT_BLOCK)
)

_STALE_AT_MOST = 48
"""Superseded partial tiles that may stand about: removing them one by one would sync their folders at each commit."""


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
        self._content_count = 0
        self._leaves: list[bytes] = []
        """Leaves of the content tree that are not yet in `_content`: hashing many at once is faster."""
        self._unread: LogReader | None = None
        """The recovered log, until its content is in `_content`: opening does not wait for it."""
        self._entries: list[bytes] = []
        self._bodies = bytearray(HEADER)
        """The segment of the buffered entries' bodies, as it will be written."""
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
        return self._content_count

    def root(self) -> bytes:
        """Return the log root over all entries, committed or not."""
        grown = self._tiles.copy()
        grown.extend(leaf_hashes(self._entries))
        return grown.root

    def content_root(self) -> bytes:
        """Return the content root over all entries, committed or not."""
        self._fold_content()
        return self._content.root

    def _fold_content(self) -> None:
        if self._unread is not None:
            for hashes in self._unread.content_leaf_hashes():
                self._content.extend(hashes)
            self._unread = None
        self._content.extend(leaf_hashes(self._leaves))
        self._leaves = []

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
        kind = int(kind)  # hashing and comparing members of an enumeration is slow
        self._check(kind, time, content)
        said = None if content is None else _content(content)
        shown = None if evidence is None else _json(_EVIDENCE_JSON, EVIDENCE, evidence)
        index, number = self._tiles.size + len(self._entries), self._content_count
        digest, evidence_digest = NONE if said is None else said[1], NONE if shown is None else shown[1]
        data = pack(kind, time, NO_CONTENT if said is None else number, digest, evidence_digest)
        # Nothing changed before this line, so that a refused entry leaves the log as it was.
        self._entries.append(data)
        if said is not None:
            write_item(self._bodies, *said)
        if shown is not None:
            write_item(self._bodies, *shown)
        if said is None:
            return Appended(index, None, None)
        self._leaves.append(content_leaf(kind, time, digest))
        self._content_count += 1
        self._ended |= kind == _END
        return Appended(index, number, digest)

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
        self._fold_content()
        if len(self._stale) >= _STALE_AT_MOST:
            self.tidy()
        first = self._tiles.size
        grown = self._tiles.copy()
        hash_tiles = grown.extend(leaf_hashes(self._entries))
        fresh = [*self._bundles(first), *hash_tiles]
        self._partials |= {tile.path for tile, _ in fresh if tile.width < tiles.WIDTH}
        self._storage.write(body_segment(first), bytes(self._bodies))
        self._storage.write_batch((tile.path, data) for tile, data in fresh)
        head = Checkpoint(self.origin, grown.size, grown.root)
        self._publish(head)
        self._tiles, self._entries, self._bodies = grown, [], bytearray(HEADER)
        self._stale = self._partials - {tile.path for tile in tiles.tiles_of(grown.size)}
        return head

    def tidy(self) -> None:
        """Remove partial tiles that a later commit superseded. `commit` does it when they are many; call it before
        the seal.
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
        """Take over a log whose entries give the signed root, and whose tiles are those of the entries."""
        numbers = 0
        for bundle in reader.bundles():
            for tile, data in self._tiles.extend(bundle.leaf_hashes()):
                if tile.width == tiles.WIDTH and reader.storage.read(tile.path) != data:
                    raise FormatError(f"{tile.path}: hashes differ from those of the entries")
            found = bundle.numbers()
            if found != list(range(numbers, numbers + len(found))):
                raise FormatError(f"log entries from {bundle.first}: content numbers are out of order")
            numbers += len(found)
            self._ended |= bundle.ends()
        if self._tiles.root != reader.checkpoint.root:
            raise LogError(f"{CHECKPOINT}: the entries do not give its root; run the audit before going on")
        _ = reader.tree  # raises where the partial tiles do not give the root
        self._content_count, self._unread = numbers, reader

    def _check(self, kind: int, time: int, content: Mapping[str, Any] | EventBlock | None) -> None:
        try:
            wanted = kind_has_content(kind)
        except FormatError as error:
            raise LogError(str(error)) from error
        has = content is not None
        if wanted is not None and wanted is not has:
            raise LogError(f"entry of kind {kind}: must {'' if wanted else 'not '}have content")
        if has and self._ended:
            raise LogError(f"entry of kind {kind}: no content may follow the `end` entry")
        if kind == _EVENTS:
            if not isinstance(content, EventBlock):
                raise LogError(f"entry of kind {kind}: its content is an event block")
            if content.time != time:
                raise LogError(f"event block of time {content.time} appended at time {time} as kind {kind}")
        elif type(content) is EventBlock:
            raise LogError(f"event block of time {content.time} appended at time {time} as kind {kind}")


def _content(content: Mapping[str, Any] | EventBlock) -> tuple[int, bytes, bytes]:
    """Return the type, digest and bytes of a content body, as `write_item` takes them."""
    if isinstance(content, EventBlock):
        return _EVENT_BLOCK, content.digest, content.encode()
    return _json(_CONTENT_JSON, CONTENT, content)


def _json(type_: int, domain: bytes, body: Mapping[str, Any]) -> tuple[int, bytes, bytes]:
    data = canonical(body)
    return type_, digest_bytes(domain, data), data


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
