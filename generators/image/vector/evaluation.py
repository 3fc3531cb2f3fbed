"""Measures the picture model against floor and ceiling. Not part of any run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from worldloom.generators.sequence.draws import Draws
from worldloom.generators.sequence.sampling import sample
from worldloom.generators.training.course import Evaluation, Metric

from .batches import batch_loss, padded
from .draw import draw
from .grammar import Mask
from .model import TEMPERATURE_PERCENT, TOP_P_PERCENT, load_model, new_model, write
from .program import Program, decode, encode, header
from .reading import complaint, obeyed
from .references import broken
from .sheet import sheet
from .source import draw_picture
from .vocabulary import END, MAX_TOKENS, PAD, SLOTS, TOKENS

FRESH_SEED = 9_001
"""Seed of evaluation pictures; training must use another."""
ASKED = {"portrait": 60, "sign": 60, "emblem": 60, "ornament": 24}
"""Pictures asked for in each domain and arm."""
_FLOOR = 6
"""Pictures of the untrained model in each domain and arm: each takes the longest length."""
_IN_SHEET = ("portrait", "sign", "portrait", "emblem", "portrait", "sign", "portrait", "ornament")


class Shares(NamedTuple):
    """Of pictures that were asked for: shares that obey, are drawn whole, and are different from all others."""

    obeyed: float
    whole: float
    taken: float
    distinct: float


def evaluate(folder: Path, samples: int = 64) -> Evaluation:
    """Judge the folder's weights: losses and obedience, on pairs seen and held out, and a sheet of samples."""
    model, untrained = load_model(folder), new_model(0).eval()
    metrics, facts = [], {}
    for held_out in (False, True):
        arm = "held-out pairs" if held_out else "seen pairs"
        metrics.append(_losses(model, untrained, held_out=held_out))
        for domain in SLOTS:
            found = _shares(model, domain, ASKED[domain], held_out=held_out)
            floor = _shares(untrained, domain, _FLOOR, held_out=held_out)
            ceiling = _ceiling(domain, held_out=held_out)
            metrics.append(Metric(f"{domain}s that obey wholly", found.obeyed, floor.obeyed, ceiling.obeyed, held_out))
            metrics.append(Metric(f"{domain}s drawn whole", found.whole, floor.whole, ceiling.whole, held_out))
            facts[f"{domain}s taken at the first draw, {arm}"] = f"{found.taken:.3f}"
            facts[f"{domain}s different from all others, {arm}"] = f"{found.distinct:.3f}"
    facts["pictures asked for in each domain and arm"] = ", ".join(f"{name} {count}" for name, count in ASKED.items())
    facts["readable without a mask on what is drawn"] = f"{_unmasked(model):.3f}"
    facts["temperature, nucleus"] = f"{TEMPERATURE_PERCENT} and {TOP_P_PERCENT} hundredths"
    return Evaluation(tuple(metrics), facts, _samples(model, samples), "samples.png")


def _fresh(domain: str, number: int, *, held_out: bool) -> tuple[Program, float]:
    return draw_picture(domain, FRESH_SEED, number, held_out=held_out)


def _losses(model: Any, untrained: Any, *, held_out: bool) -> Metric:
    """Return nats a token: of the model, of an untrained one, and of the source's own choices, which none can beat."""
    nats, tokens, values = 0.0, 0, [0.0, 0.0]
    for domain in SLOTS:
        drawn = [_fresh(domain, number, held_out=held_out) for number in range(32)]
        rows = [(domain, encode(program)) for program, _ in drawn]
        count = int((padded(rows)[1] != TOKENS[PAD]).sum())
        nats, tokens = nats + sum(each for _, each in drawn), tokens + count
        for place, each in enumerate((model, untrained)):
            values[place] += count * _loss(each, rows)
    name = "loss in nats a token"
    return Metric(name, values[0] / tokens, values[1] / tokens, nats / tokens, held_out)


def _loss(model: Any, rows: list[tuple[str, list[int]]]) -> float:
    import torch  # noqa: PLC0415  (heavy: only where a model is judged)

    with torch.inference_mode():
        return float(batch_loss(model, [padded(rows)]))


def _shares(model: Any, domain: str, count: int, *, held_out: bool) -> Shares:
    def drawn() -> Iterator[tuple[Program, list[int]]]:
        for number in range(count):
            asked, _ = _fresh(domain, number, held_out=held_out)
            tokens = write(model, header(domain, asked.attributes), 2 * number + held_out)
            yield decode(tokens), tokens

    return _counted(list(drawn()))


def _ceiling(domain: str, *, held_out: bool) -> Shares:
    """How often the reader is right about the source's own pictures: the most to expect of samples."""
    own = [_fresh(domain, number, held_out=held_out)[0] for number in range(200)]
    return _counted([(program, encode(program)) for program in own])


def _counted(drawn: list[tuple[Program, list[int]]]) -> Shares:
    count = len(drawn)
    return Shares(
        sum(obeyed(program) for program, _ in drawn) / count,
        sum(not broken(program) for program, _ in drawn) / count,
        sum(not complaint(program) for program, _ in drawn) / count,
        len({tuple(tokens) for _, tokens in drawn}) / count,
    )


def _unmasked(model: Any, count: int = 24) -> float:
    """Return the share of readable pictures among those whose mask only says again what must be said (cues)."""
    good = 0
    for number in range(count):
        domain = list(SLOTS)[number % len(SLOTS)]
        start, loose = header(domain, _fresh(domain, number, held_out=False)[0].attributes), _Loose()
        sample(
            model,
            start,
            loose,
            seed=number,
            temperature=TEMPERATURE_PERCENT / 100,
            top_p=TOP_P_PERCENT / 100,
            end=TOKENS[END],
            max_tokens=MAX_TOKENS,
        )
        good += loose.kept
    return good / count


class _Loose:
    """A mask that lets everything pass, cues apart, and notes whether the grammar would have."""

    def __init__(self) -> None:
        self._mask, self.kept = Mask(), True
        self._may: Sequence[int] = range(len(TOKENS))

    def __call__(self, tokens: list[int]) -> Sequence[int]:
        self.kept = self.kept and tokens[-1] in self._may
        if not self.kept:
            return [TOKENS[END]]
        self._may = self._mask(tokens)
        return self._may if len(self._may) == 1 else range(len(TOKENS))


def _samples(model: Any, count: int) -> bytes:
    """Return the first pictures, one domain after the other, as they come at the first draw."""
    draws = Draws("sheet", FRESH_SEED)
    pictures = []
    for number in range(count):
        domain = _IN_SHEET[number % len(_IN_SHEET)]
        asked, _ = _fresh(domain, draws.pick(range(100_000)), held_out=False)
        pictures.append(draw(decode(write(model, header(domain, asked.attributes), number))))
    return sheet(pictures)
