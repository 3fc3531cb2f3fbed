"""Programs of `source` as tensors, and the loss on them: what training and evaluation are shown. Trains nothing."""

from __future__ import annotations

import hashlib
from typing import Any

from .source import draw_program
from .vocabulary import HEADER, PAD, TOKENS, encode


def batch(seed: int, first: int, rows: int, *, held_out: bool = False) -> Any:
    """Return programs `first` … of the seed as one integer tensor, padded on the right."""
    import torch  # noqa: PLC0415  (heavy: only where a model is used)

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


def data_digest(seed: int, programs: int) -> str:
    """Hex SHA-256 over the tokens of the first programs of a seed: what a training run was shown."""
    running = hashlib.sha256()
    for number in range(programs):
        running.update(bytes(encode(draw_program(seed, number)[0])))
    return running.hexdigest()
