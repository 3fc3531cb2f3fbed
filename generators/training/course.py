"""What a model must say to be trained and judged by the harness: its course. Trains nothing itself."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Protocol

WEIGHTS = Path(__file__).parent.parent / "weights"
"""Shipped weights, a folder each model: model.safetensors, config.json, README.md, samples.*, training/."""


@dataclass(frozen=True)
class Plan:
    """What decides the weights, besides library versions and processor. A course is shown `steps` batches of `rows`.

    The rate rises for `warm_up` steps and then falls along a cosine to zero. `optimiser` is adamw, adam, lamb or muon;
    `ema` is the decay of an average of the weights that is saved in their place (0: none). `start` is the hex SHA-256
    of the weights that it goes on from (empty: random ones).
    """

    seed: int = 1
    steps: int = 2_000
    rows: int = 32
    learning_rate: float = 3e-3
    warm_up: int = 100
    weight_decay: float = 0.01
    optimiser: str = "adamw"
    ema: float = 0.0
    start: str = ""

    def told(self, done: int) -> dict[str, int]:
        """Return what config.json tells of a training: seed, rows, steps done, and those planned if they were more."""
        told = {"seed": self.seed, "steps": done, "rows": self.rows}
        return told if done == self.steps else told | {"planned_steps": self.steps}


class Metric(NamedTuple):
    """One figure with what it is compared with: `floor` of the untrained or random, `ceiling` of the source itself."""

    name: str
    value: float
    floor: float
    ceiling: float
    held_out: bool = False

    @property
    def share(self) -> float:
        """How far from floor to ceiling the model came: 0 to 1; works as well where less is better; NaN without way."""
        way = self.ceiling - self.floor
        return (self.value - self.floor) / way if way else math.nan

    @property
    def goal(self) -> float:
        """The share that is asked for: 0.8, on held-out combinations 0.6."""
        return 0.6 if self.held_out else 0.8


@dataclass(frozen=True)
class Evaluation:
    """What judging a model found: its figures, remarks on them, and samples that nobody selected."""

    metrics: tuple[Metric, ...]
    facts: Mapping[str, str] = field(default_factory=dict)
    samples: bytes = b""
    samples_name: str = "samples.txt"


class Course(Protocol):
    """How one embedded model is trained and judged; `<model>/course.py` has a function that returns it."""

    @property
    def name(self) -> str:
        """The word on the command line, such as `mesh`."""
        ...

    @property
    def title(self) -> str:
        """The model's name in recipes, such as `mesh-programs-1`."""
        ...

    @property
    def folder(self) -> Path:
        """Where its shipped weights lie: `WEIGHTS / name`."""
        ...

    @property
    def plan(self) -> Plan:
        """The plan that the shipped weights were trained by."""
        ...

    def new(self, plan: Plan) -> Any:
        """Return the untrained torch module on the processor in float32, initialised from `plan.seed` alone."""
        ...

    def batch(self, plan: Plan, step: int) -> Any:
        """Return what step `step` (from 0) is shown, tensors on the processor: a pure function of seed, rows, step."""
        ...

    def loss(self, model: Any, batch: Any) -> Any:
        """Return the scalar tensor that the step lessens; the batch is on the model's device.

        The harness seeds torch's own generator from plan and step before it: dropout and noise may use that one.
        """
        ...

    def save(self, model: Any, folder: Path, training: Mapping[str, int]) -> None:
        """Write model.safetensors (float16) and config.json, which holds `training` under that name."""
        ...

    def data_digest(self, plan: Plan, steps: int) -> str:
        """Return the hex SHA-256 of what the first `steps` steps are shown, or of a sample of it by a stated rule."""
        ...

    def evaluate(self, folder: Path, samples: int = 64) -> Evaluation:
        """Judge the weights in the folder, deterministically; the first `samples` samples, unselected."""
        ...

    def about(self) -> str:
        """Return paragraphs of the model card in Markdown: what the model is, its data, its limits. No heading."""
        ...
