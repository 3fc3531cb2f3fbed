"""Text as words and as a small vector of whole numbers: the seam for embeddings, and the one that is no trained model.

A vector has components of int8 at one fixed scale (SCALE stands for length 1). Products of two are whole numbers below
2^24, so float32 arithmetic gives them exactly, on any processor and in any order of summation. Vectors of hashed words
are themselves exact: no float is rounded anywhere.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import isqrt
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from .sayings import once

Vector = NDArray[np.int8]


class Embedding(Protocol):
    """What makes vectors of texts, int8 at SCALE. A text's vector follows from the text alone, never its neighbours."""

    @property
    def name(self) -> str:
        """What the vectors are of; two embeddings of one name give the same vectors. Stored with the memories."""
        ...

    @property
    def dimensions(self) -> int:
        """Components of a vector."""
        ...

    @property
    def weight(self) -> int:
        """What full likeness counts where words count 4: a power of two, so that float32 products stay exact."""
        ...

    def embed(self, texts: Sequence[str]) -> Vector:
        """Return the vectors of texts, int8 of shape (texts, dimensions); zeros where a text says nothing."""
        ...

    def embed_query(self, text: str, found: Sequence[str]) -> Vector:
        """Return the vector of what is looked for, int8 of shape (dimensions,).

        `text` is the query without ids, `found` its distinct words, ids among them.
        """
        ...


DIMENSIONS = 96
SCALE = 127
"""Length of every vector but that of an empty text, in any embedding, up to rounding of its components."""

_WORD = re.compile(r"[^\W_]+(?:-[0-9]+)?")
_LONGEST = 32
_WHOLE = 3
"""How many letter groups a whole word counts for."""

_PLAIN_TEXT = """
    a about after again all also am an and any are as at be because been before but by can come could did do does
    for from get go had has have he her here him his how i if in into is it its just like me more much my no not now of
    off on one or our out over said say see she so some than that the their them then there they this to too up us very
    was we went were what when where which who why will with would you your
"""
_PLAIN = frozenset(_PLAIN_TEXT.split())
"""Words that say nothing about what a text is about."""


def _stem(word: str) -> str:
    """Take the plural off: `nets` and `net` are one word."""
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    return word


def words(text: str) -> list[str]:
    """Return the words that carry meaning, lower case, in order; ids such as `agent-3` are words too."""
    found = (word[:_LONGEST] for word in _WORD.findall(text.casefold()))
    return [_stem(word) for word in found if word not in _PLAIN]


@once
def words_of_saying(text: str) -> tuple[str, ...]:
    """Return the `words` of what many may hear and remember."""
    return tuple(words(text))


@lru_cache(maxsize=16_384)
def _word_counts(word: str) -> bytes:
    """Return the word's share of a vector before scaling, int8: itself and its groups of three letters, hashed."""
    counts = np.zeros(DIMENSIONS, np.int8)
    marked = f"<{word}>"
    groups = [marked[start : start + 3] for start in range(len(marked) - 2)]
    for feature, weight in ((marked, _WHOLE), *((group, 1) for group in groups)):
        value = int.from_bytes(hashlib.blake2b(feature.encode(), digest_size=8).digest(), "big")
        counts[value % DIMENSIONS] += weight if value >> 63 else -weight
    return counts.tobytes()


def embed_words(found: Iterable[str]) -> Vector:
    """Return the vector of some words, int8 of shape (96,); zeros where there is none."""
    rows = np.frombuffer(b"".join(map(_word_counts, found)), np.int8).reshape(-1, DIMENSIONS)
    counts = np.add.reduce(rows, axis=0, dtype=np.int64)
    # 256 times the length, so that a short one loses nothing that matters by being whole.
    length = isqrt(int(counts @ counts) << 16)
    if length == 0:
        return np.zeros(DIMENSIONS, np.int8)
    # Rounded to nearest in whole numbers; no component is longer than the vector, so none leaves int8.
    scaled: Vector = ((counts * (512 * SCALE) + length) // (2 * length)).astype(np.int8)
    return scaled


def embed(text: str) -> Vector:
    """Return the vector of a text, int8 of shape (96,)."""
    return np.frombuffer(_embedded(text), np.int8)


@once
def _embedded(text: str) -> bytes:
    return embed_words(words_of_saying(text)).tobytes()


class Hashed:
    """The embedding by hashed words and letter groups: the default, and what tests of anything else go by."""

    name = f"hashed-{DIMENSIONS}"
    dimensions = DIMENSIONS
    weight = 2

    def embed(self, texts: Sequence[str]) -> Vector:
        """Return the vectors of texts, int8 of shape (texts, 96)."""
        rows = b"".join(map(_embedded, texts))
        return np.frombuffer(rows, np.int8).reshape(-1, DIMENSIONS)

    def embed_query(self, text: str, found: Sequence[str]) -> Vector:
        """Return the vector of the words, int8 of shape (96,)."""
        del text  # its words say all that is hashed
        return embed_words(found)


HASHED = Hashed()
