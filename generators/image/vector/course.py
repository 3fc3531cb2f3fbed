"""How the picture model is trained and judged: its course for the harness. Draws and measures nothing itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from worldloom.generators.sequence.model import save_weights
from worldloom.generators.training.course import Course, Evaluation, Plan

from . import model as pictures
from .batches import batch, batch_loss, data_digest
from .source import HELD_OUT, VERSION
from .vocabulary import WORDS

_ABOUT = f"""\
A small LlamaForCausalLM that writes vector pictures as programs of shapes: portraits of villagers (age, sex, job, mood,
hair), shop signs, emblems, ornaments of maps. {len(WORDS)} words; a grammar keeps every program readable; code draws it
at any size. Trained from nothing on pictures that `generators/image/vector/source.py` (version {VERSION}) composes; no
outside data, no picture by anybody else.

Given are the attributes. The model then plans (skin, build, garb, hat, hair style, beard, scene; wood; metal), names
part after part, and draws each of them; before a part's shapes stand once more the words that decide it, and paint of
hair, skin, field and ink is named by its role. So colours that were asked for come out by construction; all else is the
model's choice.

Held-out combinations are pairs that training never shows: job and mood of portraits ({
    ", ".join(f"{mood} {job}" for job, mood in sorted(HELD_OUT["portrait"]))
}), charge and ink of signs, charge and field of emblems, kind and tint of ornaments.
Whether a picture obeys is judged by a reader that compares its parts with those of the same source: in-distribution
skill, no more. `Obeys wholly`: all attributes are seen in it. `Drawn whole`: every part is one that the source draws
for these words.

The model imitates the source: it invents no new hats, charges or ways of drawing. Its use is variety, and being a real,
trainable, replaceable model behind the port. A picture that misses what was asked is drawn again, {pictures.DRAWS}
times at most.
"""

_PLAN = Plan(seed=1, steps=2_000, rows=5, learning_rate=3e-3, warm_up=100, weight_decay=0.01)


@dataclass(frozen=True)
class PictureCourse:
    """See `training.course.Course`."""

    name: str = "picture"
    title: str = pictures.TITLE
    folder: Path = pictures.FOLDER
    plan: Plan = _PLAN

    def new(self, plan: Plan) -> Any:
        """Return the untrained transformer, with attention that trains faster; its weights know nothing of it."""
        model = pictures.new_model(plan.seed)
        model.set_attn_implementation("sdpa")
        return model

    def batch(self, plan: Plan, step: int) -> Any:
        """Return the pictures of one step: portraits, and shorter pictures, each as tokens and targets."""
        return batch(plan.seed, step, plan.rows)

    def loss(self, model: Any, batch: Any) -> Any:
        """Return the mean loss in nats over the tokens after the header."""
        return batch_loss(model, batch)

    def save(self, model: Any, folder: Path, training: Mapping[str, int]) -> None:
        """Write model.safetensors and config.json."""
        save_weights(model, pictures.SIZE, WORDS, folder, training)

    def data_digest(self, plan: Plan, steps: int) -> str:
        """Return the digest of the tokens of every sixteenth step."""
        return data_digest(plan.seed, steps, plan.rows)

    def evaluate(self, folder: Path, samples: int = 64) -> Evaluation:
        """Measure losses and obedience; see `evaluation`."""
        from .evaluation import evaluate  # noqa: PLC0415  (imaging libraries, only where a model is judged)

        return evaluate(folder, samples)

    def about(self) -> str:
        """Return the card's paragraphs."""
        return _ABOUT


def course() -> Course:
    """Return the picture model's course."""
    return PictureCourse()
