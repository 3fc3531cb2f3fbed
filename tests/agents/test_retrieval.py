"""Retrieval: equal to a slow definition in plain integers, the same on any processor, and sensible."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.agents.embedding import embed_words, words
from worldloom.agents.memory import KINDS, MemoryStream
from worldloom.agents.retrieval import MAX_QUERY_WORDS, best, log2_256, retrieve

VOCABULARY = [
    "net",
    "nets",
    "boat",
    "feast",
    "herring",
    "tide",
    "gull",
    "tonight",
    "bread",
    "chapel",
    "storm",
    "agent-3",
    "the",
]
TEXTS = st.lists(st.sampled_from(VOCABULARY), max_size=9).map(" ".join)
ROWS = st.lists(
    st.tuples(
        st.integers(0, 400_000),
        st.sampled_from(KINDS),
        TEXTS,
        st.integers(0, 10),
        st.lists(st.sampled_from(["agent-3", "place-2", "item-30"]), max_size=3),
    ),
    max_size=60,
)


def recency_by_hand(age: int) -> int:
    value = 1 << 40
    for _ in range(max(0, age) // 600):
        value = value * 9975 // 10_000
    return value >> 26


def log2_by_hand(number: int) -> int:
    """floor(256 log2(number)), by comparing powers of two."""
    low, high = 0, 256 * number.bit_length()
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if 2**middle <= number**256 else (low, middle - 1)
    return low


def score_by_hand(stream, position: int, query: str, time: int) -> int:
    """The definition at the head of retrieval.py, one memory at a time, in Python's integers."""
    memories = list(stream)
    found = [words(memory.text) + list(memory.about) for memory in memories]
    asked = list(dict.fromkeys(words(query)))[:MAX_QUERY_WORDS]
    memory = memories[position]
    score = recency_by_hand(time - memory.time) + memory.importance * 16_384 // 10
    vector = [int(value) for value in embed_words(words(memory.text))]
    wanted = [int(value) for value in embed_words(asked)]
    score += 2 * max(0, sum(one * other for one, other in zip(vector, wanted, strict=True)))
    having = {word: sum(word in each for each in found) for word in asked}
    rare = {
        word: max(1, log2_by_hand(2 * len(memories) + 2) - log2_by_hand(2 * count + 1))
        for word, count in having.items()
        if count
    }
    by_words = 0
    for word, value in rare.items():
        times, length = found[position].count(word), len(found[position])
        part = 128_000 * times // (1000 * times + 125 + 37 * length) if times else 0
        by_words += (4 * 16_384 * value // sum(rare.values())) * part
    return score + by_words // 128


def by_hand(stream, query: str, time: int, count: int):
    order = sorted(range(len(stream)), key=lambda position: (-score_by_hand(stream, position, query, time), position))
    return [stream[position] for position in order[:count]]


@given(ROWS, TEXTS, st.integers(0, 900_000), st.integers(0, 12), st.sampled_from([7, 600]))
@settings(max_examples=150, deadline=None)
def test_it_equals_the_slow_definition(rows, query, time, count, limit):
    stream = MemoryStream("agent-1", limit)
    for at, kind, text, importance, about in rows:
        stream.append(at, kind, text, "", importance, about)
    assert retrieve(stream, query, time, count) == by_hand(stream, query, time, count)


@given(ROWS, TEXTS, st.integers(1, 30))
@settings(max_examples=40, deadline=None)
def test_an_index_that_followed_step_by_step_gives_what_a_new_one_gives(rows, query, limit):
    followed, fresh = MemoryStream("agent-1", 5 + limit), MemoryStream("agent-1", 5 + limit)
    for at, kind, text, importance, about in rows:
        followed.append(at, kind, text, "", importance, about)
        retrieve(followed, query, at, 3)
    fresh.restore(followed.state())
    assert retrieve(followed, query, 500_000, 10) == retrieve(fresh, query, 500_000, 10)


def test_retrieval_changes_no_state():
    stream = MemoryStream("agent-1")
    for number in range(30):
        stream.append(number, "seen", f"boat {number}")
    before = stream.state()
    retrieve(stream, "boat 3", 60, 5)
    assert stream.state() == before


@given(st.integers(1, 1 << 20))
@settings(max_examples=100, deadline=None)
def test_the_logarithm_of_a_whole_number_is_exact(number):
    assert log2_256(number) == log2_by_hand(number)


@given(st.lists(st.integers(0, 5), max_size=50), st.integers(0, 60))
def test_the_best_are_those_that_sorting_gives(scores, count):
    expected = sorted(range(len(scores)), key=lambda position: (-scores[position], position))[:count]
    assert best(np.array(scores, np.int32), count) == expected


@settings(max_examples=60)
@given(st.integers(0, 1500), st.integers(1, 30), st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_of_many_scores_the_best_are_found_wherever_they_stand_and_however_many_are_equal(size, count, kinds, seed):
    """More scores than are looked at one by one; sizes that end within a block."""
    scores = np.random.default_rng(seed).integers(0, kinds, size, np.int32)
    expected = sorted(range(size), key=lambda position: (-scores[position], position))[:count]
    assert best(scores, count) == expected


def village_day():
    stream = MemoryStream("agent-1")
    texts = [
        ("Niwen Tidedale mended nets at the boathouse.", ("agent-3", "place-9"), 2),
        ("There will be a feast at the inn tonight.", (), 6),
        ("Orsa bought bread at the bakery.", ("agent-7", "place-10"), 2),
        ("The storm broke two masts in the harbour.", ("place-1",), 5),
        ("Walked along the beach.", (), 1),
    ]
    for number, (text, about, importance) in enumerate(texts * 20):
        stream.append(number * 300, "seen", text if number < 5 else f"{text} Again.", "", importance, about)
    return stream


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("Do you know of the feast?", "feast"),
        ("fishing nets and mending", "nets"),
        ("What does one hear about agent-7", "bread"),
        ("storms at sea", "storm"),
    ],
)
def test_what_is_asked_for_comes_to_mind(query, word):
    assert all(word in memory.text for memory in retrieve(village_day(), query, 40_000, 3))


