"""Trains the 3D model on programs from `source`, seeded and without files. Not for evaluation."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .model import ModelSize, new_model
from .source import draw_program
from .vocabulary import HEADER, PAD, TOKENS, encode


@dataclass(frozen=True)
class TrainingPlan:
    """What decides the weights, besides library versions and processor."""

    seed: int = 1
    steps: int = 4_000
    rows: int = 32
    learning_rate: float = 3e-3
    size: ModelSize = field(default_factory=ModelSize)


def train(plan: TrainingPlan, report: Callable[[str], None], *, deadline_s: float = math.inf) -> tuple[Any, int]:
    """Train from nothing; return the model and the steps done. `report` gets a line every 100 steps.

    The learning rate falls to zero at the plan's last step, or at `deadline_s` seconds if that comes first.
    """
    import torch  # noqa: PLC0415  (heavy: only where a model is used)

    torch.set_num_threads(1)
    model = new_model(plan.size, plan.seed).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=plan.learning_rate, betas=(0.9, 0.98), weight_decay=0.01)
    start, done, total = time.monotonic(), 0, 0.0
    while done < plan.steps:
        progress = max(done / plan.steps, (time.monotonic() - start) / deadline_s)
        if progress >= 1:
            break
        rate = plan.learning_rate * min(1.0, (done + 1) / 100) * 0.5 * (1 + math.cos(math.pi * progress))
        for group in optimizer.param_groups:
            group["lr"] = rate
        loss = batch_loss(model, batch(plan.seed, done * plan.rows, plan.rows))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        done, total = done + 1, total + float(loss.detach())
        if done % 100 == 0:
            report(f"step {done}: loss {total / 100:.4f} nats a token, {time.monotonic() - start:.0f} s")
            total = 0.0
    return model.eval(), done


def batch(seed: int, first: int, rows: int, *, held_out: bool = False) -> Any:
    """Return programs `first` … of the seed as one integer tensor, padded on the right."""
    import torch  # noqa: PLC0415

    programs = [encode(draw_program(seed, first + row, held_out=held_out)[0]) for row in range(rows)]
    width = max(map(len, programs))
    return torch.tensor([program + [TOKENS[PAD]] * (width - len(program)) for program in programs])


def batch_loss(model: Any, tokens: Any) -> Any:
    """Return the mean loss in nats over the tokens after the header, padding left out."""
    import torch  # noqa: PLC0415

    logits = model(tokens[:, :-1], use_cache=False).logits[:, HEADER - 1 :]
    target = tokens[:, HEADER:]
    return torch.nn.functional.cross_entropy(
        logits.reshape(-1, logits.shape[-1]), target.reshape(-1), ignore_index=TOKENS[PAD]
    )
