"""Writes one primitive program with the model, by transformers' own forward pass. Judges no program."""

from __future__ import annotations

import hashlib
from typing import Any

from .grammar import allowed
from .vocabulary import END, MAX_TOKENS, TOKENS


def sample(model: Any, header: list[int], *, seed: int, temperature: float, masked: bool = True) -> list[int]:
    """Continue a program's header until END and return all its tokens. One row: no neighbour changes a bit.

    `seed` (unsigned 64 bits) starts the program's own torch.Generator. With the mask every result decodes.
    """
    import torch  # noqa: PLC0415  (heavy: only where a model is used)

    # torch's processor generator looks at 32 bits of a seed only: all 64 are folded into them.
    folded = hashlib.blake2b(seed.to_bytes(8, "big"), digest_size=4).digest()
    generator = torch.Generator().manual_seed(int.from_bytes(folded, "big"))
    tokens, step = list(header), torch.tensor([header], device=model.device)
    cache: Any = None
    with torch.inference_mode():
        while len(tokens) < MAX_TOKENS:
            out = model(step, past_key_values=cache, use_cache=True)
            cache = out.past_key_values
            logits = out.logits[0, -1].cpu().double() / temperature
            if masked:
                wall = torch.full_like(logits, float("-inf"))
                wall[sorted(allowed(len(tokens)))] = 0.0
                logits = logits + wall
            choice = int(torch.multinomial(logits.softmax(-1), 1, generator=generator))
            tokens.append(choice)
            if choice == TOKENS[END]:
                break
            step = torch.tensor([[choice]], device=model.device)
    return tokens
