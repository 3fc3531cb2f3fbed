"""Roots and proofs out of stored hash tiles, each tile checked up to the signed root. Reads no entries, writes nothing.

A proof in a log of a million entries needs some six tiles. None of them is believed: the partial tiles of the right
edge must give the root, and a full tile's root must stand in the tile above it (C2SP tlog-tiles).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from .errors import FormatError
from .merkle import EMPTY_ROOT, Prover, node_hash, pair_up
from .tiles import HEIGHT, WIDTH, Tile, decode_hashes

_KEPT = 256
"""Tiles in memory at most, 16 kB each with the hashes between."""


class TileTree(Prover):
    """The tree of `size` entries whose signed head is `root`; `read` gives a tile's bytes.

    Raises FormatError where the tiles do not give that root, and what `read` raises for a tile that is missing.
    """

    def __init__(self, read: Callable[[Tile], bytes], size: int, root: bytes) -> None:
        super().__init__(size)
        self._read = read
        self._levels = lru_cache(maxsize=_KEPT)(self._checked)
        if self._edge_root() != root:
            raise FormatError("the hash tiles do not give the root that the checkpoint signs")

    def perfect(self, level: int, index: int) -> bytes:
        """Root of 2^level leaves, the first of which is index * 2^level."""
        height = level % HEIGHT
        first = index << height
        return self._levels(level // HEIGHT, first // WIDTH)[height][(first % WIDTH) >> height]

    def _width(self, level: int, number: int) -> int:
        return min(WIDTH, (self.size >> (HEIGHT * level)) - number * WIDTH)

    def _hashes(self, level: int, number: int) -> list[list[bytes]]:
        """Return a tile's hashes, and above them those of all perfect subtrees in it, level by level."""
        width = self._width(level, number)
        tile = Tile(level, number, width)
        try:
            levels = [decode_hashes(self._read(tile), width)]
        except FormatError as error:
            raise FormatError(f"{tile.path}: {error}") from error
        while len(levels[-1]) > 1:
            levels.append(pair_up(levels[-1]))
        return levels

    def _checked(self, level: int, number: int) -> list[list[bytes]]:
        levels = self._hashes(level, number)
        # A partial tile belongs to the right edge, which `__init__` checked.
        if self._width(level, number) == WIDTH:
            above = self._levels(level + 1, number // WIDTH)[0][number % WIDTH]
            if levels[-1][0] != above:
                raise FormatError(f"{Tile(level, number).path}: its hashes do not give the one in the tile above")
        return levels

    def _edge_root(self) -> bytes:
        """Root of all leaves, from the partial tiles alone."""
        result: bytes | None = None
        level = 0
        while self.size >> (HEIGHT * level):
            end = (self.size >> (HEIGHT * level)) % WIDTH
            levels = self._hashes(level, (self.size >> (HEIGHT * level)) // WIDTH) if end else []
            # Within a tile, perfect subtrees from the right, smallest first.
            while end:
                height = (end & -end).bit_length() - 1
                end -= 1 << height
                subtree = levels[height][end >> height]
                result = subtree if result is None else node_hash(subtree, result)
            level += 1
        return EMPTY_ROOT if result is None else result
