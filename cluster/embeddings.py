"""Which embedding of memories a scenario names, and who that is in a run's first entry. Computes no vector itself."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from worldloom.agents.embedding import HASHED, Embedding
from worldloom.provenance.recipe import Identity

if TYPE_CHECKING:
    from worldloom.generators.embedding.transformers_embedding import TransformersEmbedding

HASHED_WORDS = "hashed"
"""Specification of the default."""

TRANSFORMERS = "transformers:"
"""How the specification of a sentence encoder begins; its folder or hub id follows."""

NAME = "embedding"
"""What a run's first entry calls it among the generators."""


def is_specification(text: str) -> bool:
    """Whether a text names an embedding; whether its weights are there, is not looked for."""
    return text == HASHED_WORDS or (text.startswith(TRANSFORMERS) and len(text) > len(TRANSFORMERS))


def embedding_of(spec: str) -> Embedding:
    """Return what a specification names. Its own methods raise WeightsError where weights are missing."""
    return HASHED if spec == HASHED_WORDS else _encoder(spec)


def embedding_identity(spec: str) -> dict[str, Identity]:
    """Return who makes the vectors, by NAME; nothing for hashed words: they are no model. Raises WeightsError."""
    return {} if spec == HASHED_WORDS else {NAME: _encoder(spec).identity}


@lru_cache(maxsize=2)
def _encoder(spec: str) -> TransformersEmbedding:
    """One a process, so that all its minds share the weights."""
    from worldloom.generators.embedding.transformers_embedding import from_argument  # noqa: PLC0415  (heavy)

    return from_argument(spec.removeprefix(TRANSFORMERS))
