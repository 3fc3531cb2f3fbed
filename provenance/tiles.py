"""C2SP tlog-tiles: names and bytes of hash tiles and entry bundles. Not for what the entries say."""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from typing import NamedTuple

from .digests import SIZE
from .errors import FormatError
from .folder import LOG
from .merkle import EMPTY_ROOT, node_hash, pair_up, root

HEIGHT = 8
WIDTH = 256
"""Hashes of a full hash tile, entries of a full bundle."""

ENTRIES = -1
"""Level of entry bundles, which stand below hash level 0."""

_LENGTH = struct.Struct(">H")
_MAX_LEVEL = 5
"""Level 5 holds up to 2^48 entries; the specification allows 63."""

_TILE = re.compile(r"(entries|[0-9])((?:/x[0-9]{3})*/[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?\Z")
_PREFIX = f"{LOG}tile/"


class Tile(NamedTuple):
    """Which tile: level (ENTRIES for a bundle), number in its level, width (1 to 256 hashes or entries)."""

    level: int
    number: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Name below the run folder, such as `log/tile/0/x001/067.p/5`."""
        pieces = [f"{self.number % 1000:03d}"]
        rest = self.number // 1000
        while rest:
            pieces.append(f"x{rest % 1000:03d}")
            rest //= 1000
        level = "entries" if self.level == ENTRIES else str(self.level)
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"{_PREFIX}{level}/{'/'.join(reversed(pieces))}{partial}"

    @classmethod
    def parse(cls, path: str) -> Tile:
        """Read a tile's path, which has one spelling only; raises FormatError."""
        match = _TILE.match(path.removeprefix(_PREFIX)) if path.startswith(_PREFIX) else None
        if match is not None:
            level = ENTRIES if match[1] == "entries" else int(match[1])
            number = int(match[2].replace("/", "").replace("x", ""))
            tile = cls(level, number, int(match[3] or WIDTH))
            # The path must be the one of these numbers, and .p/256 or more is no partial tile.
            if tile.path == path and level <= _MAX_LEVEL and tile.width <= WIDTH:
                return tile
        raise FormatError(f"{path}: not a tile's name; expected one such as {_PREFIX}0/x001/067.p/5")


def tiles_of(size: int) -> list[Tile]:
    """Return all tiles that a log of `size` entries needs, each in its widest form, bundles first."""
    tiles: list[Tile] = []
    for level in range(ENTRIES, _MAX_LEVEL + 1):
        width = size >> (HEIGHT * max(level, 0))
        tiles.extend(Tile(level, number, min(WIDTH, width - number * WIDTH)) for number in range(-(-width // WIDTH)))
    return tiles


def encode_hashes(hashes: Sequence[bytes]) -> bytes:
    """Bytes of a hash tile: 1 to 256 hashes, one after the other."""
    if not 1 <= len(hashes) <= WIDTH or any(len(hash_) != SIZE for hash_ in hashes):
        raise FormatError(f"a tile holds 1 to {WIDTH} hashes of {SIZE} bytes, not {len(hashes)}")
    return b"".join(hashes)


def decode_hashes(data: bytes, width: int) -> list[bytes]:
    """Read a hash tile of that width; raises FormatError."""
    if not 1 <= width <= WIDTH or len(data) != width * SIZE:
        raise FormatError(f"tile of {len(data)} bytes: {width} hashes take {width * SIZE}")
    return [data[start : start + SIZE] for start in range(0, len(data), SIZE)]


def encode_entries(entries: Sequence[bytes]) -> bytes:
    """Bytes of an entry bundle: 1 to 256 entries, each after its length as u16; raises FormatError."""
    lengths = set(map(len, entries))
    if not 1 <= len(entries) <= WIDTH or max(lengths) > 0xFFFF:
        raise FormatError(f"a bundle holds 1 to {WIDTH} entries of up to 65,535 bytes, not {len(entries)}")
    if len(lengths) == 1:
        length = _LENGTH.pack(*lengths)
        return length + length.join(entries)
    return b"".join([_LENGTH.pack(len(entry)) + entry for entry in entries])


def decode_entries(data: bytes, width: int) -> list[bytes]:
    """Read an entry bundle of that width, to its last byte; raises FormatError."""
    entries, at = [], 0
    for number in range(width):
        if at + 2 > len(data):
            raise FormatError(f"entry bundle ends before entry {number} of {width}")
        (length,) = _LENGTH.unpack_from(data, at)
        entries.append(data[at + 2 : at + 2 + length])
        at += 2 + length
    if at != len(data) or not 1 <= width <= WIDTH:
        raise FormatError(f"entry bundle has {len(data)} bytes, its {width} entries take {at}")
    return entries


class TileBuilder:
    """Hashes of the unfinished tile of each level, from which every next tile is made; grows leaf by leaf."""

    def __init__(self) -> None:
        self.size = 0
        self._open: list[list[bytes]] = [[]]

    def copy(self) -> TileBuilder:
        """Return an independent builder of the same leaves."""
        twin = TileBuilder()
        twin.size, twin._open = self.size, [list(level) for level in self._open]
        return twin

    def extend(self, leaves: Sequence[bytes]) -> list[tuple[Tile, bytes]]:
        """Add leaf hashes; returns the hash tiles that this completes or widens, with their bytes."""
        before = self.size
        self.size += len(leaves)
        done: dict[Tile, bytes] = {}
        fresh, level = list(leaves), 0
        while fresh:
            if level == len(self._open):
                self._open.append([])
            first = (before >> (HEIGHT * level)) // WIDTH
            fresh = self._add(level, first, fresh, done)
            level += 1
        return list(done.items())

    def _add(self, level: int, first: int, fresh: list[bytes], done: dict[Tile, bytes]) -> list[bytes]:
        """Put hashes into one level; returns the roots of the tiles that became full: the next level's
        hashes.
        """
        hashes = self._open[level] + fresh
        full = len(hashes) // WIDTH
        roots = []
        for number in range(full):
            whole = hashes[number * WIDTH : (number + 1) * WIDTH]
            done[Tile(level, first + number)] = b"".join(whole)
            roots.append(_root(whole))
        self._open[level] = hashes[full * WIDTH :]
        if self._open[level]:
            done[Tile(level, first + full, len(self._open[level]))] = b"".join(self._open[level])
        return roots

    @property
    def root(self) -> bytes:
        """Merkle tree hash of all leaves so far (RFC 6962)."""
        result: bytes | None = None
        for level in self._open:
            # Within a level, perfect subtrees from the right, smallest first.
            end = len(level)
            while end:
                length = end & -end
                subtree = root(level[end - length : end])
                result = subtree if result is None else node_hash(subtree, result)
                end -= length
        return EMPTY_ROOT if result is None else result


def _root(hashes: list[bytes]) -> bytes:
    """Root of a full tile."""
    while len(hashes) > 1:
        hashes = pair_up(hashes)
    return hashes[0]
