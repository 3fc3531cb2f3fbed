"""A small Llama over a closed vocabulary: made, saved, loaded. Not trained here, not sampled. Loads torch when used."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from worldloom.generators.errors import GeneratorError, WeightsError

WEIGHTS_FILE, CONFIG_FILE = "model.safetensors", "config.json"
_TIED = "lm_head.weight"


@dataclass(frozen=True)
class ModelSize:
    """How large the transformer is; written into config.json beside the weights. Two query heads share keys."""

    hidden: int = 128
    layers: int = 4
    heads: int = 4
    feed_forward: int = 352


def new_model(words: Sequence[str], size: ModelSize, seed: int, max_tokens: int, pad: int, end: int) -> Any:
    """Return an untrained LlamaForCausalLM over `words` in float32 on the processor, initialised from the seed.

    `pad` and `end` are numbers of words; no sequence is longer than `max_tokens`.
    """
    import torch  # noqa: PLC0415  (heavy: only where a model is used)
    from transformers import LlamaConfig, LlamaForCausalLM  # noqa: PLC0415

    if not (0 <= pad < len(words) and 0 <= end < len(words)):
        raise GeneratorError(f"pad {pad} and end {end} must be numbers of the {len(words)} words")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return LlamaForCausalLM(
            LlamaConfig(
                vocab_size=len(words),
                hidden_size=size.hidden,
                intermediate_size=size.feed_forward,
                num_hidden_layers=size.layers,
                num_attention_heads=size.heads,
                num_key_value_heads=size.heads // 2,
                max_position_embeddings=max_tokens + 1,
                tie_word_embeddings=True,
                pad_token_id=pad,
                bos_token_id=None,
                eos_token_id=end,
                attn_implementation="eager",
            )
        )


def words_digest(words: Sequence[str]) -> str:
    """Hex digest of a vocabulary in its order: weights trained on another one mean nothing here."""
    return hashlib.sha256("\n".join(words).encode()).hexdigest()


def save_weights(model: Any, size: ModelSize, words: Sequence[str], folder: Path, training: Mapping[str, int]) -> str:
    """Write model.safetensors (float16) and config.json with `training`; return the weights' hex SHA-256."""
    import torch  # noqa: PLC0415
    from safetensors.torch import save  # noqa: PLC0415

    # The tied output head is the embedding again; a file that held it twice would be larger for nothing.
    tensors = {
        name: tensor.detach().to("cpu", torch.float16).contiguous()
        for name, tensor in sorted(model.state_dict().items())
        if name != _TIED
    }
    folder.mkdir(parents=True, exist_ok=True)
    data: bytes = save(tensors)
    (folder / WEIGHTS_FILE).write_bytes(data)
    config = {"format": 1, "size": vars(size), "training": dict(training), "words": words_digest(words)}
    (folder / CONFIG_FILE).write_text(json.dumps(config, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return hashlib.sha256(data).hexdigest()


def weights_digest(folder: Path) -> str:
    """Hex SHA-256 of the folder's model.safetensors, without loading torch; raises WeightsError."""
    return hashlib.sha256(_read(folder / WEIGHTS_FILE)).hexdigest()


def load_model(folder: Path, words: Sequence[str], max_tokens: int, pad: int, end: int) -> Any:
    """Return the model with the folder's weights as float32; raises WeightsError when they do not fit `words`."""
    from safetensors.torch import load  # noqa: PLC0415

    config = read_config(folder)
    try:
        size, trained_on = ModelSize(**config["size"]), config["words"]
    except (KeyError, TypeError) as error:
        raise WeightsError(f"{folder / CONFIG_FILE} does not describe a model of words: {error}") from error
    if trained_on != words_digest(words):
        raise WeightsError(f"{folder}: trained on another vocabulary; train it anew with worldloom train")
    model = new_model(words, size, 0, max_tokens, pad, end)
    try:
        tensors = load(_read(folder / WEIGHTS_FILE))
        missing = model.load_state_dict({name: tensor.float() for name, tensor in tensors.items()}, strict=False)
    except WeightsError:
        raise
    except Exception as error:
        # safetensors raises its own Rust error class and torch a RuntimeError; both mean an unusable file.
        raise WeightsError(f"{folder / WEIGHTS_FILE} cannot be loaded: {error}") from error
    if missing.unexpected_keys or set(missing.missing_keys) - {_TIED}:
        raise WeightsError(f"{folder / WEIGHTS_FILE} has other tensors than the model: {missing}")
    model.tie_weights()
    return model.eval()


def read_config(folder: Path) -> dict[str, Any]:
    """Return config.json; raises WeightsError when there is none or it is no JSON object."""
    try:
        config = json.loads(_read(folder / CONFIG_FILE))
    except ValueError as error:
        raise WeightsError(f"{folder / CONFIG_FILE} is not JSON: {error}") from error
    if not isinstance(config, dict):
        raise WeightsError(f"{folder / CONFIG_FILE} does not describe a model of words: it is no object")
    return config


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise WeightsError(
            f"{path}: {error.strerror}; reinstall worldloom, or train it with worldloom train"
        ) from error
