"""How the 3D model is trained and judged: its course for the harness. Draws no program and measures nothing itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from worldloom.generators.training.course import WEIGHTS, Course, Evaluation, Plan

from .batches import batch, batch_loss, data_digest
from .evaluation import evaluate
from .model import ModelSize, new_model, save_weights
from .source import VERSION
from .vocabulary import COLOURS, KINDS, SIZES

_ABOUT = f"""\
A small LlamaForCausalLM that writes primitive programs for {len(KINDS)} props, {len(COLOURS)} colours and {len(SIZES)}
sizes. Trained from nothing on programs that `generators/mesh/source.py` (version {VERSION}) draws; no outside data.
Props: {", ".join(KINDS)}.

Held-out combinations are pairs of kind and colour that training never shows. Whether a drawing obeys is judged by a
reader that compares it with the source's own programs: in-distribution skill, no more.

The model imitates the procedural source; it invents no new kinds and no new ways of building. Its use is variety, and
being a real, trainable, replaceable model behind the port. A drawing that misses kind or colour is drawn again, up to
four times in all.
"""


_PLAN = Plan(seed=1, steps=2_600, rows=32, learning_rate=3e-3, warm_up=100, weight_decay=0.01)
_SIZE = ModelSize()


@dataclass(frozen=True)
class MeshCourse:
    """See `training.course.Course`."""

    name: str = "mesh"
    title: str = "mesh-programs-1"
    folder: Path = WEIGHTS / "mesh"
    plan: Plan = _PLAN
    size: ModelSize = _SIZE

    def new(self, plan: Plan) -> Any:
        """Return the untrained transformer."""
        return new_model(self.size, plan.seed)

    def batch(self, plan: Plan, step: int) -> Any:
        """Return the programs of one step as tokens, padded on the right."""
        return batch(plan.seed, step * plan.rows, plan.rows)

    def loss(self, model: Any, batch: Any) -> Any:
        """Return the mean loss in nats over the tokens after the header."""
        return batch_loss(model, batch)

    def save(self, model: Any, folder: Path, training: Mapping[str, int]) -> None:
        """Write model.safetensors and config.json."""
        save_weights(model, self.size, folder, training)

    def data_digest(self, plan: Plan, steps: int) -> str:
        """Return the digest of all tokens that the steps are shown."""
        return data_digest(plan.seed, steps * plan.rows)

    def evaluate(self, folder: Path, samples: int = 64) -> Evaluation:
        """Measure losses and obedience; see `evaluation`."""
        return evaluate(folder, samples)

    def about(self) -> str:
        """Return the card's paragraphs."""
        return _ABOUT


def course() -> Course:
    """Return the 3D model's course."""
    return MeshCourse()