def test_without_words_in_common_the_important_and_recent_come_first():
    stream = village_day()
    first, second = retrieve(stream, "", 40_000, 2)
    assert "feast" in first.text
    assert first.time > second.time
    assert retrieve(stream, "?!", 40_000, 2) == [first, second]


def test_equal_memories_come_in_the_order_of_their_ids():
    stream = MemoryStream("agent-1")
    for _ in range(30):
        stream.append(60, "seen", "a boat")
    assert [memory.id for memory in retrieve(stream, "boat", 60, 12)] == [f"memory-1-{number}" for number in range(12)]


def test_an_empty_stream_and_a_count_of_none_give_nothing():
    assert retrieve(MemoryStream("agent-1"), "boat", 0, 10) == []
    assert retrieve(village_day(), "boat", 0, 0) == []
    assert len(retrieve(village_day(), "boat", 0, 1000)) == 100


def test_memories_of_a_later_time_count_as_of_now():
    stream = MemoryStream("agent-1")
    stream.append(5000, "seen", "a boat")
    stream.append(100, "seen", "a boat")
    assert [memory.time for memory in retrieve(stream, "boat", 100, 2)] == [5000, 100]


def test_a_query_without_end_is_answered():
    endless = " ".join(f"word{number}" for number in range(20_000)) + " feast"
    assert len(retrieve(village_day(), endless, 0, 3)) == 3


def test_a_forgotten_memory_never_comes_to_mind():
    stream = MemoryStream("agent-1", 10)
    gone = stream.append(0, "seen", "a golden herring", importance=0)
    assert retrieve(stream, "golden herring", 0, 1) == [gone]
    for number in range(12):
        stream.append(number + 1, "seen", f"boat {number}", importance=3)
    assert all("golden" not in memory.text for memory in retrieve(stream, "golden herring", 60, 10))


EXACTNESS = """
import hashlib
import numpy as np
from worldloom.agents.memory import MemoryStream
from worldloom.agents.retrieval import index_of, retrieve

syllables = ["ka", "lo", "mer", "tin", "wen", "dra", "sel", "no", "fi", "gar"]
names = [one + other for one in syllables for other in syllables]
stream = MemoryStream("agent-1", 3000)
for number in range(2500):
    text = " ".join(names[(number * k * k + 7 * k) % 100] for k in range(1, 13))
    stream.append(number * 97, "seen", text, "", number % 11, [f"agent-{number % 40}"])
found = hashlib.sha256()
for number in range(40):
    query = " ".join(names[(number * 13 + k * 29) % 100] for k in range(9))
    found.update(index_of(stream).scores(query, 300000).tobytes())
    found.update(" ".join(memory.id for memory in retrieve(stream, query, 300000, 25)).encode())
points = np.linspace(-20, 20, 10001)
matrix = np.exp(points[:9800]).astype(np.float32).reshape(98, 100)
print(found.hexdigest())
print(hashlib.sha256(np.exp(points).tobytes()).hexdigest())
print(hashlib.sha256((matrix.T @ matrix).tobytes()).hexdigest())
"""


