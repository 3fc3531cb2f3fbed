"""How tokens are chosen inside transformers' `generate`: every row of a batch has its own chance and its own end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from worldloom.generators.backends.chance import uniform
from worldloom.generators.backends.control import Patience


class Row(NamedTuple):
    """What decides one row of a batch besides its prompt. `whole` says whether words are a complete answer."""

    seed: int
    attempt: int
    budget: int
    whole: Callable[[str], bool]


class Sampler:
    """A logits processor that draws each row's token from that row's seed and leaves no other one possible.

    Temperature first, then the nucleus of Holtzman et al. 2020 (arXiv:1904.09751), then the inverse of the cumulated
    probabilities at the row's number. A temperature of 0 takes the likeliest.
    """

    def __init__(self, rows: Sequence[Row], width: int, temperature: float, top_p: float) -> None:
        self._rows = rows
        self._width = width
        self._temperature = temperature
        self._top_p = top_p

    def __call__(self, input_ids: Any, scores: Any) -> Any:
        """Return scores (rows, vocabulary) that are minus infinity but at each row's choice."""
        import torch  # noqa: PLC0415  (heavy: only where a model is used)

        if self._temperature == 0:
            return scores
        step = input_ids.shape[1] - self._width
        chances, order = torch.sort(
            (scores.double() / self._temperature).softmax(-1), dim=-1, descending=True, stable=True
        )
        before = chances.cumsum(-1) - chances
        kept = chances * (before < self._top_p)
        total = kept.cumsum(-1)
        numbers = [uniform(row.seed, row.attempt, step) for row in self._rows]
        aim = torch.tensor(numbers, dtype=torch.float64, device=scores.device)[:, None] * total[:, -1:]
        place = (total > aim).to(torch.uint8).argmax(-1, keepdim=True)
        return torch.full_like(scores, float("-inf")).scatter(-1, order.gather(-1, place), 0.0)


class Ending:
    """A stopping criterion: a row ends at its budget or with a whole answer; all rows end with the call's patience."""

    def __init__(self, rows: Sequence[Row], width: int, patience: Patience, decode: Callable[[Any], str]) -> None:
        self._rows = rows
        self._width = width
        self._patience = patience
        self._decode = decode
        self.done = [False] * len(rows)
        """Which rows came to their end; the others were cut off by the deadline, or ended with an end mark."""

    def __call__(self, input_ids: Any, scores: Any, **_: Any) -> Any:  # noqa: ARG002  (transformers' signature)
        """Return which rows are finished, as a tensor of truth values."""
        import torch  # noqa: PLC0415

        step = input_ids.shape[1] - self._width
        for at, row in enumerate(self._rows):
            if not self.done[at]:
                self.done[at] = step >= row.budget or self._whole(row, input_ids[at])
        over = self._patience.ended
        return torch.tensor([over or done for done in self.done], dtype=torch.bool, device=input_ids.device)

    def _whole(self, row: Row, ids: Any) -> bool:
        # Most tokens close nothing: the whole text is decoded only after one that may.
        last = self._decode(ids[-1:])
        return ("}" in last or "]" in last) and row.whole(self._decode(ids[self._width :]))
