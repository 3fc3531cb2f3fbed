"""Draws a sprite from noise and words: steps, guidance, palette. Judges nothing, knows no request."""

from __future__ import annotations

import hashlib
from typing import Any, NamedTuple

from worldloom.generators.image.pixels.captions import tokens
from worldloom.generators.image.pixels.palette import nearest

from .lessons import unfolded
from .model import CHANNELS, SpriteSize, twin, velocity

STEPS = 8
"""Evaluations of the UNet, with and without words each."""


class Sampler(NamedTuple):
    """A model ready to draw: its two UNets share their parameters, the second one goes around the edges."""

    model: Any
    around: Any

    @classmethod
    def of(cls, model: Any, size: SpriteSize) -> Sampler:
        """Return the sampler of a loaded model."""
        return cls(model, twin(model, size))

    def draw(self, text: str, *, seed: int, guidance: float, steps: int = STEPS, around: bool = False) -> Any:
        """Return a picture of the caption as 32 x 32 palette numbers; `around` makes it seamless.

        `seed` (unsigned 64 bits) starts the picture's own torch.Generator. Guidance as in Ho and Salimans 2022, arXiv
        2207.12598: 1 follows the words plainly, more exaggerates them. Both halves go through the UNet as one pair
        and nothing else does, so that no neighbour changes a bit. Raises GeneratorError for unknown words.
        """
        return nearest(unfolded(self._places(text, seed, guidance, steps, around=around)))

    def _places(self, text: str, seed: int, guidance: float, steps: int, *, around: bool) -> Any:
        import torch  # noqa: PLC0415  (heavy: only where a model is used)
        from diffusers import FlowMatchEulerDiscreteScheduler  # noqa: PLC0415

        torch.set_num_threads(1)  # convolutions sum in another order on more threads
        scheduler = FlowMatchEulerDiscreteScheduler(num_train_timesteps=1000)
        scheduler.set_timesteps(sigmas=[1 - step / steps for step in range(steps)])
        unet = self.around if around else self.model["unet"]
        # The noise is the processor's wherever the model lies: of one seed comes one noise.
        places = torch.randn((1, CHANNELS, 16, 16), generator=_generator(seed)).to(unet.device)
        words = torch.tensor([tokens(""), tokens(text)], device=unet.device)
        with torch.inference_mode():
            for step, time in enumerate(scheduler.timesteps):
                sigma = scheduler.sigmas[step].expand(2).to(unet.device)
                plain, worded = velocity(self.model, unet, places.expand(2, -1, -1, -1), sigma, words).chunk(2)
                places = scheduler.step(plain + guidance * (worded - plain), time, places).prev_sample
        return places[0].cpu()


def _generator(seed: int) -> Any:
    import torch  # noqa: PLC0415

    # torch's processor generator looks at 32 bits of a seed only: all 64 are folded into them.
    folded = hashlib.blake2b(seed.to_bytes(8, "big"), digest_size=4).digest()
    return torch.Generator().manual_seed(int.from_bytes(folded, "big"))
