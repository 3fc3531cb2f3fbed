"""The diffusion model of sprites: text encoder and UNet, their weights file. Loads torch when used; samples nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from worldloom.generators.image.pixels import checkpoint
from worldloom.generators.image.pixels.captions import END, LENGTH, PAD, START, WORDS
from worldloom.generators.training.course import WEIGHTS

WEIGHTS_FOLDER = WEIGHTS / "sprite"
"""The shipped weights: model.safetensors, config.json and the model card README.md."""
FOLD = 2
"""Pixels of a square that the UNet sees as one place with more channels: a quarter of the places, nothing lost."""
CHANNELS = 3 * FOLD * FOLD
BAG_SCALE = 3.0
"""So large that a word weighs as much as the noise level does in an untrained UNet."""


@dataclass(frozen=True)
class SpriteSize:
    """How large the model is; written into config.json beside the weights."""

    channels: tuple[int, ...] = (64, 80, 64)
    layers: int = 1
    text: int = 96
    text_layers: int = 2


def new_model(size: SpriteSize, seed: int) -> Any:
    """Return an untrained module with `text` (CLIPTextModel) and `unet` (UNet2DConditionModel), float32, processor.

    Words reach the UNet twice: attention over the encoded caption at 8 x 8 places, and which words there are beside
    the noise level in every block, so that thing and colour are known everywhere from the first step of training on.
    """
    import torch  # noqa: PLC0415  (heavy: only where a model is used)

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return torch.nn.ModuleDict({"text": _text_encoder(size), "unet": _unet(size)})


def _text_encoder(size: SpriteSize) -> Any:
    from transformers import CLIPTextConfig, CLIPTextModel  # noqa: PLC0415

    return CLIPTextModel(
        CLIPTextConfig(
            vocab_size=len(WORDS),
            hidden_size=size.text,
            intermediate_size=2 * size.text,
            num_hidden_layers=size.text_layers,
            num_attention_heads=4,
            max_position_embeddings=LENGTH,
            pad_token_id=PAD,
            bos_token_id=START,
            eos_token_id=END,
            attn_implementation="eager",
        )
    )


def _unet(size: SpriteSize) -> Any:
    from diffusers import UNet2DConditionModel  # noqa: PLC0415

    return UNet2DConditionModel(
        sample_size=16,
        in_channels=CHANNELS,
        out_channels=CHANNELS,
        block_out_channels=size.channels,
        layers_per_block=size.layers,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=size.text,
        attention_head_dim=4,
        norm_num_groups=8,
        class_embed_type="projection",
        projection_class_embeddings_input_dim=len(WORDS),
        resnet_time_scale_shift="scale_shift",
    )


def make_circular(unet: Any, *, around: bool = True) -> Any:
    """Let every convolution go around the edges, so that the picture is a torus, or not; return the same UNet."""
    import torch  # noqa: PLC0415

    for module in unet.modules():
        if isinstance(module, torch.nn.Conv2d) and module.padding != (0, 0):
            module.padding_mode = "circular" if around else "zeros"
    return unet


def twin(model: Any, size: SpriteSize) -> Any:
    """Return a second UNet over the same parameters whose convolutions go around the edges: for textures."""
    unet = _unet(size)
    unet.load_state_dict(model["unet"].state_dict(), assign=True)
    return make_circular(unet).eval()


def velocity(model: Any, unet: Any, noisy: Any, sigma: Any, tokens: Any) -> Any:
    """Return the predicted difference of noise and picture, shaped as `noisy` (rows x CHANNELS x 16 x 16).

    `sigma` is the noise level of every row, 0 to 1; flow matching as in Lipman et al. 2023, arXiv 2210.02747.
    """
    said = model["text"](tokens).last_hidden_state
    return unet(noisy, sigma * 1000, said, class_labels=bag(tokens)).sample


def bag(tokens: Any) -> Any:
    """Return which words are in each caption: rows x words, BAG_SCALE where one is and 0 elsewhere."""
    import torch  # noqa: PLC0415

    found = torch.zeros((len(tokens), len(WORDS)), device=tokens.device).scatter(1, tokens, BAG_SCALE)
    found[:, : END + 1] = 0
    return found


def save_weights(model: Any, size: SpriteSize, folder: Path, training: Mapping[str, int]) -> str:
    """Write model.safetensors (float16) and config.json with `training`; return the weights' hex SHA-256."""
    return checkpoint.write(model, vars(size), folder, training)


def load_model(folder: Path = WEIGHTS_FOLDER) -> tuple[Any, SpriteSize]:
    """Return the model with the folder's weights as float32, and its size; raises WeightsError if they do not fit."""

    def size_of(told: Mapping[str, Any]) -> SpriteSize:
        return SpriteSize(**{**told, "channels": tuple(told["channels"])})

    return checkpoint.read(folder, size_of, lambda size: new_model(size, seed=0))
