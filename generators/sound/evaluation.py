"""Measures the tune model against floor and ceiling. Not part of any run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from worldloom.generators.errors import GeneratorError
from worldloom.generators.sequence.sampling import sample
from worldloom.generators.training.course import Evaluation, Metric

from .batches import batch, batch_loss
from .grammar import Follower
from .model import load_model, new_model, write
from .program import decode, encode, header_tokens
from .reading import chord_tones, complaint, ends_on_tonic, hear
from .rolls import sheet
from .source import draw_tune
from .vocabulary import ASKED, END, MAX_TOKENS, TOKENS, WORDS, Tune

FRESH_SEED = 9_001
"""Seed of evaluation tunes; training must use another."""
TEMPERATURE = 0.9
_HELD_OUT_FIRST = 1_000_000
_FACTS = {
    "losses": "nats a token on fresh tunes; floor: uniform under the grammar; ceiling: entropy of the source's draws "
    "(an upper bound, since different draws can give the same notes)",
    "obedience": f"first tunes at temperature {TEMPERATURE}; floor: an untrained model under the grammar; ceiling: the "
    "source's own tunes, which the reader sometimes misjudges",
    "all_obeyed": "mood and form are heard as asked, the tune ends on its tonic, no bar is silent, no wild leaps",
    "beats_in_chord": "share of the notes on beats that belong to their bar's triad",
    "evaluation seed": str(FRESH_SEED),
}


def evaluate(folder: Path, samples: int = 64) -> Evaluation:
    """Measure the folder's weights; the first `samples` tunes of seen combinations are shown, unselected.

    Losses are taken on 5 tunes for each sample, obedience on 4 for each sample and arm (seen, held out).
    """
    model, untrained = load_model(folder), new_model(seed=0).eval()
    guessed = _judged(_written(untrained, samples, held_out=False))
    metrics: list[Metric] = []
    facts = dict(_FACTS)
    shown: list[Tune] = []
    for arm, held_out in (("seen", False), ("held_out", True)):
        drawn = [_fresh(number, held_out=held_out) for number in range(5 * samples)]
        tokens = [encode(tune) for tune, _ in drawn]
        written = sum(map(len, tokens)) - ASKED * len(tokens)
        entropy = sum(nats for _, nats in drawn) / written
        loss = _loss(model, 5 * samples, held_out=held_out)
        metrics.append(Metric(f"loss_{arm}", loss, _uniform(tokens) / written, entropy, held_out))
        best = _judged([(tune, tune) for tune, _ in drawn])
        pairs = _written(model, 4 * samples, held_out=held_out)
        done = _judged(pairs)
        metrics += [Metric(f"{key}_{arm}", done[key], guessed[key], best[key], held_out) for key in sorted(done)]
        facts[f"distinct tunes, {arm}"] = f"{len({tune for _, tune in pairs})} of {len(pairs)}"
        shown = shown or [tune for _, tune in pairs[:samples]]
    unmasked = max(8, 3 * samples // 4)
    facts["valid without the mask"] = f"{_valid_without_mask(model, unmasked)} of {unmasked}"
    return Evaluation(tuple(metrics), facts, sheet(shown), "samples.png")


def _fresh(number: int, *, held_out: bool) -> tuple[Tune, float]:
    return draw_tune(FRESH_SEED, number + (_HELD_OUT_FIRST if held_out else 0), held_out=held_out)


def _loss(model: Any, tunes: int, *, held_out: bool) -> float:
    """Mean over tokens: batches have different numbers of them, so each weighs by its own."""
    import torch  # noqa: PLC0415  (heavy: only where a model is used)

    start, nats, count = _HELD_OUT_FIRST if held_out else 0, 0.0, 0
    with torch.inference_mode():
        for first in range(0, tunes, 32):
            rows = batch(FRESH_SEED, start + first, min(32, tunes - first), held_out=held_out)
            tokens = int((rows[:, ASKED:] != 0).sum())
            nats, count = nats + tokens * float(batch_loss(model, rows)), count + tokens
    return nats / count


def _uniform(programs: Sequence[list[int]]) -> float:
    """Nats of all programs for a model that knows the grammar and nothing else."""
    nats = 0.0
    for tokens in programs:
        follower = Follower()
        for place, token in enumerate(tokens):
            nats += math.log(len(follower.allowed())) * (place >= ASKED)
            follower.feed(token)
    return nats


def _written(model: Any, samples: int, *, held_out: bool) -> list[tuple[Tune, Tune]]:
    """Return pairs of what was asked and the model's first tune for it."""
    pairs = []
    for number in range(samples):
        asked, _ = _fresh(number, held_out=held_out)
        tune = write(model, asked.form, asked.mood, seed=2 * number + held_out, temperature=TEMPERATURE)
        pairs.append((asked, tune))
    return pairs


def _judged(pairs: Sequence[tuple[Tune, Tune]]) -> dict[str, float]:
    """Return shares of the tunes that do what was asked."""
    counts = dict.fromkeys(("all_obeyed", "mood_obeyed", "form_obeyed", "ends_on_tonic", "beats_in_chord"), 0.0)
    for asked, tune in pairs:
        heard = hear(tune)
        counts["all_obeyed"] += not complaint(tune)
        counts["mood_obeyed"] += heard.mood == asked.mood
        counts["form_obeyed"] += heard.form == asked.form
        counts["ends_on_tonic"] += ends_on_tonic(tune)
        counts["beats_in_chord"] += chord_tones(tune) / 100
    return {key: count / len(pairs) for key, count in counts.items()}


def _valid_without_mask(model: Any, samples: int) -> int:
    good, every = 0, range(len(WORDS))
    for number in range(samples):
        asked, _ = _fresh(number, held_out=False)
        tokens = sample(
            model,
            header_tokens(asked.form, asked.mood),
            lambda _: every,
            seed=number,
            temperature=TEMPERATURE,
            end=TOKENS[END],
            max_tokens=MAX_TOKENS,
        )
        try:
            decode(tokens)
        except GeneratorError:
            continue
        good += 1
    return good
