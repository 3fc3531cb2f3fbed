"""Reads a run's log: checkpoint, entries, bodies, roots and proofs. Writes nothing, judges no signer."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from itertools import chain, islice
from typing import Any

from . import tiles
from .entry import Entry
from .errors import FormatError, LogError
from .folder import BODIES, CHECKPOINT, body_segment, body_segment_index
from .log_scan import Bundle
from .merkle import Frontier, Tree, leaf_hash, verify_inclusion
from .note import Checkpoint, NoteVerifier, open_note_keys
from .segments import decode_segment
from .storage import PART, Storage
from .stored import Stored, content_of, evidence_of, stored_of
from .tile_tree import TileTree

_SEGMENTS_KEPT = 4


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
        return self._bundle(index // tiles.WIDTH).raw_at(index % tiles.WIDTH)

    def entries(self, start: int = 0, stop: int | None = None) -> Iterator[Entry]:
        """Yield the entries of a range, to the checkpoint's end where `stop` is None."""
        stop = self.size if stop is None else stop
        for bundle in self.bundles(start, stop):
            yield from islice(bundle.entries(), max(0, start - bundle.first), stop - bundle.first)

    def bundles(self, start: int = 0, stop: int | None = None) -> Iterator[Bundle]:
        """Yield the entry bundles that hold a range of entries; raises LogError beyond the checkpoint."""
        stop = self.size if stop is None else stop
        if start < stop and not 0 <= start < stop <= self.size:
            raise LogError(f"entries {start} to {stop} are not among the {self.size} of the checkpoint")
        for number in range(start // tiles.WIDTH, -(-stop // tiles.WIDTH) if start < stop else 0):
            yield self._bundle(number)

    @cached_property
    def tree(self) -> TileTree:
        """Merkle tree of the checkpoint, from the hash tiles, each checked up to the root that is signed.

        Raises FormatError where they do not give it. Whether the entries do, says `root`.
        """
        return TileTree(lambda tile: self.storage.read(tile.path), self.size, self.checkpoint.root)

    def root(self) -> bytes:
        """Return the log root, recomputed from the entries."""
        return self._root

    @cached_property
    def _root(self) -> bytes:
        frontier = Frontier()
        for bundle in self.bundles():
            frontier.extend(bundle.leaf_hashes())
        return frontier.root

    @cached_property
    def content_tree(self) -> Tree:
        """Merkle tree over the entries with content; raises FormatError where content numbers skip or
        repeat.
        """
        return Tree(chain.from_iterable(self.content_leaf_hashes()))

    def content_leaf_hashes(self) -> Iterator[list[bytes]]:
        """Yield the leaf hashes of the content tree, a bundle at a time; raises FormatError where numbers skip."""
        due = 0
        for bundle in self.bundles():
            numbers = bundle.numbers()
            if numbers != list(range(due, due + len(numbers))):
                raise FormatError(_out_of_order(bundle, due))
            due += len(numbers)
            yield bundle.content_leaf_hashes()

    def content_root(self) -> bytes:
        """Return the content root, recomputed from the entries."""
        return self._content.root

    @property
    def content_count(self) -> int:
        """How many entries have content."""
        return self._content.size

    @cached_property
    def _content(self) -> Frontier:
        frontier = Frontier()
        for leaves in self.content_leaf_hashes():
            frontier.extend(leaves)
        return frontier

    def inclusion_proof(self, index: int) -> list[bytes]:
        """Audit path of an entry in the log root; raises FormatError where entry or tiles are not those signed."""
        path = self.tree.inclusion_proof(index)
        if not verify_inclusion(leaf_hash(self.raw_entry(index)), index, self.size, path, self.checkpoint.root):
            raise FormatError(f"entry {index}: is not the one whose hash the log's tiles hold")
        return path

    def consistency_proof(self, first: int, second: int | None = None) -> list[bytes]:
        """Proof that the log of `first` entries begins that of `second` (the checkpoint's: None)."""
        return self.tree.consistency_proof(first, second)

    def check_tiles(self) -> bytes:
        """Compare every stored hash tile with the entries; returns the root over the entries.

        Raises FormatError naming the first that differs.
        """
        builder = tiles.TileBuilder()
        for tile, data in self.hash_tiles(builder):
            if self.storage.read(tile.path) != data:
                raise FormatError(f"{tile.path}: hashes differ from those of the entries")
        return builder.root

    def hash_tiles(self, builder: tiles.TileBuilder) -> Iterator[tuple[tiles.Tile, bytes]]:
        """Yield each hash tile of the checkpoint as its entries give it, partial ones last; `builder` is a new one."""
        partial: dict[int, tuple[tiles.Tile, bytes]] = {}
        for bundle in self.bundles():
            for tile, data in builder.extend(bundle.leaf_hashes()):
                # A partial tile in the middle of the log belongs to no checkpoint: what follows widens or completes it.
                partial.pop(tile.level, None)
                if tile.width == tiles.WIDTH:
                    yield tile, data
                else:
                    partial[tile.level] = (tile, data)
        yield from partial.values()

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
        return content_of(self.stored(index), index)

    def evidence(self, index: int) -> Any:
        """Return the evidence body of an entry, a map; None where it has none or was erased."""
        return evidence_of(self.stored(index), index)

    def erased(self, index: int) -> bool:
        """Whether a body of that entry was erased."""
        return any(item is not None and item.data is None for item in self.stored(index))

    @cached_property
    def segment_starts(self) -> list[int]:
        """First entry indices of the committed body segments, ascending."""
        names = [path for path in self.storage.files(BODIES) if not path.endswith(PART)]
        starts = sorted(map(body_segment_index, names))
        return [start for start in starts if start < self.size]

    def _read_bundle(self, number: int) -> Bundle:
        width = min(tiles.WIDTH, self.size - number * tiles.WIDTH)
        path = tiles.Tile(tiles.ENTRIES, number, width).path
        try:
            return Bundle(number * tiles.WIDTH, self.storage.read(path), width)
        except FormatError as error:
            raise FormatError(f"{path}: {error}") from error

    def _read_segment(self, number: int) -> list[Stored]:
        starts = self.segment_starts
        first = starts[number]
        stop = starts[number + 1] if number + 1 < len(starts) else self.size
        path = body_segment(first)
        try:
            return stored_of(self.entries(first, stop), decode_segment(self.storage.read(path)))
        except FormatError as error:
            raise FormatError(f"{path}: {error}") from error


def _out_of_order(bundle: Bundle, due: int) -> str:
    for index, entry in enumerate(bundle.entries(), bundle.first):
        if entry.has_content and entry.content_number != due:
            return f"log entry {index}: content number {entry.content_number} where {due} is due"
        due += entry.has_content
    return f"log entries from {bundle.first}: content numbers are out of order"
