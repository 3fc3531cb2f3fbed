"""Measures the 3D model against floor and ceiling; writes its model card. Not part of any run."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from typing import Any

from worldloom.generators.errors import GeneratorError

from .grammar import allowed
from .model import sample
from .reading import complaint, recognise
from .source import VERSION, Draws, draw_program
from .training import batch, batch_loss
from .vocabulary import COLOURS, HEADER, KINDS, SIZES, Program, decode, encode, header_tokens

FRESH_SEED = 9_001
"""Seed of evaluation programs; training must use another."""
_HELD_OUT_FIRST = 1_000_000
"""First held-out program: with the same numbers both arms would be the same drawings in other colours."""


def data_digest(seed: int, programs: int) -> str:
    """Hex SHA-256 over the tokens of the first programs of a seed: what a training run was shown."""
    running = hashlib.sha256()
    for number in range(programs):
        running.update(bytes(encode(draw_program(seed, number)[0])))
    return running.hexdigest()


def measure(model: Any, *, programs: int = 320, samples: int = 480, temperature_percent: int = 80) -> dict[str, float]:
    """Return losses in nats a token (with floor and ceiling) and shares of samples that do what was asked."""
    found: dict[str, float] = {}
    for name, held_out in (("seen", False), ("held_out", True)):
        found[f"loss_{name}"] = _loss(model, programs, held_out=held_out)
        drawn = [_fresh(number, held_out=held_out) for number in range(programs)]
        lengths = sum(len(encode(program)) - HEADER for program, _ in drawn)
        found[f"floor_{name}"] = sum(nats for _, nats in drawn) / lengths
        found |= {
            f"{key}_{name}": value
            for key, value in _obeyed(model, samples, temperature_percent, held_out=held_out).items()
        }
    found |= _reader(programs)
    found["ceiling_uniform_under_mask"] = _uniform(programs)
    found["valid_without_mask"] = _valid_without_mask(model, 48, temperature_percent)
    return found


def _fresh(number: int, *, held_out: bool) -> tuple[Program, float]:
    return draw_program(FRESH_SEED, number + (_HELD_OUT_FIRST if held_out else 0), held_out=held_out)


def _reader(programs: int) -> dict[str, float]:
    """How often the reader itself is right on the source's own programs: the most to expect of samples."""
    right = {"reader_kind": 0, "reader_size": 0}
    for number in range(programs):
        asked, _ = _fresh(number, held_out=False)
        kind, size = recognise(asked)
        right["reader_kind"] += kind == asked.kind
        right["reader_size"] += size == asked.size
    return {key: value / programs for key, value in right.items()}


def _loss(model: Any, programs: int, *, held_out: bool) -> float:
    import torch  # noqa: PLC0415  (heavy: only where a model is used)

    start = _HELD_OUT_FIRST if held_out else 0
    with torch.inference_mode():
        losses = [
            float(batch_loss(model, batch(FRESH_SEED, start + first, 32, held_out=held_out)))
            for first in range(0, programs, 32)
        ]
    return sum(losses) / len(losses)


def _uniform(programs: int) -> float:
    """Nats a token of a model that knows the grammar and nothing else."""
    lengths = [len(encode(draw_program(FRESH_SEED, number)[0])) for number in range(programs)]
    nats = sum(math.log(len(allowed(place))) for length in lengths for place in range(HEADER, length))
    return nats / sum(length - HEADER for length in lengths)


def _obeyed(model: Any, samples: int, temperature_percent: int, *, held_out: bool) -> dict[str, float]:
    counts = {"kind_obeyed": 0, "size_obeyed": 0, "colour_obeyed": 0, "accepted_at_first_draw": 0}
    distinct = set()
    for number in range(samples):
        asked, _ = _fresh(number, held_out=held_out)
        header = header_tokens(asked.kind, asked.colour, asked.size)
        tokens = sample(model, header, seed=2 * number + held_out, temperature=temperature_percent / 100)
        program = decode(tokens)
        kind, size = recognise(program)
        counts["kind_obeyed"] += kind == asked.kind
        counts["size_obeyed"] += size == asked.size
        counts["colour_obeyed"] += any(part.material == asked.colour for part in program.primitives)
        counts["accepted_at_first_draw"] += not complaint(program)
        distinct.add(tuple(tokens))
    return {key: value / samples for key, value in counts.items()} | {"distinct": len(distinct) / samples}


def _valid_without_mask(model: Any, samples: int, temperature_percent: int) -> float:
    good, draws = 0, Draws("unmasked")
    for number in range(samples):
        header = header_tokens(draws.pick(tuple(KINDS)), draws.pick(COLOURS), draws.pick(SIZES))
        tokens = sample(model, header, seed=number, temperature=temperature_percent / 100, masked=False)
        try:
            decode(tokens)
        except GeneratorError:
            continue
        good += 1
    return good / samples


def model_card(
    weights: str, size_bytes: int, training: Mapping[str, int], metrics: Mapping[str, float], *, samples: int
) -> str:
    """Return README.md for the weights folder."""
    programs = training["steps"] * training["rows"]
    command = (
        f"python -m worldloom.generators.train_mesh --seed {training['seed']} --steps {training['steps']} "
        f"--rows {training['rows']}"
    )
    rows = "\n".join(f"| {name} | {value:.3f} |" for name, value in sorted(metrics.items()))
    return f"""# mesh-programs-1: the embedded 3D model

A small LlamaForCausalLM that writes primitive programs for {len(KINDS)} props, {len(COLOURS)} colours and
{len(SIZES)} sizes. Trained from nothing on programs that `generators/mesh/source.py` draws; no outside data.
Props: {", ".join(KINDS)}.

| what | value |
|---|---|
| licence of weights and outputs | Apache-2.0 |
| SHA-256 of model.safetensors (float16, {size_bytes} bytes) | `{weights}` |
| data | source version {VERSION}, seed {training["seed"]}, programs 0 to {programs - 1} |
| SHA-256 of the data's tokens | `{data_digest(training["seed"], programs)}` |
| training | {training["steps"]} steps of {training["rows"]} programs, AdamW, cosine, one thread |
| made again by | `{command}` |

## Measured on fresh programs (seed {FRESH_SEED})

Losses are nats a token. The floor is the entropy of the source's draws (draws that do not show are
counted, so it is an upper bound on the true floor); the ceiling knows the grammar only. `held_out` are
pairs of kind and colour that training never showed. `obeyed` is judged by a reader that compares with
the source's own programs (`reader_*`: how often it is right on those): in-distribution skill, no more.
One training seed, one sampling seed, temperature 0.8, first drawings, unselected, {samples} an arm.

| quantity | value |
|---|---|
{rows}

## Limits

The model imitates the procedural source; it invents no new kinds and no new ways of building. Its use is
variety, and being a real, trainable, replaceable model behind the port. A drawing that misses kind or
colour is drawn again, up to four times in all.
"""
