"""Words and vectors: exact by a slow definition, alike for words that look alike, safe for hostile text."""

from __future__ import annotations

import hashlib
from fractions import Fraction
from math import isqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.agents.embedding import DIMENSIONS, HASHED, SCALE, embed, embed_words, words

TEXTS = st.one_of(
    st.text(max_size=80), st.lists(st.sampled_from(["net", "boat", "feast", "herring", "tide", "gull"])).map(" ".join)
)


def by_hand(found):
    """The vector of some words, counted and divided in fractions."""
    counts = [0] * DIMENSIONS
    for word in found:
        marked = f"<{word}>"
        features = [marked] * 3 + [marked[at : at + 3] for at in range(len(marked) - 2)]
        for feature in features:
            value = int.from_bytes(hashlib.blake2b(feature.encode(), digest_size=8).digest(), "big")
            counts[value % DIMENSIONS] += 1 if value >= 2**63 else -1
    length = isqrt(2**16 * sum(count * count for count in counts))
    if not length:
        return counts
    return [(Fraction(256 * count * SCALE, length) + Fraction(1, 2)).__floor__() for count in counts]


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_a_vector_is_what_the_slow_definition_gives(text):
    assert embed(text).tolist() == by_hand(words(text))


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_a_product_of_two_vectors_is_exact_in_single_precision(text):
    one, other = embed(text), embed(text[::-1])
    exact = sum(int(a) * int(b) for a, b in zip(one, other, strict=True))
    assert int(one.astype(np.float32) @ other.astype(np.float32)) == exact
    assert abs(exact) < 2**24


def test_vectors_have_one_fixed_scale():
    for text in ("tide", "the herring boats came in at dawn", "a " * 50 + "feast"):
        vector = embed(text).astype(int)
        assert abs(isqrt(int(vector @ vector)) - SCALE) <= 6


def test_words_that_look_alike_are_alike():
    def likeness(one: str, other: str) -> int:
        return int(embed(one).astype(int) @ embed(other).astype(int))

    assert likeness("fishing", "fisher") > likeness("fishing", "chapel") + SCALE * SCALE // 5
    assert likeness("nets", "net") == likeness("net", "net")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The Nets and the boats", ["net", "boat"]),
        ("Tell agent-12 about it!", ["tell", "agent-12"]),
        ("glass dress", ["glass", "dress"]),
        ("STRASSE straße", ["strasse", "strasse"]),
        ("well_known", ["well", "known"]),
        ("", []),
        ("and of the", []),
    ],
)
def test_words_carry_meaning(text, found):
    assert words(text) == found


def test_a_text_without_words_has_the_zero_vector():
    assert not embed("?!").any()
    assert embed_words([]).shape == (DIMENSIONS,)


def test_a_word_without_end_is_cut():
    assert len(words("x" * 100_000)[0]) <= 32
    assert embed("y" * 100_000).dtype == np.int8


def test_a_letter_group_that_repeats_does_not_leave_int8():
    vector = embed("a" * 32)
    assert vector.tolist() == by_hand(words("a" * 32))


@given(st.lists(TEXTS, max_size=5))
@settings(max_examples=50, deadline=None)
def test_the_default_embedding_gives_each_text_its_vector(texts):
    vectors = HASHED.embed(texts)
    assert (vectors.shape, vectors.dtype) == ((len(texts), HASHED.dimensions), np.int8)
    assert [row.tolist() for row in vectors] == [embed(text).tolist() for text in texts]


def test_the_default_embedding_looks_for_words():
    assert HASHED.embed_query("whatever was said", ["net", "agent-3"]).tolist() == by_hand(["net", "agent-3"])
