"""How the tune model is trained and judged: its course for the harness. Draws no tune and measures nothing itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from worldloom.generators.sequence.model import save_weights
from worldloom.generators.training.course import WEIGHTS, Course, Evaluation, Plan
from worldloom.generators.vocabulary import MOODS

from . import model as tunes
from .batches import batch, batch_loss, data_digest
from .evaluation import evaluate
from .moods import HELD_OUT
from .source import VERSION
from .vocabulary import FORMS, WORDS

_ABOUT = f"""\
A small LlamaForCausalLM that writes tunes as programs of notes: forms {", ".join(FORMS)}; moods {", ".join(MOODS)}.
It chooses tempo, metre, mode, key, players, chords and every note; a grammar keeps its bars whole; code renders it.
Trained from nothing on tunes that `generators/sound/source.py` (version {VERSION}) composes by rules of folk music; no
recorded music, no score, no outside data.

Held-out combinations are pairs of mood and form that training never shows: {
    ", ".join(f"{mood} {form}" for mood, form in sorted(HELD_OUT))
}.
Whether a tune obeys is judged by a reader that compares pace, mode, rhythm, moves and players with those of tunes of
the same source: in-distribution skill, no more.

The model imitates the source: eight to sixteen bars, one voice over triads, no modulation, no notes foreign to the
mode. A tune that misses form or mood, or does not end on its tonic, is drawn again, up to four times in all.
"""


_PLAN = Plan(seed=1, steps=1_200, rows=32, learning_rate=3e-3, warm_up=100, weight_decay=0.01)


@dataclass(frozen=True)
class TuneCourse:
    """See `training.course.Course`."""

    name: str = "tune"
    title: str = tunes.TITLE
    folder: Path = WEIGHTS / "tune"
    plan: Plan = _PLAN

    def new(self, plan: Plan) -> Any:
        """Return the untrained transformer."""
        return tunes.new_model(plan.seed)

    def batch(self, plan: Plan, step: int) -> Any:
        """Return the tunes of one step as tokens, padded on the right."""
        return batch(plan.seed, step * plan.rows, plan.rows)

    def loss(self, model: Any, batch: Any) -> Any:
        """Return the mean loss in nats over the tokens after form and mood."""
        return batch_loss(model, batch)

    def save(self, model: Any, folder: Path, training: Mapping[str, int]) -> None:
        """Write model.safetensors and config.json."""
        save_weights(model, tunes.SIZE, WORDS, folder, training)

    def data_digest(self, plan: Plan, steps: int) -> str:
        """Return the digest of all tokens that the steps are shown."""
        return data_digest(plan.seed, steps * plan.rows)

    def evaluate(self, folder: Path, samples: int = 64) -> Evaluation:
        """Measure loss and obedience; see `evaluation`."""
        return evaluate(folder, samples)

    def about(self) -> str:
        """Return the card's paragraphs."""
        return _ABOUT


def course() -> Course:
    """Return the tune model's course."""
    return TuneCourse()
