"""The transformer that writes tunes: its size, its vocabulary, its shipped weights. Loads torch when used."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from worldloom.generators.sequence import model as sequence
from worldloom.generators.sequence.model import ModelSize
from worldloom.generators.sequence.sampling import sample

from .grammar import Choice, following
from .program import decode, header_tokens
from .vocabulary import END, MAX_TOKENS, PAD, TOKENS, WORDS, Tune

WEIGHTS_FOLDER = Path(__file__).parent.parent / "weights" / "tune"
"""The shipped weights: model.safetensors, config.json and the model card README.md."""
TITLE = "village-tunes-1"
SIZE = ModelSize(hidden=128, layers=4, heads=4, feed_forward=352)


def new_model(seed: int) -> Any:
    """Return the untrained transformer, initialised from the seed."""
    return sequence.new_model(WORDS, SIZE, seed, MAX_TOKENS, TOKENS[PAD], TOKENS[END])


def load_model(folder: Path = WEIGHTS_FOLDER) -> Any:
    """Return the model with the folder's weights; raises WeightsError."""
    return sequence.load_model(folder, WORDS, MAX_TOKENS, TOKENS[PAD], TOKENS[END])


def write(model: Any, form: str, mood: str, *, seed: int, temperature: float, choice: Choice | None = None) -> Tune:
    """Return a tune that the model wrote, its header narrowed by `choice`."""
    tokens = sample(
        model,
        header_tokens(form, mood),
        following(choice),
        seed=seed,
        temperature=temperature,
        end=TOKENS[END],
        max_tokens=MAX_TOKENS,
    )
    return decode(tokens)
