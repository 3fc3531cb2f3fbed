"""Trains the embedded 3D model (`python -m worldloom.generators.train_mesh`): weights and model card."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence
from pathlib import Path

from .mesh.evaluation import measure, model_card
from .mesh.model import WEIGHTS_FOLDER, load_model, read_config, save_weights, weights_digest
from .mesh.training import TrainingPlan, train


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, save, measure the saved weights, and write their model card; return the exit code."""
    options = _parser().parse_args(arguments)
    if not options.only_card:
        plan = TrainingPlan(seed=options.seed, steps=options.steps, rows=options.rows)
        model, done = train(plan, _say, deadline_s=options.deadline)
        training = {"seed": plan.seed, "steps": done, "rows": plan.rows}
        _say(f"weights {save_weights(model, plan.size, options.out, training)}")
    metrics = measure(load_model(options.out), programs=options.programs, samples=options.samples)
    for name, value in sorted(metrics.items()):
        _say(f"{name} {value:.4f}")
    size = (options.out / "model.safetensors").stat().st_size
    card = model_card(
        weights_digest(options.out),
        size,
        read_config(options.out)["training"],
        metrics,
        samples=options.samples,
    )
    (options.out / "README.md").write_text(card, encoding="utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m worldloom.generators.train_mesh", description=__doc__)
    parser.add_argument("--out", type=Path, default=WEIGHTS_FOLDER, help="folder of the weights")
    parser.add_argument("--seed", type=int, default=TrainingPlan.seed)
    parser.add_argument("--steps", type=int, default=TrainingPlan.steps)
    parser.add_argument("--rows", type=int, default=TrainingPlan.rows, help="programs in a batch")
    parser.add_argument("--deadline", type=float, default=math.inf, help="seconds after which training has ended")
    parser.add_argument("--programs", type=int, default=320, help="fresh programs to measure the loss on")
    parser.add_argument("--samples", type=int, default=480, help="programs to sample for the card")
    parser.add_argument("--only-card", action="store_true", help="measure the folder's weights, train nothing")
    return parser


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
