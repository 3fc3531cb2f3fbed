"""How the diffusion model of sprites is trained and judged: its course. Trains nothing itself."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from worldloom.generators.image.pixels.source import HELD_OUT, VERSION
from worldloom.generators.training.course import WEIGHTS, Course, Evaluation, Plan

from .lessons import Lesson, flow_loss, lesson, shown
from .model import SpriteSize, new_model, save_weights

_DIGEST_EVERY = 50
"""The data digest covers every so manieth step: all of them take minutes to draw again."""


class SpriteCourse:
    """Flow matching on fresh pictures of the source, words left out at times for guidance."""

    name = "sprite"
    title = "village-sprites-1"
    folder: Path = WEIGHTS / "sprite"
    plan = Plan(seed=1, steps=6_000, rows=16, learning_rate=2e-3, warm_up=100, ema=0.997)

    def __init__(self, size: SpriteSize | None = None) -> None:
        self._size = size or SpriteSize()

    def new(self, plan: Plan) -> Any:
        """Return the untrained module; its convolutions keep channels last, which is faster on a processor."""
        import torch  # noqa: PLC0415  (heavy: only where a model is trained)

        return new_model(self._size, plan.seed).to(memory_format=torch.channels_last)

    def batch(self, plan: Plan, step: int) -> Lesson:
        """Return the pictures, noise and words of a step."""
        return lesson(plan.seed, plan.rows, step)

    def loss(self, model: Any, batch: Lesson) -> Any:
        """Return the flow matching loss."""
        return flow_loss(model, batch)

    def save(self, model: Any, folder: Path, training: Mapping[str, int]) -> None:
        """Write weights and configuration."""
        save_weights(model, self._size, folder, training)

    def data_digest(self, plan: Plan, steps: int) -> str:
        """Hex SHA-256 over pictures and captions of every 50th step, in order, from step 0."""
        running = hashlib.sha256()
        for step in range(0, steps, _DIGEST_EVERY):
            for row in range(plan.rows):
                numbers, caption = shown(plan.seed, plan.rows, step, row)
                running.update(numbers.tobytes() + caption.text.encode())
        return running.hexdigest()

    def evaluate(self, folder: Path, samples: int = 64) -> Evaluation:
        """Judge the weights in the folder."""
        from .evaluation import evaluate  # noqa: PLC0415  (needs the dual encoder's weights, training does not)

        return evaluate(folder, samples)

    def about(self) -> str:
        """Return the model card's paragraphs."""
        return f"""A text-conditioned diffusion model of 32 x 32 pixel pictures: a diffusers UNet2DConditionModel with
a transformers CLIPTextModel over a closed vocabulary, trained from nothing by flow matching. It sees squares of two by
two pixels as one place. Things are trained with an edge, textures on a torus (circular padding), in one model.

Data: `generators/image/pixels/source.py` (version {VERSION}) draws every training picture afresh from its seed: 24
things in 8 colours on 8 grounds with 5 patterns, and 8 seamless textures in 8 colours. {len(HELD_OUT)} pairs of thing
or texture and colour are never shown. No outside data.

Sampling: 8 Euler steps, guidance, and the nearest of the source's {_palette()} colours for every pixel.

Limits: it imitates the procedural source and knows no thing, colour or word beyond it. Fine detail (lettering,
thin lines) may be broken."""


def course() -> Course:
    """Return the course."""
    return SpriteCourse()


def _palette() -> int:
    from worldloom.generators.image.pixels.palette import PALETTE  # noqa: PLC0415

    return len(PALETTE) - 1
