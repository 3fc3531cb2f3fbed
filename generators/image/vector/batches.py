"""Training pictures as tensors, and the loss over them. Trains nothing."""

from __future__ import annotations

import hashlib
from typing import Any

from .program import encode
from .source import draw_picture
from .vocabulary import PAD, SLOTS, TOKENS, WORDS, slots

_CYCLE = ("sign", "emblem", "sign", "emblem", "ornament", "sign", "emblem", "sign", "emblem", "ornament")
"""Domains of the short pictures of a batch, in turn."""
_SAID = frozenset(number for number, word in enumerate(WORDS) if "=" in word)
DIGEST_EVERY = 16
"""Of as many steps the first goes into the data's digest."""


def lesson(domain: str, seed: int, number: int) -> list[int]:
    """Return a picture's tokens as training shows it."""
    return encode(draw_picture(domain, seed, number)[0])


def batch(seed: int, step: int, rows: int) -> list[tuple[Any, Any]]:
    """Return a step's tokens and targets: `rows` portraits, and half as many more short pictures, padded apart."""
    more = 3 * rows // 2
    faces = [("portrait", step * rows + row) for row in range(rows)]
    short = [(_CYCLE[number % len(_CYCLE)], number) for number in range(step * more, (step + 1) * more)]
    return [padded([(domain, lesson(domain, seed, number)) for domain, number in each]) for each in (faces, short)]


def padded(rows: list[tuple[str, list[int]]]) -> tuple[Any, Any]:
    """Return tokens and targets of pictures, padded on the right; attributes and cues are given, not foretold."""
    import torch  # noqa: PLC0415  (heavy: only where a model is used)

    width, pad = max(len(tokens) for _, tokens in rows), TOKENS[PAD]
    tokens = torch.tensor([[*row, *[pad] * (width - len(row))] for _, row in rows])
    targets = tokens[:, 1:].clone()
    for number, (domain, row) in enumerate(rows):
        head = len(slots(domain))
        targets[number, : len(SLOTS[domain])] = pad
        cues = [place - 1 for place in range(head + 1, len(row)) if row[place] in _SAID]
        targets[number, cues] = pad
    return tokens[:, :-1], targets


def batch_loss(model: Any, parts: list[tuple[Any, Any]]) -> Any:
    """Return the mean loss in nats a token over all parts, attributes, cues and padding left out."""
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
