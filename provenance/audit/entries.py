"""How many entries a log has, of which kinds: counted once, for they need not all be in memory. Judges none of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from worldloom.provenance.errors import ProvenanceError
from worldloom.provenance.log_reader import LogReader
from worldloom.provenance.tiles import ENTRIES, WIDTH, Tile


@dataclass(frozen=True)
class Entries:
    """The number of all entries, of those with content, and of each kind."""

    total: int
    contents: int
    kinds: Counter[int]

    def of_kind(self, kind: int) -> int:
        """How many are of a kind."""
        return self.kinds[kind]


@dataclass(frozen=True)
class Unreadable:
    """The entry bundle in which an entry cannot be read, and why."""

    path: str
    why: str


def count_entries(log: LogReader) -> Entries | Unreadable:
    """Read every entry of the checkpoint, which may claim any size: what is not there stops the reading."""
    kinds: Counter[int] = Counter()
    contents = 0
    try:
        for entry in log.entries():
            kinds[entry.kind] += 1
            contents += entry.has_content
    except ProvenanceError as error:
        index = kinds.total()
        path = Tile(ENTRIES, index // WIDTH, max(1, min(WIDTH, log.size - index // WIDTH * WIDTH))).path
        return Unreadable(path, f"entry {index}: {str(error).removeprefix(f'{path}: ')}")
    return Entries(kinds.total(), contents, kinds)
