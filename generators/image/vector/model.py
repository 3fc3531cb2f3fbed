"""The picture model's own numbers: size, vocabulary, folder, temperature. The transformer is in `sequence`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from worldloom.generators.sequence import model as llama
from worldloom.generators.sequence.sampling import sample
from worldloom.generators.training.course import WEIGHTS

from .grammar import Mask
from .vocabulary import END, MAX_TOKENS, PAD, TOKENS, WORDS

TITLE = "village-pictures-1"
FOLDER = WEIGHTS / "picture"
"""The shipped weights."""
SIZE = llama.ModelSize(hidden=128, layers=4, heads=4, feed_forward=352)
TEMPERATURE_PERCENT, TOP_P_PERCENT = 80, 98
DRAWS = 8
"""Pictures tried before a request is given up: one that misses what was asked is drawn again."""


def new_model(seed: int) -> Any:
    """Return the untrained model."""
    return llama.new_model(WORDS, SIZE, seed, MAX_TOKENS, TOKENS[PAD], TOKENS[END])


def load_model(folder: Path = FOLDER) -> Any:
    """Return the model with the folder's weights; raises WeightsError."""
    return llama.load_model(folder, WORDS, MAX_TOKENS, TOKENS[PAD], TOKENS[END])


def write(model: Any, header: list[int], seed: int) -> list[int]:
    """Return a picture's tokens: what the model writes after the header, in the grammar, from the seed alone."""
    return sample(
        model,
        header,
        Mask(),
        seed=seed,
        temperature=TEMPERATURE_PERCENT / 100,
        top_p=TOP_P_PERCENT / 100,
        end=TOKENS[END],
        max_tokens=MAX_TOKENS,
    )
