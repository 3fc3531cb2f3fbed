"""The language model's weights: shape, making, saving, loading. Neither training nor answering."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from worldloom.generators.sequence.model import ModelSize, load_model, new_model, save_weights

from .tokens import END, PAD, SPECIAL, Tokens

WEIGHTS_FOLDER = Path(__file__).parents[2] / "weights" / "language"
"""The shipped weights with their tokenizer and model card."""

TITLE = "village-language-1"
VOCABULARY = 3072
SIZE = ModelSize(hidden=192, layers=5, heads=6, feed_forward=512)
MAX_PROMPT = 672
"""Tokens of a prompt that are read, in lessons and to answer."""
MAX_ANSWER = 160
MAX_TOKENS = MAX_PROMPT + MAX_ANSWER
_PAD, _END = SPECIAL.index(PAD), SPECIAL.index(END)


def untrained(tokens: Tokens, seed: int, size: ModelSize = SIZE) -> Any:
    """Return a new LlamaForCausalLM over the tokenizer's words."""
    return new_model(tokens.words, size, seed, MAX_TOKENS, _PAD, _END)


def save(model: Any, tokens: Tokens, folder: Path, training: Mapping[str, int], size: ModelSize = SIZE) -> str:
    """Write weights and tokenizer; return the weights' hex SHA-256."""
    tokens.save(folder)
    return save_weights(model, size, tokens.words, folder, training)


def load(folder: Path) -> tuple[Any, Tokens]:
    """Return (model, tokens) of a folder; raises WeightsError when they do not fit each other."""
    tokens = Tokens.load(folder)
    return load_model(folder, tokens.words, MAX_TOKENS, _PAD, _END), tokens
