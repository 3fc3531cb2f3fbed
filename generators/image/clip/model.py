"""The image-text dual encoder of pixel pictures: a small CLIPModel and its weights file. Loads torch when used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from worldloom.generators.image.pixels import checkpoint
from worldloom.generators.image.pixels.canvas import SIDE
from worldloom.generators.image.pixels.captions import END, LENGTH, PAD, START, WORDS, tokens
from worldloom.generators.image.pixels.palette import table
from worldloom.generators.training.course import WEIGHTS

WEIGHTS_FOLDER = WEIGHTS / "clip"
"""The shipped weights: model.safetensors, config.json and the model card README.md."""
PATCH = 8
"""Pixels of a patch in each direction: with 4 training took four times as long for the same sharpness."""
ROWS = 16
"""Pictures, or captions, in a forward pass: filled up to this number, so that no score depends on its neighbours."""


@dataclass(frozen=True)
class ClipSize:
    """How large the model is; written into config.json beside the weights."""

    hidden: int = 96
    image_layers: int = 4
    text_layers: int = 3
    shared: int = 96


def new_model(size: ClipSize, seed: int) -> Any:
    """Return an untrained CLIPModel (Radford et al. 2021, arXiv 2103.00020) in float32, initialised from the seed.

    The end word has number 3: with 2 the class would pool at the highest word number, a random word of a caption.
    """
    import torch  # noqa: PLC0415  (heavy: only where a model is used)
    from transformers import CLIPConfig, CLIPModel  # noqa: PLC0415

    common = {"hidden_size": size.hidden, "intermediate_size": 3 * size.hidden, "num_attention_heads": 4}
    text = {
        **common,
        "num_hidden_layers": size.text_layers,
        "vocab_size": len(WORDS),
        "max_position_embeddings": LENGTH,
        "pad_token_id": PAD,
        "bos_token_id": START,
        "eos_token_id": END,
    }
    vision = {**common, "num_hidden_layers": size.image_layers, "image_size": SIDE, "patch_size": PATCH}
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        config = CLIPConfig(text_config=text, vision_config=vision, projection_dim=size.shared)
        config._attn_implementation = "eager"
        return CLIPModel(config)


def save_weights(model: Any, size: ClipSize, folder: Path, training: Mapping[str, int]) -> str:
    """Write model.safetensors (float16) and config.json with `training`; return the weights' hex SHA-256."""
    return checkpoint.write(model, vars(size), folder, training)


def load_model(folder: Path = WEIGHTS_FOLDER) -> Any:
    """Return the model with the folder's weights as float32; raises WeightsError if they do not fit."""
    model, _ = checkpoint.read(folder, lambda told: ClipSize(**told), lambda size: new_model(size, seed=0))
    return model


def pixel_values(pictures: Sequence[Any]) -> Any:
    """Return pictures (32 x 32 palette numbers each) as rows x 3 x 32 x 32 colours, -1 to 1."""
    import numpy as np  # noqa: PLC0415
    import torch  # noqa: PLC0415

    return torch.from_numpy(table()[np.stack(pictures)]).permute(0, 3, 1, 2).float() / 127.5 - 1


def image_features(model: Any, pictures: Sequence[Any]) -> Any:
    """Return one unit vector a picture (rows x shared, float32). A picture's vector depends on it alone."""

    def encode(rows: Sequence[Any]) -> Any:
        return model.visual_projection(model.vision_model(pixel_values(rows)).pooler_output)

    return _in_full_passes(encode, list(pictures))


def text_features(model: Any, texts: Sequence[str]) -> Any:
    """Return one unit vector a caption (rows x shared); raises GeneratorError for unknown words."""
    import torch  # noqa: PLC0415

    def encode(rows: Sequence[Any]) -> Any:
        return model.text_projection(model.text_model(torch.tensor(list(rows))).pooler_output)

    return _in_full_passes(encode, [tokens(text) for text in texts])


def _in_full_passes(encode: Any, rows: list[Any]) -> Any:
    import torch  # noqa: PLC0415

    torch.set_num_threads(1)  # sums may come in another order on more threads
    parts = []
    with torch.inference_mode():
        for first in range(0, len(rows), ROWS):
            some = rows[first : first + ROWS]
            parts.append(encode(some + [some[-1]] * (ROWS - len(some)))[: len(some)])
        vectors = torch.cat(parts)
        return vectors / vectors.norm(dim=-1, keepdim=True)
