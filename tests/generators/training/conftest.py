"""A course that trains in milliseconds: a network with dropout learns a line, judged against the line itself."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from worldloom.generators.training.course import Course, Evaluation, Metric, Plan


@dataclass
class LineCourse:
    name: str = "line"
    title: str = "straight-line-1"
    folder: Path = Path("nowhere")
    plan: Plan = field(default_factory=lambda: Plan(seed=1, steps=20, rows=8, warm_up=2))
    killed_at: int = -1
    spoilt_at: int = -1

    def new(self, plan: Plan) -> Any:
        import torch

        parts = (torch.nn.Linear(1, 16), torch.nn.Dropout(0.25), torch.nn.ReLU(), torch.nn.Linear(16, 1))
        return torch.nn.Sequential(*parts)

    def batch(self, plan: Plan, step: int) -> Any:
        import torch

        if step == self.killed_at:
            raise RuntimeError("killed")
        x = torch.rand(plan.rows, 1, generator=torch.Generator().manual_seed(1000 * plan.seed + step))
        return {"x": x, "y": (2 * x - 1) * (float("nan") if step == self.spoilt_at else 1)}

    def loss(self, model: Any, batch: Any) -> Any:
        return ((model(batch["x"]) - batch["y"]) ** 2).mean()

    def save(self, model: Any, folder: Path, training: dict[str, int]) -> None:
        from safetensors.torch import save_file

        folder.mkdir(parents=True, exist_ok=True)
        save_file(model.state_dict(), folder / "model.safetensors")
        (folder / "config.json").write_text(json.dumps({"training": training}))

    def data_digest(self, plan: Plan, steps: int) -> str:
        running = hashlib.sha256()
        for step in range(steps):
            running.update(self.batch(plan, step)["x"].numpy().tobytes())
        return running.hexdigest()

    def evaluate(self, folder: Path, samples: int = 64) -> Evaluation:
        import torch
        from safetensors.torch import load_file

        model = self.new(self.plan).eval()
        untrained = float(self.loss(model, self.batch(Plan(seed=9), 0)).detach())
        model.load_state_dict(load_file(folder / "model.safetensors"))
        with torch.no_grad():
            error = float(self.loss(model, self.batch(Plan(seed=9), 0)))
            shown = [f"{x / samples:.3f} {float(model(torch.tensor([[x / samples]]))):.3f}" for x in range(samples)]
        metric = Metric("error", error, untrained, 0.0)
        return Evaluation((metric,), {"line": "y = 2 x - 1"}, "\n".join(shown).encode(), "samples.txt")

    def about(self) -> str:
        return "It draws a line."


@pytest.fixture
def line() -> LineCourse:
    course: Course = LineCourse()  # the type checker's word that this is a course
    return course


def weights(model: Any) -> dict[str, bytes]:
    return {name: tensor.numpy().tobytes() for name, tensor in model.state_dict().items()}


@pytest.fixture(scope="session")
def bytes_of():
    return weights
