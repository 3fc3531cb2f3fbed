"""How the image-text dual encoder is trained and judged: its course. Trains nothing itself."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from worldloom.generators.image.pixels.source import HELD_OUT, VERSION
from worldloom.generators.training.course import WEIGHTS, Course, Evaluation, Plan

from .lessons import Lesson, contrastive_loss, lesson, shown
from .model import ClipSize, new_model, save_weights

_DIGEST_EVERY = 10
"""The data digest covers every so manieth step: all of them take minutes to draw again."""


class ClipCourse:
    """Contrastive learning on fresh pictures of the source, in groups that differ in one word."""

    name = "clip"
    title = "village-dual-encoder-1"
    folder: Path = WEIGHTS / "clip"
    plan = Plan(seed=1, steps=2_400, rows=64, learning_rate=1e-3, warm_up=60, weight_decay=0.1, ema=0.98)

    def __init__(self, size: ClipSize | None = None) -> None:
        self._size = size or ClipSize()

    def new(self, plan: Plan) -> Any:
        """Return the untrained module."""
        return new_model(self._size, plan.seed)

    def batch(self, plan: Plan, step: int) -> Lesson:
        """Return the pictures and words of a step."""
        return lesson(plan.seed, plan.rows, step)

    def loss(self, model: Any, batch: Lesson) -> Any:
        """Return the contrastive loss."""
        return contrastive_loss(model, batch)

    def save(self, model: Any, folder: Path, training: Mapping[str, int]) -> None:
        """Write weights and configuration."""
        save_weights(model, self._size, folder, training)

    def data_digest(self, plan: Plan, steps: int) -> str:
        """Hex SHA-256 over pictures and full captions of every tenth step, in order, from step 0."""
        running = hashlib.sha256()
        for step in range(0, steps, _DIGEST_EVERY):
            for numbers, caption in shown(plan.seed, plan.rows, step):
                running.update(numbers.tobytes() + caption.text.encode())
        return running.hexdigest()

    def evaluate(self, folder: Path, samples: int = 64) -> Evaluation:
        """Judge the weights in the folder."""
        from .evaluation import evaluate  # noqa: PLC0415  (training needs none of it)

        return evaluate(folder, samples)

    def about(self) -> str:
        """Return the model card's paragraphs."""
        return f"""A small transformers CLIPModel that tells how well a 32 x 32 pixel picture fits a caption of the
closed vocabulary. It judges the embedded sprites and chooses among drafts of one; it makes nothing.

Data: `generators/image/pixels/source.py` (version {VERSION}) draws every training picture afresh from its seed, in
groups of four that differ in one word. {len(HELD_OUT)} pairs of thing or texture and colour are never shown. No
outside data.

Limits: its figures are called tiny CLIP score and FD tiny CLIP since they compare with nothing published, and it has
learnt from the same source as the sprites that it judges: a fault of the source is none in its eyes."""


def course() -> Course:
    """Return the course."""
    return ClipCourse()
