"""What the diffusion model is shown and how it is scored: noisy pictures, their words, the loss. Samples nothing."""

from __future__ import annotations

import hashlib
from typing import Any, NamedTuple

from worldloom.generators.image.drawing import Choices
from worldloom.generators.image.pixels.captions import tokens
from worldloom.generators.image.pixels.palette import table
from worldloom.generators.image.pixels.source import Drawn, draw_sprite, draw_texture, partly

from .model import FOLD, make_circular, velocity

TEXTURE_STEPS = 8
"""Every so manieth step shows textures, on a torus; the others show things."""
_NOISE_MIDDLE = 0.4


class Lesson(NamedTuple):
    """A batch: pictures (rows x CHANNELS x 16 x 16, -1 to 1), noise of that shape, noise levels, words."""

    pictures: Any
    noise: Any
    sigma: Any
    words: Any
    around: bool


def lesson(seed: int, rows: int, step: int, *, held_out: bool = False) -> Lesson:
    """Return what a step is shown; a pure function of its arguments. `held_out`: pairs that training never shows."""
    import torch  # noqa: PLC0415  (heavy: only where a model is trained)

    around = step % TEXTURE_STEPS == TEXTURE_STEPS - 1
    drawn = [shown(seed, rows, step, row, held_out=held_out) for row in range(rows)]
    words = torch.tensor([_said(seed, step * rows + row, each) for row, each in enumerate(drawn)])
    pictures = torch.stack([folded(each.numbers) for each in drawn])
    generator = torch.Generator().manual_seed(_folded_seed(seed, step))
    noise = torch.randn(pictures.shape, generator=generator)
    # Noise levels by a logistic normal law (Esser et al. 2024, arXiv 2403.03206), one from each of `rows` equal shares;
    # its middle lies where it is decided what is drawn, since the palette forgives what little noise is left.
    share = (torch.arange(rows) + torch.rand(rows, generator=generator)) / rows
    sigma = torch.sigmoid(torch.special.ndtri(share.clamp(1e-4, 1 - 1e-4)) + _NOISE_MIDDLE)
    return Lesson(pictures, noise, sigma[torch.randperm(rows, generator=generator)], words, around)


def shown(seed: int, rows: int, step: int, row: int, *, held_out: bool = False) -> Drawn:
    """Return the picture in a row of a step."""
    draw = draw_texture if step % TEXTURE_STEPS == TEXTURE_STEPS - 1 else draw_sprite
    return draw(seed, step * rows + row, held_out=held_out)


def _said(seed: int, number: int, drawn: Drawn) -> list[int]:
    return tokens(partly(drawn.caption, Choices(number, f"said/{seed}")).text)


def _folded_seed(*numbers: int) -> int:
    """Return 32 bits: torch's processor generator looks at no more of a seed."""
    word = hashlib.blake2b("/".join(map(str, numbers)).encode(), digest_size=4).digest()
    return int.from_bytes(word, "big")


def folded(numbers: Any) -> Any:
    """Return palette numbers (32 x 32) as float colours, -1 to 1, FOLD x FOLD pixels a place: CHANNELS x 16 x 16."""
    import torch  # noqa: PLC0415

    colours = torch.from_numpy(table()[numbers]).permute(2, 0, 1).float() / 127.5 - 1
    return torch.nn.functional.pixel_unshuffle(colours, FOLD)


def unfolded(places: Any) -> Any:
    """Return the sRGB colours (32 x 32 x 3, numpy, 0 to 255 where in range) of CHANNELS x 16 x 16 places."""
    import torch  # noqa: PLC0415

    colours = torch.nn.functional.pixel_shuffle(places, FOLD)
    return ((colours.permute(1, 2, 0) + 1) * 127.5).numpy()


def flow_loss(model: Any, given: Lesson) -> Any:
    """Return the mean squared error of the velocity between picture and noise."""
    import torch  # noqa: PLC0415

    sigma = given.sigma[:, None, None, None]
    noisy = (1 - sigma) * given.pictures + sigma * given.noise
    unet = make_circular(model["unet"], around=given.around)
    found = velocity(model, unet, noisy.contiguous(memory_format=torch.channels_last), given.sigma, given.words)
    return torch.nn.functional.mse_loss(found, given.noise - given.pictures)
