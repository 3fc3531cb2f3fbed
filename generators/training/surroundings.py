"""What a training computes under: one thread, and chance of its own for every step. Trains nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def one_thread() -> Iterator[None]:
    """Compute on one thread meanwhile: sums in another order would be other weights."""
    import torch  # noqa: PLC0415

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


@contextmanager
def seeded(seed: int, step: int) -> Iterator[None]:
    """Seed torch's own generator from seed and step, and give it back as it was."""
    import torch  # noqa: PLC0415

    word = hashlib.blake2b(f"training/{seed}/{step}".encode(), digest_size=4).digest()
    with torch.random.fork_rng():
        torch.manual_seed(int.from_bytes(word, "big"))
        yield