def run_with(**settings_of_numpy: str) -> list[str]:
    """Digests of retrieval, of np.exp and of a float product in a new process."""
    environment = {**os.environ, **settings_of_numpy}
    done = subprocess.run(
        [sys.executable, "-c", EXACTNESS], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


@pytest.fixture(scope="module")
def plain() -> list[str]:
    return run_with()


def avx512_of_numpy() -> list[str]:
    """The names of AVX-512 features that this numpy dispatches to and this processor has."""
    umath = sys.modules.get("numpy._core._multiarray_umath") or sys.modules["numpy.core._multiarray_umath"]
    has = umath.__cpu_features__
    return [
        name for name in umath.__cpu_dispatch__ if has.get(name) and (name.startswith("AVX512") or name == "X86_V4")
    ]


def test_it_is_the_same_without_avx512(plain):
    features = avx512_of_numpy()
    if not features:
        pytest.skip("numpy finds no AVX-512 on this processor, so that there is nothing to switch off")
    other = run_with(NPY_DISABLE_CPU_FEATURES=" ".join(features))
    if other[1] == plain[1]:
        pytest.skip(f"np.exp does not change without {' '.join(features)}: this processor cannot show the difference")
    assert other[0] == plain[0]


def test_it_is_the_same_with_the_kernels_of_another_processor(plain):
    other = run_with(OPENBLAS_CORETYPE="Haswell")
    if other[2] == plain[2]:
        pytest.skip(
            "OPENBLAS_CORETYPE=Haswell changes no float product here: its kernels are those in use, or no OpenBLAS"
        )
    assert other[0] == plain[0]


def test_it_is_the_same_under_another_hash_seed(plain):
    assert run_with(PYTHONHASHSEED="1")[0] == run_with(PYTHONHASHSEED="2")[0] == plain[0]


class Colours:
    """An embedding that knows two colours, whatever they are called; keeps what it was asked."""

    name = "colours"
    dimensions = 2

    def __init__(self, weight=2):
        self.weight = weight
        self.asked = []

    def embed(self, texts):
        red, blue = ("red", "scarlet", "crimson"), ("blue", "azure", "navy")
        return np.array([[127 * any(word in text for word in each) for each in (red, blue)] for text in texts], np.int8)

    def embed_query(self, text, found):
        self.asked.append((text, list(found)))
        return self.embed([text])[0]


def test_another_embedding_brings_to_mind_what_shares_no_word():
    stream = MemoryStream("agent-1", embedding=Colours())
    for number, text in enumerate(("A boat with scarlet sails.", "A navy coat.", "Bread.")):
        stream.append(number, "seen", text)
    assert retrieve(stream, "anything blue?", 10, 1)[0].text == "A navy coat."
    assert retrieve(stream, "something crimson", 10, 1)[0].text == "A boat with scarlet sails."


def test_an_embedding_is_asked_without_ids_and_words_are_looked_for_with_them():
    colours = Colours()
    stream = MemoryStream("agent-1", embedding=colours)
    stream.append(0, "seen", "A navy coat.", about=("agent-3",))
    retrieve(stream, "What blue does he wear? agent-3 place-12", 10, 1)
    (text, found), *_ = colours.asked
    assert text.split() == ["What", "blue", "does", "he", "wear?"]
    assert found == ["blue", "wear", "agent-3", "place-12"]


def test_an_index_that_is_restored_searches_the_stored_vectors():
    stream = MemoryStream("agent-1", embedding=Colours())
    stream.append(0, "seen", "A navy coat.")
    stream.append(0, "seen", "A grey coat.")
    state = stream.state()
    first, second = state["memories"]
    first[-1], second[-1] = second[-1], first[-1]
    stream.restore(state)
    assert retrieve(stream, "azure", 10, 1)[0].text == "A grey coat."


@pytest.mark.parametrize(("weight", "first"), [(1, "A grey coat, a grey hat."), (8, "A navy sail.")])
def test_an_embedding_says_what_likeness_counts_against_words(weight, first):
    stream = MemoryStream("agent-1", embedding=Colours(weight))
    for text in ("A navy sail.", "A grey coat, a grey hat.", "Bread."):
        stream.append(0, "seen", text)
    assert retrieve(stream, "blue coat, grey hat", 10, 1)[0].text == first
