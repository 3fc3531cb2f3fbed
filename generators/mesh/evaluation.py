"""Measures the 3D model against floor and ceiling. Not part of any run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from worldloom.generators.errors import GeneratorError
from worldloom.generators.sequence.draws import Draws
from worldloom.generators.training.course import Evaluation, Metric

from .batches import batch, batch_loss
from .grammar import allowed
from .model import ModelSize, load_model, new_model
from .reading import complaint, recognise
from .sampling import sample
from .sheet import sheet
from .source import draw_program
from .vocabulary import COLOURS, HEADER, KINDS, SIZES, Program, decode, encode, header_tokens

FRESH_SEED = 9_001
"""Seed of evaluation programs; training must use another."""
_TEMPERATURE = 0.8
_FACTS = {
    "losses": "nats a token on fresh programs; floor: uniform under the grammar; ceiling: entropy of the source's "
    "draws (an upper bound, since draws that do not show are counted)",
    "obedience": "first drawings at temperature 0.8; floor: an untrained model under the grammar; ceiling: the "
    "source's own programs, which the reader sometimes misjudges",
    "evaluation seed": str(FRESH_SEED),
}
_HELD_OUT_FIRST = 1_000_000
"""First held-out program: with the same numbers both arms would be the same drawings in other colours."""


def evaluate(folder: Path, samples: int = 64) -> Evaluation:
    """Measure the folder's weights; the first `samples` drawings of seen combinations are shown, unselected.

    Losses are taken on 5 programs for each sample, obedience on 4 drawings for each sample and arm (seen, held out).
    """
    model, untrained = load_model(folder), new_model(ModelSize(), seed=0).eval()
    guessed = _judged(_drawings(untrained, samples, held_out=False))
    metrics: list[Metric] = []
    facts = dict(_FACTS)
    shown: list[Program] = []
    for arm, held_out in (("seen", False), ("held_out", True)):
        drawn = [_fresh(number, held_out=held_out) for number in range(5 * samples)]
        tokens = sum(len(encode(program)) - HEADER for program, _ in drawn)
        entropy = sum(nats for _, nats in drawn) / tokens
        loss = _loss(model, 5 * samples, held_out=held_out)
        metrics.append(Metric(f"loss_{arm}", loss, _uniform(drawn), entropy, held_out))
        best = _judged([(program, program) for program, _ in drawn])
        pairs = _drawings(model, 4 * samples, held_out=held_out)
        done = _judged(pairs)
        metrics += [Metric(f"{key}_{arm}", done[key], guessed[key], best[key], held_out) for key in sorted(done)]
        facts[f"distinct drawings, {arm}"] = f"{len({program for _, program in pairs})} of {len(pairs)}"
        shown = shown or [program for _, program in pairs[:samples]]
    unmasked = max(1, 3 * samples // 4)
    facts["valid without the mask"] = f"{_valid_without_mask(model, unmasked)} of {unmasked}"
    return Evaluation(tuple(metrics), facts, sheet(shown), "samples.png")


def _fresh(number: int, *, held_out: bool) -> tuple[Program, float]:
    return draw_program(FRESH_SEED, number + (_HELD_OUT_FIRST if held_out else 0), held_out=held_out)


def _loss(model: Any, programs: int, *, held_out: bool) -> float:
    import torch  # noqa: PLC0415  (heavy: only where a model is used)

    start = _HELD_OUT_FIRST if held_out else 0
    with torch.inference_mode():
        losses = [
            float(batch_loss(model, batch(FRESH_SEED, start + first, 32, held_out=held_out)))
            for first in range(0, programs, 32)
        ]
    return sum(losses) / len(losses)


def _uniform(drawn: Sequence[tuple[Program, float]]) -> float:
    """Nats a token of a model that knows the grammar and nothing else."""
    lengths = [len(encode(program)) for program, _ in drawn]
    nats = sum(math.log(len(allowed(place))) for length in lengths for place in range(HEADER, length))
    return nats / sum(length - HEADER for length in lengths)


def _drawings(model: Any, samples: int, *, held_out: bool) -> list[tuple[Program, Program]]:
    """Return pairs of what was asked and the model's first drawing of it."""
    pairs = []
    for number in range(samples):
        asked, _ = _fresh(number, held_out=held_out)
        header = header_tokens(asked.kind, asked.colour, asked.size)
        pairs.append((asked, decode(sample(model, header, seed=2 * number + held_out, temperature=_TEMPERATURE))))
    return pairs


def _judged(pairs: Sequence[tuple[Program, Program]]) -> dict[str, float]:
    """Return shares of the drawings that do what was asked."""
    counts = dict.fromkeys(("kind_obeyed", "size_obeyed", "colour_obeyed", "accepted_at_first_draw"), 0)
    for asked, program in pairs:
        kind, size = recognise(program)
        counts["kind_obeyed"] += kind == asked.kind
        counts["size_obeyed"] += size == asked.size
        counts["colour_obeyed"] += any(part.material == asked.colour for part in program.primitives)
        counts["accepted_at_first_draw"] += not complaint(program)
    return {key: count / len(pairs) for key, count in counts.items()}


def _valid_without_mask(model: Any, samples: int) -> int:
    good, draws = 0, Draws("unmasked")
    for number in range(samples):
        header = header_tokens(draws.pick(tuple(KINDS)), draws.pick(COLOURS), draws.pick(SIZES))
        tokens = sample(model, header, seed=number, temperature=_TEMPERATURE, masked=False)
        try:
            decode(tokens)
        except GeneratorError:
            continue
        good += 1
    return good
