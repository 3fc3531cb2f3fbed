"""Muon whose matrices of one shape move together: few launches, for a GPU. The processor's is torch's own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from .course import Plan
from .optimisers import BETAS, Together

MOMENTUM = 0.95
ROUNDS = 5
"""Newton-Schulz iterations."""
_A, _B, _C = 3.4445, -4.7750, 2.0315


def stacked(plan: Plan, parameters: Mapping[str, Any]) -> Together:
    """Return the plan's Muon for the matrices within layers, AdamW for embeddings and all else, as `make` does.

    Needs a matrix within layers and something else, as every transformer has.
    """
    import torch  # noqa: PLC0415  (heavy: only where a model is trained)

    matrices, rest = list[Any](), list[Any]()
    for name, each in parameters.items():
        (matrices if each.ndim == 2 and "embed" not in name else rest).append(each)
    both = Together()
    both.add(StackedMuon(matrices, plan.learning_rate, plan.weight_decay))
    both.add(torch.optim.AdamW(rest, lr=plan.learning_rate, betas=BETAS, weight_decay=plan.weight_decay))
    return both


class StackedMuon:
    """torch.optim.Muon with Nesterov's momentum and steps as long as AdamW's (match_rms_adamw), stacked by shape.

    Products are in bfloat16, so it is torch's up to their rounding. Every parameter must have a gradient at each step.
    """

    def __init__(self, parameters: list[Any], learning_rate: float, weight_decay: float) -> None:
        self.param_groups: list[dict[str, Any]] = [{"params": parameters, "lr": learning_rate}]
        self.state: dict[Any, dict[str, Any]] = {}
        self._weight_decay = weight_decay
        shapes = defaultdict[tuple[int, ...], list[Any]](list)
        for each in parameters:
            shapes[tuple(each.shape)].append(each)
        self._stacks = list(shapes.values())

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients."""
        for each in self.param_groups[0]["params"]:
            if set_to_none or each.grad is None:
                each.grad = None
            else:
                each.grad.zero_()

    def step(self) -> None:
        """Move every parameter."""
        import torch  # noqa: PLC0415

        with torch.no_grad():
            for stack in self._stacks:
                self._move(stack, self.param_groups[0]["lr"])

    def _move(self, stack: list[Any], learning_rate: float) -> None:
        import torch  # noqa: PLC0415

        gradient = torch.stack([each.grad for each in stack])
        momentum = self._momentum(stack).lerp_(gradient, 1 - MOMENTUM)
        for each, mine in zip(stack, momentum.unbind(0), strict=True):
            self.state[each] = {"momentum_buffer": mine}
        update = orthogonal(gradient.lerp(momentum, MOMENTUM))
        length = 0.2 * max(stack[0].shape) ** 0.5
        torch._foreach_mul_(stack, 1 - learning_rate * self._weight_decay)
        torch._foreach_add_(stack, list(update.unbind(0)), alpha=-learning_rate * length)

    def _momentum(self, stack: list[Any]) -> Any:
        import torch  # noqa: PLC0415

        kept = [self.state.get(each, {}).get("momentum_buffer") for each in stack]
        return torch.stack([torch.zeros_like(p) if m is None else m for p, m in zip(stack, kept, strict=True)])


def orthogonal(stack: Any) -> Any:
    """Return the matrices (count, rows, columns), each nearly orthogonal now (Newton-Schulz in bfloat16)."""
    import torch  # noqa: PLC0415

    tall = stack.size(1) > stack.size(2)
    x = stack.bfloat16()
    x = x.mT if tall else x
    x = x / x.norm(dim=(1, 2), keepdim=True).clamp(min=1e-7)
    for _ in range(ROUNDS):
        gram = x @ x.mT
        x = _A * x + torch.baddbmm(gram, gram, gram, beta=_B, alpha=_C) @ x
    return (x.mT if tall else x).to(stack.dtype)
