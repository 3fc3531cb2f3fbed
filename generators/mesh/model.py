"""The transformer that writes primitive programs: weights file and sampling. Loads torch when used."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from worldloom.generators.errors import WeightsError

from .grammar import allowed
from .vocabulary import END, MAX_TOKENS, PAD, TOKENS, WORDS

WEIGHTS_FOLDER = Path(__file__).parent.parent / "weights" / "mesh"
"""The shipped weights: model.safetensors, config.json and the model card README.md."""


@dataclass(frozen=True)
class ModelSize:
    """How large the transformer is; written into config.json beside the weights."""

    hidden: int = 128
    layers: int = 4
    heads: int = 4
    feed_forward: int = 352


def new_model(size: ModelSize, seed: int) -> Any:
    """Return an untrained LlamaForCausalLM in float32 on the processor, initialised from the seed."""
    import torch  # noqa: PLC0415  (heavy: only where a model is used)
    from transformers import LlamaConfig, LlamaForCausalLM  # noqa: PLC0415

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return LlamaForCausalLM(
            LlamaConfig(
                vocab_size=len(WORDS),
                hidden_size=size.hidden,
                intermediate_size=size.feed_forward,
                num_hidden_layers=size.layers,
                num_attention_heads=size.heads,
                num_key_value_heads=size.heads // 2,
                max_position_embeddings=MAX_TOKENS + 1,
                tie_word_embeddings=True,
                pad_token_id=TOKENS[PAD],
                bos_token_id=None,
                eos_token_id=TOKENS[END],
                attn_implementation="eager",
            )
        )


def save_weights(model: Any, size: ModelSize, folder: Path, training: Mapping[str, int]) -> str:
    """Write model.safetensors (float16) and config.json with `training`; return the weights' hex SHA-256."""
    import torch  # noqa: PLC0415
    from safetensors.torch import save  # noqa: PLC0415

    # The tied output head is the embedding again; a file that held it twice would be half as large again.
    tensors = {
        name: tensor.detach().to(torch.float16).contiguous()
        for name, tensor in sorted(model.state_dict().items())
        if name != "lm_head.weight"
    }
    folder.mkdir(parents=True, exist_ok=True)
    data: bytes = save(tensors)
    (folder / "model.safetensors").write_bytes(data)
    config = {"format": 1, "size": vars(size), "training": dict(training), "words": words_digest()}
    (folder / "config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return hashlib.sha256(data).hexdigest()


def words_digest() -> str:
    """Hex digest of the vocabulary in its order: weights trained on another one mean nothing here."""
    return hashlib.sha256("\n".join(WORDS).encode()).hexdigest()


def weights_digest(folder: Path = WEIGHTS_FOLDER) -> str:
    """Hex SHA-256 of the folder's model.safetensors, without loading torch; raises WeightsError."""
    return hashlib.sha256(_read(folder / "model.safetensors")).hexdigest()


def load_model(folder: Path = WEIGHTS_FOLDER) -> Any:
    """Return the model with the folder's weights as float32; raises WeightsError when they do not fit."""
    from safetensors.torch import load  # noqa: PLC0415

    config = read_config(folder)
    try:
        size, words = ModelSize(**config["size"]), config["words"]
    except (KeyError, TypeError) as error:
        raise WeightsError(f"{folder / 'config.json'} does not describe a 3D model: {error}") from error
    if words != words_digest():
        raise WeightsError(f"{folder}: trained on another vocabulary; run python -m worldloom.generators.train_mesh")
    model = new_model(size, seed=0)
    try:
        tensors = load(_read(folder / "model.safetensors"))
        missing = model.load_state_dict({name: tensor.float() for name, tensor in tensors.items()}, strict=False)
    except Exception as error:
        # safetensors raises its own Rust error class and torch a RuntimeError; both mean an unusable file.
        raise WeightsError(f"{folder / 'model.safetensors'} cannot be loaded: {error}") from error
    if missing.unexpected_keys or set(missing.missing_keys) - {"lm_head.weight"}:
        raise WeightsError(f"{folder / 'model.safetensors'} has other tensors than the model: {missing}")
    model.tie_weights()
    return model.eval()


def read_config(folder: Path = WEIGHTS_FOLDER) -> dict[str, Any]:
    """Return config.json; raises WeightsError when there is none or it is no JSON object."""
    try:
        config = json.loads(_read(folder / "config.json"))
    except ValueError as error:
        raise WeightsError(f"{folder / 'config.json'} is not JSON: {error}") from error
    if not isinstance(config, dict):
        raise WeightsError(f"{folder / 'config.json'} does not describe a 3D model: it is no object")
    return config


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise WeightsError(
            f"{path}: {error.strerror}; reinstall worldloom, or run python -m worldloom.generators.train_mesh"
        ) from error


def sample(model: Any, header: list[int], *, seed: int, temperature: float, masked: bool = True) -> list[int]:
    """Continue a program's header until END and return all its tokens. One row: no neighbour changes a bit.

    `seed` (unsigned 64 bits) starts the program's own torch.Generator. With the mask every result decodes.
    """
    import torch  # noqa: PLC0415

    # torch's processor generator looks at 32 bits of a seed only: all 64 are folded into them.
    folded = hashlib.blake2b(seed.to_bytes(8, "big"), digest_size=4).digest()
    generator = torch.Generator().manual_seed(int.from_bytes(folded, "big"))
    tokens, step = list(header), torch.tensor([header])
    cache: Any = None
    with torch.inference_mode():
        while len(tokens) < MAX_TOKENS:
            out = model(step, past_key_values=cache, use_cache=True)
            cache = out.past_key_values
            logits = out.logits[0, -1].double() / temperature
            if masked:
                wall = torch.full_like(logits, float("-inf"))
                wall[sorted(allowed(len(tokens)))] = 0.0
                logits = logits + wall
            choice = int(torch.multinomial(logits.softmax(-1), 1, generator=generator))
            tokens.append(choice)
            if choice == TOKENS[END]:
                break
            step = torch.tensor([[choice]])
    return tokens
