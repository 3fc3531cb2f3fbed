"""Which memories come to mind: words, likeness, importance and recency, in whole numbers. Not what is done with them.

The score of a memory is a sum of integers in which ONE (2^14) stands for 1:

    4 words      BM25 over the distinct words of the query: for each, its rarity's share of all rarities times how
                 much of the memory it is (tf / (tf + k), k growing with the memory's length)
    2 likeness   product of the two vectors, where it is positive; 8 with a sentence encoder (`Embedding.weight`)
    1 importance a tenth for each point
    1 recency    from a table: 0.9975 to the power of the age in steps of ten minutes

Ties break by id: the older memory first. Every operation is exact, so that the result is the same on any processor.
"""

from __future__ import annotations

import re
import sys
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from .embedding import Vector, words, words_of_saying
from .memory import MAX_IMPORTANCE, Memory, MemoryStream

ONE = 1 << 14
WORDS, IMPORTANCE = 4, 1
MAX_QUERY_WORDS = 48
AGE_STEP = 600
"""Seconds of one entry of the recency table."""

_PIECE = 1000
"""Memories in one product."""

_BLOCK = 64
"""Scores of which only the best is looked at first."""

_ID = re.compile(r"\b(?:agent|item|place)-[0-9]+\b")
"""What stands in a query for whom or what it is about; words find it, a sentence is better off without it."""

_FULL = 128
"""What a word's part of a memory tends to when the memory is that word alone."""


def _recency_table() -> NDArray[np.int32]:
    values, value = [], 1 << 40
    while value >> 26:
        values.append(value >> 26)
        value = value * 9975 // 10_000
    return np.array([*values, 0], np.int32)


RECENCY = _recency_table()


@lru_cache(maxsize=1 << 16)
def log2_256(number: int) -> int:
    """Return floor(256 log2(number)), exactly: the length of a whole number's power, no logarithm computed."""
    return (number**256).bit_length() - 1


def rarity(having: int, memories: int) -> int:
    """Return how much a word says that `having` of so many memories contain: 256 log2 of the odds, at least 1."""
    return max(1, log2_256(2 * memories + 2) - log2_256(2 * having + 1))


def part_of(times: int, length: int) -> int:
    """Return how much of a memory of `length` words a word is that stands in it so many times: 0..128."""
    return _FULL * 1000 * times // (1000 * times + 125 + 37 * length)


def terms(memory: Memory) -> tuple[str, ...]:
    """Return what a memory is found by: its words and the ids that it is about."""
    return (*words_of_saying(memory.text), *memory.about)


