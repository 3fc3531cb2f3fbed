"""Weights files of the models of pixel pictures: float16 safetensors and config.json. Knows no model's inside."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from worldloom.generators.errors import WeightsError
from worldloom.generators.sequence.model import CONFIG_FILE, WEIGHTS_FILE, read_config

from .captions import words_digest

S = TypeVar("S")


def write(model: Any, size: Mapping[str, Any], folder: Path, training: Mapping[str, int]) -> str:
    """Write model.safetensors and config.json with `size` and `training`; return the weights' hex SHA-256."""
    import torch  # noqa: PLC0415  (heavy: only where a model is used)
    from safetensors.torch import save  # noqa: PLC0415

    tensors = {
        name: tensor.detach().to("cpu", torch.float16).contiguous()
        for name, tensor in sorted(model.state_dict().items())
        if tensor.is_floating_point()
    }
    folder.mkdir(parents=True, exist_ok=True)
    data: bytes = save(tensors)
    (folder / WEIGHTS_FILE).write_bytes(data)
    config = {"format": 1, "size": dict(size), "training": dict(training), "words": words_digest()}
    (folder / CONFIG_FILE).write_text(json.dumps(config, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return hashlib.sha256(data).hexdigest()


def read(folder: Path, of: Callable[[Mapping[str, Any]], S], new: Callable[[S], Any]) -> tuple[Any, S]:
    """Return a model in float32, ready to be used, and its size; raises WeightsError when the file does not fit.

    `of` reads a size from config.json, `new` makes the untrained model of a size.
    """
    from safetensors.torch import load  # noqa: PLC0415

    config = read_config(folder)
    try:
        size, words = of(config["size"]), config["words"]
    except (KeyError, TypeError, ValueError) as error:
        raise WeightsError(f"{folder / CONFIG_FILE} does not describe a model of pixel pictures: {error}") from error
    if words != words_digest():
        raise WeightsError(f"{folder}: trained on another vocabulary; train it anew with worldloom train")
    path = folder / WEIGHTS_FILE
    try:
        model = new(size)
        tensors = load(path.read_bytes())
        missing = model.load_state_dict({name: tensor.float() for name, tensor in tensors.items()}, strict=False)
    except OSError as error:
        raise WeightsError(f"{path}: {error.strerror}; reinstall worldloom, or train it anew") from error
    except Exception as error:
        # safetensors raises its own Rust error class and torch a RuntimeError; both mean an unusable file.
        raise WeightsError(f"{path} cannot be loaded: {error}") from error
    if missing.unexpected_keys or any(not name.endswith("position_ids") for name in missing.missing_keys):
        raise WeightsError(f"{path} has other tensors than the model: {missing}")
    return model.eval(), size
