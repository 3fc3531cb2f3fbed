"""Batches of tune programs from the source, the loss on them, and their digest. Trains nothing itself."""

from __future__ import annotations

import hashlib
from typing import Any

from .program import encode
from .source import draw_tune
from .vocabulary import ASKED, PAD, TOKENS


def batch(seed: int, first: int, rows: int, *, held_out: bool = False) -> Any:
    """Return tunes `first` … of the seed as one integer tensor (rows, longest), padded on the right."""
    import torch  # noqa: PLC0415  (heavy: only where a model is used)

    programs = [encode(draw_tune(seed, first + row, held_out=held_out)[0]) for row in range(rows)]
    width = max(map(len, programs))
    return torch.tensor([program + [TOKENS[PAD]] * (width - len(program)) for program in programs])


def batch_loss(model: Any, tokens: Any) -> Any:
    """Return the mean loss in nats over the tokens after form and mood, padding left out."""
    import torch  # noqa: PLC0415

    logits = model(tokens[:, :-1], use_cache=False).logits[:, ASKED - 1 :]
    target = tokens[:, ASKED:]
    return torch.nn.functional.cross_entropy(
        logits.reshape(-1, logits.shape[-1]), target.reshape(-1), ignore_index=TOKENS[PAD]
    )


def data_digest(seed: int, tunes: int) -> str:
    """Return the hex SHA-256 over the tokens of the first tunes of a seed."""
    running = hashlib.sha256()
    for number in range(tunes):
        running.update(bytes(encode(draw_tune(seed, number)[0])))
    return running.hexdigest()