class Index:
    """What one stream is searched with; follows it as it grows. Arrays have a row for each memory, oldest first.

    A posting is four little-endian bytes for each memory that has the word: its position * 256 + `part_of`.
    """

    def __init__(self, stream: MemoryStream) -> None:
        self._stream = stream
        self._version = -1
        self._clear()

    def _clear(self) -> None:
        self._version = self._stream.version
        self._size = 0
        self._postings: dict[str, bytes] = {}
        room = max(8, len(self._stream))
        self._times = np.empty(room, np.int64)
        self._base = np.empty(room, np.int32)

    def _grow(self, room: int) -> None:
        for name in ("_times", "_base"):
            old = getattr(self, name)
            new = np.empty(room, old.dtype)
            new[: self._size] = old[: self._size]
            setattr(self, name, new)

    def follow(self) -> None:
        """Take in what the stream has learned or forgotten since."""
        if self._version != self._stream.version:
            self._clear()
        size = len(self._stream)
        if size == self._size:
            return
        if size > len(self._times):
            self._grow(size + max(8, size // 4))
        for position in range(self._size, size):
            memory = self._stream[position]
            self._times[position] = memory.time
            self._base[position] = IMPORTANCE * memory.importance * ONE // MAX_IMPORTANCE
            found = terms(memory)
            for word in dict.fromkeys(found):
                entry = (position << 8 | part_of(found.count(word), len(found))).to_bytes(4, "little")
                posting = self._postings.get(word)
                # A new word is interned: streams of one village share most of theirs.
                self._postings[sys.intern(word) if posting is None else word] = (posting or b"") + entry
        self._size = size

    def rarity_of(self, word: str) -> int:
        """Return how much a word says (`rarity`), as many memories as hold it; most for one that was never heard."""
        return rarity(len(self._postings.get(word, b"")) // 4, self._size)

    def _likeness(self, query: Vector) -> NDArray[np.float32]:
        """Return the vectors' part of the score, whole numbers (n,)."""
        wanted = query.astype(np.float32) * self._stream.embedding.weight
        products, vectors = np.empty(self._size, np.float32), self._stream.vectors
        # In pieces below the size from which BLAS starts threads: where cores are busy they cost milliseconds. Kept as
        # float32, vectors would take four times the memory, for a search of 10,000 that is a seventh faster.
        for start in range(0, self._size, _PIECE):
            end = min(start + _PIECE, self._size)
            np.dot(vectors[start:end].astype(np.float32), wanted, out=products[start:end])
        return np.maximum(products, 0, out=products)

    def _word_scores(self, query: list[str]) -> NDArray[np.int32] | None:
        """Return the words' part of the score, int32 (n,); None when no word of the query was ever heard."""
        postings = [posting for word in query if (posting := self._postings.get(word)) is not None]
        if not postings:
            return None
        rarities = [rarity(len(posting) // 4, self._size) for posting in postings]
        whole = sum(rarities)
        factors = np.array([WORDS * ONE * value // whole for value in rarities])
        packed = np.frombuffer(b"".join(postings), "<u4")
        gains = np.repeat(factors, [len(posting) // 4 for posting in postings]) * (packed & 255)
        # Sums of whole numbers far below 2^53: exact in double precision, in any order.
        sums = np.bincount(packed >> 8, weights=gains, minlength=self._size)
        return sums.astype(np.int32) >> 7

    def scores(self, query: str, time: int) -> NDArray[np.int32]:
        """Return the score of every memory at a time in seconds, int32 (n,)."""
        found = words(query)
        size = self._size
        total = RECENCY.take((time - self._times[:size]) // AGE_STEP, mode="clip")
        total += self._base[:size]
        if not found:
            return total
        distinct = list(dict.fromkeys(found))[:MAX_QUERY_WORDS]
        likeness = self._likeness(self._stream.embedding.embed_query(_ID.sub("", query), distinct))
        np.add(total, likeness, out=total, dtype=np.int32, casting="unsafe")
        by_words = self._word_scores(distinct)
        if by_words is not None:
            total += by_words
        return total


def index_of(stream: MemoryStream) -> Index:
    """Return the stream's index, brought up to date; it is made at the first call."""
    index = stream.index
    if not isinstance(index, Index):
        index = stream.index = Index(stream)
    index.follow()
    return index


def _bound(scores: NDArray[np.int32], count: int) -> int:
    """Return a score that `count` of them reach, and that few others do.

    Each of the `count` best blocks holds one that is as good as the worst of these blocks' best.
    """
    size = len(scores) // _BLOCK
    if size > count:
        scores = np.maximum.reduce(scores[: size * _BLOCK].reshape(size, _BLOCK), axis=1)
    return int(np.partition(scores, len(scores) - count)[len(scores) - count])


def best(scores: NDArray[np.int32], count: int) -> list[int]:
    """Return the positions of the `count` highest scores, highest first; of equals the lower position first."""
    size = len(scores)
    if count <= 0 or size == 0:
        return []
    chosen = np.arange(size)
    if count < size:
        chosen = np.flatnonzero(scores >= _bound(scores, count))
    # Stable, so that equal scores stay in the order of their positions.
    order = np.argsort(-scores[chosen], kind="stable")[:count]
    return [int(position) for position in chosen[order]]


def retrieve(stream: MemoryStream, query: str, time: int, count: int) -> list[Memory]:
    """Return the `count` memories that come to mind for a query (words and ids) at a time in seconds, best first."""
    scores = index_of(stream).scores(query, time)
    return [stream[position] for position in best(scores, count)]
