"""Reads a run's log: checkpoint, entries, bodies, roots and proofs. Writes nothing, judges no signer."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from . import tiles
from .canonical import parse_canonical
from .digests import CONTENT, EVIDENCE, digest_bytes
from .entry import Entry, EntryKind
from .errors import CanonicalError, FormatError, LogError
from .events_block import EventBlock
from .folder import BODIES, CHECKPOINT, body_segment_index
from .merkle import Tree, leaf_hash
from .note import Checkpoint, NoteVerifier, open_note_keys
from .segments import Item, ItemType, decode_segment
from .storage import PART, Storage

_SEGMENTS_KEPT = 4


class Stored(NamedTuple):
    """The items of one entry, None where it has none; an item without bytes was erased."""

    content: Item | None
    evidence: Item | None


class LogReader:
    """The log as its last checkpoint commits to it; what was written after that is not looked at.

    Malformed files raise FormatError, missing ones StorageError, a log without a checkpoint LogError.
    Whether the recomputed `root()` equals `checkpoint.root`, and who signed (`signed_by`), are values for
    the caller to judge.
    """

    def __init__(self, storage: Storage, verifiers: Iterable[NoteVerifier] | None = None) -> None:
        if not storage.exists(CHECKPOINT):
            raise LogError(f"{CHECKPOINT}: missing; a folder without a first checkpoint is not a run yet")
        self.storage = storage
        self.raw_checkpoint = storage.read(CHECKPOINT)
        text, self.signed_by = open_note_keys(self.raw_checkpoint, verifiers or ())
        self.checkpoint = Checkpoint.parse(text)
        self.size = self.checkpoint.size
        self._bundle = lru_cache(maxsize=64)(self._read_bundle)
        self._segment = lru_cache(maxsize=_SEGMENTS_KEPT)(self._read_segment)

    def __len__(self) -> int:
        return self.size

    def entry(self, index: int) -> Entry:
        """Return one entry; raises LogError beyond the checkpoint."""
        return Entry.decode(self.raw_entry(index))

    def raw_entry(self, index: int) -> bytes:
        """Return the bytes of one entry."""
        if not 0 <= index < self.size:
            raise LogError(f"entry {index} is not among the {self.size} of the checkpoint")
        return self._bundle(index // tiles.WIDTH)[index % tiles.WIDTH]

    def entries(self, start: int = 0, stop: int | None = None) -> Iterator[Entry]:
        """Yield the entries of a range, to the checkpoint's end where `stop` is None."""
        for index in range(start, self.size if stop is None else stop):
            yield self.entry(index)

    @cached_property
    def tree(self) -> Tree:
        """Merkle tree over all entries, recomputed from their bytes."""
        return Tree(leaf_hash(self.raw_entry(index)) for index in range(self.size))

    def root(self) -> bytes:
        """Return the log root, recomputed from the entries."""
        return self.tree.root()

    @cached_property
    def content_tree(self) -> Tree:
        """Merkle tree over the entries with content; raises FormatError where content numbers skip or
        repeat.
        """
        leaves: list[bytes] = []
        for index, entry in enumerate(self.entries()):
            if not entry.has_content:
                continue
            if entry.content_number != len(leaves):
                raise FormatError(
                    f"log entry {index}: content number {entry.content_number} where {len(leaves)} is due"
                )
            leaves.append(leaf_hash(entry.content_leaf()))
        return Tree(leaves)

    def content_root(self) -> bytes:
        """Return the content root, recomputed from the entries."""
        return self.content_tree.root()

    @property
    def content_count(self) -> int:
        """How many entries have content."""
        return self.content_tree.size

    def inclusion_proof(self, index: int) -> list[bytes]:
        """Audit path of an entry in the log root."""
        return self.tree.inclusion_proof(index)

    def consistency_proof(self, first: int, second: int | None = None) -> list[bytes]:
        """Proof that the log of `first` entries begins that of `second` (the checkpoint's: None)."""
        return self.tree.consistency_proof(first, second)

    def check_tiles(self) -> None:
        """Compare every stored hash tile with the entries; raises FormatError naming the first that
        differs.
        """
        builder = tiles.TileBuilder()
        computed = dict(builder.extend([leaf_hash(self.raw_entry(index)) for index in range(self.size)]))
        for tile, data in computed.items():
            if self.storage.read(tile.path) != data:
                raise FormatError(f"{tile.path}: hashes differ from those of the entries")

    def stored(self, index: int) -> Stored:
        """Return the items of one entry as stored; raises FormatError where they are not those that it
        names.
        """
        starts = self.segment_starts
        number = bisect_right(starts, index) - 1
        if not 0 <= index < self.size or number < 0:
            raise LogError(f"entry {index}: no bodies; the log has {self.size} entries")
        return self._segment(number)[index - starts[number]]

    def content(self, index: int) -> Any:
        """Return the content body of an entry: a map, or an EventBlock; None where it has none or was
        erased.
        """
        item = self.stored(index).content
        if item is None or item.data is None:
            return None
        if item.type == ItemType.EVENT_BLOCK:
            return EventBlock.decode(item.data, item.digest)
        return _json(item, CONTENT, f"content of entry {index}")

    def evidence(self, index: int) -> Any:
        """Return the evidence body of an entry, a map; None where it has none or was erased."""
        item = self.stored(index).evidence
        if item is None or item.data is None:
            return None
        return _json(item, EVIDENCE, f"evidence of entry {index}")

    def erased(self, index: int) -> bool:
        """Whether a body of that entry was erased."""
        return any(item is not None and item.data is None for item in self.stored(index))

    @cached_property
    def segment_starts(self) -> list[int]:
        """First entry indices of the committed body segments, ascending."""
        names = [path for path in self.storage.files(BODIES) if not path.endswith(PART)]
        starts = sorted(map(body_segment_index, names))
        return [start for start in starts if start < self.size]

    def _read_bundle(self, number: int) -> list[bytes]:
        width = min(tiles.WIDTH, self.size - number * tiles.WIDTH)
        path = tiles.Tile(tiles.ENTRIES, number, width).path
        try:
            return tiles.decode_entries(self.storage.read(path), width)
        except FormatError as error:
            raise FormatError(f"{path}: {error}") from error

    def _read_segment(self, number: int) -> list[Stored]:
        starts = self.segment_starts
        first = starts[number]
        stop = starts[number + 1] if number + 1 < len(starts) else self.size
        path = f"{BODIES}{first:012d}.seg"
        try:
            items = iter(decode_segment(self.storage.read(path)))
            found = [_stored(entry, items) for entry in self.entries(first, stop)]
            if next(items, None) is not None:
                raise FormatError("holds bodies that no entry names")
        except FormatError as error:
            raise FormatError(f"{path}: {error}") from error
        return found


def _stored(entry: Entry, items: Iterator[Item]) -> Stored:
    block = entry.kind == EntryKind.EVENTS
    content = evidence = None
    if entry.has_content:
        content = _next(items, ItemType.EVENT_BLOCK if block else ItemType.CONTENT_JSON, entry.content)
    if entry.has_evidence:
        evidence = _next(items, ItemType.EVIDENCE_JSON, entry.evidence)
    return Stored(content, evidence)


def _next(items: Iterator[Item], type_: ItemType, digest: bytes) -> Item:
    item = next(items, None)
    if item is None or item.type != type_ or item.digest != digest:
        raise FormatError(f"the {type_.name} with digest {digest.hex()} is not where its entry has it")
    return item


def _json(item: Item, domain: bytes, where: str) -> Any:
    data = item.data or b""
    if digest_bytes(domain, data) != item.digest:
        raise FormatError(f"{where}: its bytes do not give digest {item.digest.hex()}")
    try:
        return parse_canonical(data)
    except CanonicalError as error:
        raise FormatError(f"{where}: {error}") from error
