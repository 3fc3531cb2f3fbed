"""Which optimiser moves the weights, and how its rate changes. Knows no model and no data."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from worldloom.generators.errors import TrainingError

from .course import Plan

BETAS = (0.9, 0.98)
"""How long gradient and square of the gradient are remembered."""
NAMES = ("adam", "adamw", "lamb", "muon")


def make(plan: Plan, parameters: Mapping[str, Any]) -> Any:
    """Return the plan's optimiser over the named parameters; raises TrainingError for an unknown name."""
    import torch  # noqa: PLC0415  (heavy: only where a model is trained)

    wanted = list(parameters.values())
    if plan.optimiser == "adamw":
        return torch.optim.AdamW(wanted, lr=plan.learning_rate, betas=BETAS, weight_decay=plan.weight_decay)
    if plan.optimiser == "adam":
        return torch.optim.Adam(wanted, lr=plan.learning_rate, betas=BETAS)
    if plan.optimiser == "lamb":
        return Lamb(wanted, plan.learning_rate, plan.weight_decay)
    if plan.optimiser == "muon":
        return _muon(plan, parameters)
    raise TrainingError(f"no optimiser is called {plan.optimiser!r}; there are: {', '.join(NAMES)}")


def rate(plan: Plan, step: int, progress: float) -> float:
    """Return the learning rate of step `step` (from 0): a rise over the warm-up, times a cosine over the progress."""
    return plan.learning_rate * min(1.0, (step + 1) / max(1, plan.warm_up)) * 0.5 * (1 + math.cos(math.pi * progress))


def _muon(plan: Plan, parameters: Mapping[str, Any]) -> Together:
    """Return Muon (Jordan et al. 2024) for the matrices within layers, AdamW for embeddings and all else.

    Muon's steps are scaled to the length of AdamW's (Liu et al. 2025, section 2.2), so one rate fits both.
    """
    import torch  # noqa: PLC0415

    if not hasattr(torch.optim, "Muon"):
        raise TrainingError(f"the optimiser muon came with torch 2.9; this is {torch.__version__}")
    matrices, rest = list[Any](), list[Any]()
    for name, each in parameters.items():
        (matrices if each.ndim == 2 and "embed" not in name else rest).append(each)
    speed, decay = plan.learning_rate, plan.weight_decay
    both = Together()
    if matrices:
        both.add(torch.optim.Muon(matrices, lr=speed, weight_decay=decay, adjust_lr_fn="match_rms_adamw"))
    if rest:
        both.add(torch.optim.AdamW(rest, lr=speed, betas=BETAS, weight_decay=decay))
    return both


class Together:
    """Some of torch's optimisers, each over its own parameters, as if they were one."""

    def __init__(self) -> None:
        self._optimisers: list[Any] = []
        self.param_groups: list[dict[str, Any]] = []
        self.state: defaultdict[Any, dict[str, Any]] = defaultdict(dict)

    def add(self, optimiser: Any) -> None:
        """Take in an optimiser that has not moved anything yet."""
        optimiser.state = self.state
        self._optimisers.append(optimiser)
        self.param_groups += optimiser.param_groups

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients."""
        for each in self._optimisers:
            each.zero_grad(set_to_none=set_to_none)

    def step(self) -> None:
        """Move every parameter that has a gradient."""
        for each in self._optimisers:
            each.step()


class Lamb:
    """LAMB (You et al. 2020, algorithm 2): Adam whose step of each tensor is as long as the tensor's own norm bids.

    `state` and `param_groups` have the form of torch's optimisers, so that both are kept in the same way.
    """

    def __init__(self, parameters: list[Any], learning_rate: float, weight_decay: float) -> None:
        self.param_groups: list[dict[str, Any]] = [{"params": parameters, "lr": learning_rate}]
        self.state: dict[Any, dict[str, Any]] = {}
        self._weight_decay = weight_decay

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients."""
        for parameter in self.param_groups[0]["params"]:
            if set_to_none or parameter.grad is None:
                parameter.grad = None
            else:
                parameter.grad.zero_()

    def step(self) -> None:
        """Move every parameter that has a gradient."""
        import torch  # noqa: PLC0415

        with torch.no_grad():
            for parameter in self.param_groups[0]["params"]:
                if parameter.grad is not None:
                    self._move(parameter, self.param_groups[0]["lr"])

    def _move(self, parameter: Any, learning_rate: float) -> None:
        import torch  # noqa: PLC0415

        state = self.state.setdefault(parameter, {})
        if not state:
            state["step"] = torch.zeros(())
            state["exp_avg"], state["exp_avg_sq"] = torch.zeros_like(parameter), torch.zeros_like(parameter)
        state["step"] += 1
        count, (first, second) = float(state["step"]), BETAS
        state["exp_avg"].lerp_(parameter.grad, 1 - first)
        state["exp_avg_sq"].mul_(second).addcmul_(parameter.grad, parameter.grad, value=1 - second)
        mean = state["exp_avg"] / (1 - first**count)
        spread = (state["exp_avg_sq"] / (1 - second**count)).sqrt() + 1e-6
        update = mean / spread + self._weight_decay * parameter
        weight_norm, update_norm = float(parameter.norm()), float(update.norm())
        trust = weight_norm / update_norm if weight_norm > 0 and update_norm > 0 else 1.0
        parameter.sub_(learning_rate * trust * update)
