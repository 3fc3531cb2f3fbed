"""Merkle trees of RFC 6962 over leaf hashes: roots and proofs. Not for tiles, files or signatures."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from .errors import LogError

EMPTY_ROOT = hashlib.sha256(b"").digest()
"""Root of a tree without leaves (RFC 6962 section 2.1)."""

_sha256 = hashlib.sha256
_CHUNK_HEIGHT = 8
_CHUNK = 1 << _CHUNK_HEIGHT


def leaf_hash(data: bytes) -> bytes:
    """SHA-256 of 0x00 and the leaf's bytes."""
    return _sha256(b"\x00" + data).digest()


def leaf_hashes(leaves: Iterable[bytes]) -> list[bytes]:
    """`leaf_hash` of each."""
    return [_sha256(b"\x00" + leaf).digest() for leaf in leaves]


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256 of 0x01 and two child hashes."""
    return _sha256(b"\x01" + left + right).digest()


def pair_up(hashes: Sequence[bytes]) -> list[bytes]:
    """Return the next level: node hashes of complete pairs; an odd last hash is left out."""
    pairs = zip(hashes[::2], hashes[1::2], strict=False)
    return [_sha256(b"\x01" + left + right).digest() for left, right in pairs]


def root(leaf_hashes: Iterable[bytes]) -> bytes:
    """Merkle tree hash of leaf hashes in order."""
    frontier = Frontier()
    frontier.extend(leaf_hashes)
    return frontier.root


class Frontier:
    """The right edge of a growing tree: enough for its root and for more leaves, 32 bytes a level."""

    def __init__(self) -> None:
        self.size = 0
        self._edge: list[bytes] = []
        """Roots of the perfect subtrees that make up `size`, largest first."""

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash."""
        self._push(leaf, 0)

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaf hashes in order."""
        rest = list(leaves)
        aligned = min(len(rest), -self.size % _CHUNK)
        for leaf in rest[:aligned]:
            self._push(leaf, 0)
        # Whole perfect subtrees are hashed level by level: half the time of one leaf after the other.
        while len(rest) - aligned >= _CHUNK:
            level = rest[aligned : aligned + _CHUNK]
            for _ in range(_CHUNK_HEIGHT):
                level = pair_up(level)
            self._push(level[0], _CHUNK_HEIGHT)
            aligned += _CHUNK
        for leaf in rest[aligned:]:
            self._push(leaf, 0)

    def _push(self, subtree: bytes, height: int) -> None:
        """Add the root of a perfect subtree; the size so far is a multiple of its leaves."""
        edge, carry = self._edge, self.size >> height
        while carry & 1:
            subtree = _sha256(b"\x01" + edge.pop() + subtree).digest()
            carry >>= 1
        edge.append(subtree)
        self.size += 1 << height

    @property
    def root(self) -> bytes:
        """Merkle tree hash of all leaves so far."""
        if not self._edge:
            return EMPTY_ROOT
        result = self._edge[-1]
        for subtree in reversed(self._edge[:-1]):
            result = node_hash(subtree, result)
        return result

    def copy(self) -> Frontier:
        """Return an independent frontier of the same leaves."""
        twin = Frontier()
        twin.size, twin._edge = self.size, list(self._edge)
        return twin


class Prover:
    """Roots and proofs of a tree of `size` leaves whose perfect subtrees a subclass gives (`perfect`)."""

    def __init__(self, size: int) -> None:
        self.size = size

    def perfect(self, level: int, index: int) -> bytes:
        """Root of 2^level leaves, the first of which is index * 2^level."""
        raise NotImplementedError

    def root(self, size: int | None = None) -> bytes:
        """Root of the first `size` leaves (of all: None)."""
        size = self._within(self.size if size is None else size)
        return self._range(0, size) if size else EMPTY_ROOT

    def inclusion_proof(self, index: int, size: int | None = None) -> list[bytes]:
        """RFC 6962 section 2.1.1 audit path of one leaf, from leaf to root; raises LogError beyond the
        tree.
        """
        size = self._within(self.size if size is None else size)
        if not 0 <= index < size:
            raise LogError(f"leaf {index} is not in a tree of {size}; indices start at 0")
        path, start, end = [], 0, size
        while end - start > 1:
            middle = start + _split(end - start)
            if index < middle:
                path.append(self._range(middle, end))
                end = middle
            else:
                path.append(self._range(start, middle))
                start = middle
        return path[::-1]

    def consistency_proof(self, first: int, second: int | None = None) -> list[bytes]:
        """RFC 6962 section 2.1.2 proof that the first `first` leaves begin the first `second`."""
        second = self._within(self.size if second is None else second)
        if not 0 <= first <= second:
            raise LogError(f"no consistency proof from {first} to {second} leaves: the first must be smaller")
        if first in (0, second):
            return []
        path, start, end, whole = [], 0, second, True
        while first != end:
            middle = start + _split(end - start)
            if first <= middle:
                path.append(self._range(middle, end))
                end = middle
            else:
                path.append(self._range(start, middle))
                start, whole = middle, False
        if not whole:
            path.append(self._range(start, end))
        return path[::-1]

    def _within(self, size: int) -> int:
        if not 0 <= size <= self.size:
            raise LogError(f"the tree has {self.size} leaves, not {size}")
        return size

    def _range(self, start: int, end: int) -> bytes:
        length = end - start
        if length & (length - 1) == 0:
            level = length.bit_length() - 1
            return self.perfect(level, start >> level)
        middle = start + _split(length)
        return node_hash(self._range(start, middle), self._range(middle, end))


class Tree(Prover):
    """All leaf hashes with every complete subtree kept, so that each proof costs a few hashes only."""

    def __init__(self, leaf_hashes: Iterable[bytes]) -> None:
        level = list(leaf_hashes)
        super().__init__(len(level))
        self._levels = [level]
        while len(level) > 1:
            level = pair_up(level)
            self._levels.append(level)

    def perfect(self, level: int, index: int) -> bytes:
        """Root of 2^level leaves, the first of which is index * 2^level."""
        return self._levels[level][index]


def inclusion_proof(leaf_hashes: Iterable[bytes], index: int) -> list[bytes]:
    """Audit path of one leaf among all; see `Tree` for many proofs of one tree."""
    return Tree(leaf_hashes).inclusion_proof(index)


def consistency_proof(leaf_hashes: Iterable[bytes], first: int) -> list[bytes]:
    """Proof that the first `first` leaves begin all of them."""
    return Tree(leaf_hashes).consistency_proof(first)


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof shows that leaf hash at that index of a tree with that root (RFC 9162 section
    2.1.3.2).
    """
    if not 0 <= index < size:
        return False
    node, last, result = index, size - 1, leaf
    for hash_ in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            result = node_hash(hash_, result)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            result = node_hash(result, hash_)
        node, last = node >> 1, last >> 1
    return last == 0 and result == root


def verify_consistency(first: int, second: int, proof: Sequence[bytes], first_root: bytes, second_root: bytes) -> bool:
    """Whether the proof shows that one tree begins another (RFC 9162 section 2.1.4.2)."""
    if not 0 <= first <= second:
        return False
    if first in (0, second):
        same = first_root == (second_root if first else EMPTY_ROOT)
        return not proof and same
    path = [first_root, *proof] if first & (first - 1) == 0 else list(proof)
    if not path:
        return False
    node, last = first - 1, second - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = path[0]
    for hash_ in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old, new = node_hash(hash_, old), node_hash(hash_, new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, hash_)
        node, last = node >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


def _split(size: int) -> int:
    """Return the largest power of two smaller than `size`."""
    return 1 << ((size - 1).bit_length() - 1)
