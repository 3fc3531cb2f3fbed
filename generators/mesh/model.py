"""The 3D model's weights: a `sequence` model over the words of primitive programs. Samples nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from worldloom.generators.sequence import model as sequence
from worldloom.generators.sequence.model import ModelSize, weights_digest
from worldloom.generators.training.course import WEIGHTS

from .vocabulary import END, MAX_TOKENS, PAD, TOKENS, WORDS

__all__ = ["WEIGHTS_FOLDER", "ModelSize", "load_model", "new_model", "save_weights", "weights_digest"]

WEIGHTS_FOLDER = WEIGHTS / "mesh"
"""The shipped weights: model.safetensors, config.json and the model card README.md."""


def new_model(size: ModelSize, seed: int) -> Any:
    """Return an untrained LlamaForCausalLM in float32 on the processor, initialised from the seed."""
    return sequence.new_model(WORDS, size, seed, MAX_TOKENS, TOKENS[PAD], TOKENS[END])


def save_weights(model: Any, size: ModelSize, folder: Path, training: Mapping[str, int]) -> str:
    """Write model.safetensors (float16) and config.json with `training`; return the weights' hex SHA-256."""
    return sequence.save_weights(model, size, WORDS, folder, training)


def load_model(folder: Path = WEIGHTS_FOLDER) -> Any:
    """Return the model with the folder's weights as float32; raises WeightsError when they do not fit."""
    return sequence.load_model(folder, WORDS, MAX_TOKENS, TOKENS[PAD], TOKENS[END])
