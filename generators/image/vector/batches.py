"""Training pictures as tensors, and the loss over them. Trains nothing."""

from __future__ import annotations

import hashlib
from typing import Any

from worldloom.generators.sequence.draws import Draws

from .program import Program, encode
from .source import draw_picture
from .vocabulary import PAD, SLOTS, TOKENS

_CYCLE = ("sign", "emblem", "sign", "emblem", "ornament", "sign", "emblem", "sign", "emblem", "ornament")
"""Domains of the short pictures of a batch, in turn."""
_OPEN_PERCENT = 15
"""Attributes left open in a hundred, so that the model can be asked with any of them."""
DIGEST_EVERY = 16
"""Of as many steps the first goes into the data's digest."""


def lesson(domain: str, seed: int, number: int, *, held_out: bool = False) -> list[int]:
    """Return a picture's tokens as training shows it: some of its attributes left open."""
    program, _ = draw_picture(domain, seed, number, held_out=held_out)
    draws = Draws("open", seed, number, domain)
    kept = {slot: word for slot, word in program.attributes.items() if draws.pick(range(100)) >= _OPEN_PERCENT}
    return encode(Program(domain, kept, program.items))


def batch(seed: int, step: int, rows: int) -> list[tuple[Any, Any]]:
    """Return a step's tokens and what is to be foretold: `rows` portraits, and as many short pictures, padded apart."""
    first = step * rows
    faces = [("portrait", first + row) for row in range(rows)]
    short = [(_CYCLE[(first + row) % len(_CYCLE)], first + row) for row in range(rows)]
    return [padded([(domain, lesson(domain, seed, number)) for domain, number in each]) for each in (faces, short)]


def padded(rows: list[tuple[str, list[int]]]) -> tuple[Any, Any]:
    """Return tokens and targets of pictures, padded on the right; what stands in the header is not foretold."""
    import torch  # noqa: PLC0415  (heavy: only where a model is used)

    width, pad = max(len(tokens) for _, tokens in rows), TOKENS[PAD]
    tokens = torch.tensor([[*tokens, *[pad] * (width - len(tokens))] for _, tokens in rows])
    targets = tokens[:, 1:].clone()
    for row, (domain, _) in enumerate(rows):
        targets[row, : len(SLOTS[domain])] = pad
    return tokens[:, :-1], targets


def batch_loss(model: Any, parts: list[tuple[Any, Any]]) -> Any:
    """Return the mean loss in nats a token over all parts, headers and padding left out."""
    import torch  # noqa: PLC0415

    total, count = 0.0, 0
    for tokens, targets in parts:
        logits = model(tokens, use_cache=False).logits
        total = total + torch.nn.functional.cross_entropy(
            logits.reshape(-1, logits.shape[-1]), targets.reshape(-1), ignore_index=TOKENS[PAD], reduction="sum"
        )
        count += int((targets != TOKENS[PAD]).sum())
    return total / count


def data_digest(seed: int, steps: int, rows: int) -> str:
    """Hex SHA-256 over the tokens of every sixteenth step, from the first: what a training run was shown."""
    running = hashlib.sha256()
    for step in range(0, steps, DIGEST_EVERY):
        for tokens, _ in batch(seed, step, rows):
            running.update(tokens.numpy().astype("<u2").tobytes())
    return running.hexdigest()
