"""Draws a sequence from a model under a mask: one row, its own noise. Knows no grammar."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from worldloom.generators.errors import GeneratorError

from .decoder import Decoder

Allowed = Callable[[list[int]], Sequence[int]]
"""From the tokens so far to the numbers of those that may follow, at least one, in an order that never changes."""
_MANY, _FEW = 512, 64
"""Of how many options only so many of the likeliest are sorted, when their shares are enough."""


def sample(
    model: Any,
    prefix: list[int],
    allowed: Allowed,
    *,
    seed: int,
    temperature: float,
    top_p: float = 1.0,
    end: int,
    max_tokens: int,
) -> list[int]:
    """Continue `prefix` until `end` or `max_tokens` and return all tokens. One row: no neighbour changes a bit.

    `seed` (unsigned 64 bits) and a token's place give its noise, so it depends on no draw before it. `top_p` keeps
    the likeliest tokens whose shares first reach it (nucleus sampling, Holtzman et al. 2020); temperature 0 takes the
    likeliest. Raises GeneratorError for an empty prefix or a mask that allows nothing.
    """
    import torch  # noqa: PLC0415  (heavy: only where a model is used)

    if not prefix:
        raise GeneratorError("a sequence must start with at least one token")
    tokens = list(prefix)
    with torch.inference_mode():
        decoder = Decoder(model, max_tokens)
        for token in tokens[:-1]:
            decoder.read(token)
        while len(tokens) < max_tokens:
            last = decoder.read(tokens[-1])
            options = allowed(tokens)
            if not options:
                raise GeneratorError(f"the mask allows no token at place {len(tokens)}")
            if len(options) == 1:
                choice = options[0]
            else:
                logits = decoder.logits(last).numpy()[np.asarray(options)]
                choice = options[choose(logits, noise(seed, len(tokens)), temperature, top_p)]
            tokens.append(choice)
            if choice == end:
                break
    return tokens


def noise(seed: int, place: int) -> float:
    """Return the uniform number in [0, 1) of a seed and place, 53 bits of BLAKE2b."""
    return (_word(seed, place) >> 11) / 2**53


def _word(seed: int, place: int) -> int:
    word = hashlib.blake2b(seed.to_bytes(8, "big"), digest_size=8, salt=place.to_bytes(8, "big")).digest()
    return int.from_bytes(word, "big")


def noise_of_each(seed: int, place: int, numbers: np.ndarray) -> np.ndarray:
    """Return a uniform number in (0, 1) for each token number: the seed's and place's own, whatever others there are.

    The output function of splitmix64 (Steele, Lea, Flood 2014) over numbers spread by its constant; float64.
    """
    words = numbers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(_word(seed, place))
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (((words ^ (words >> np.uint64(31))) >> np.uint64(11)).astype(np.float64) + 0.5) / 2**53


def choose_steadily(logits: np.ndarray, uniforms: np.ndarray, temperature: float, top_p: float = 1.0) -> int:
    """Return a place in `logits`, as often as `choose` does, by a uniform number in (0, 1) of each option's own.

    Each option's noise stays with it (the Gumbel-max trick, Maddison, Tarlow, Minka 2014): where another one grows
    likelier, less likely or is not there, the choice remains unless that other one wins or won. With one number for
    all, every border between options would move.
    """
    if temperature == 0:
        return int(logits.argmax())
    wide = logits.astype(np.float64)
    shares = np.exp((wide - wide.max()) / temperature)
    order = _nucleus(shares, top_p)
    return int(order[np.argmax(wide[order] / temperature - np.log(-np.log(uniforms[order])))])


def choose(logits: np.ndarray, uniform: float, temperature: float, top_p: float = 1.0) -> int:
    """Return the place in `logits` that a uniform number in [0, 1) falls on, likelier ones first."""
    if temperature == 0:
        return int(logits.argmax())
    wide = logits.astype(np.float64)
    shares = np.exp((wide - wide.max()) / temperature)
    order = _nucleus(shares, top_p)
    sums = np.cumsum(shares[order])
    return int(order[min(int(np.searchsorted(sums, uniform * sums[-1], side="right")), len(order) - 1)])


def _nucleus(shares: np.ndarray, top_p: float) -> np.ndarray:
    """Return the places of the largest shares that first reach `top_p` of all, largest first."""
    order = _likeliest(shares, top_p)
    if top_p >= 1:
        return order
    sums = np.cumsum(shares[order])
    whole = sums[-1] if len(order) == len(shares) else shares.sum()
    return order[: int(np.searchsorted(sums, top_p * whole)) + 1]


def _likeliest(shares: np.ndarray, top_p: float) -> np.ndarray:
    """Return the places of shares, largest first: all, or of many the largest alone when `top_p` asks for no more."""
    if top_p < 1 and len(shares) > _MANY:
        few = np.flatnonzero(shares >= np.partition(shares, -_FEW)[-_FEW])
        if shares[few].sum() > top_p * shares.sum():
            return few[np.argsort(-shares[few], kind="stable")]
    return np.argsort(-shares, kind="stable")
