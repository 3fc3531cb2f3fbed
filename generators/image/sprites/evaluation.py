"""Measures the diffusion model: floor is the same model untrained, ceiling the procedural source. No part of a run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from worldloom.generators.image.clip.evaluation import coloured, fresh, fresh_textures, named, textured
from worldloom.generators.image.clip.scoring import Scorer
from worldloom.generators.image.pixels.reading import read_colour, seam
from worldloom.generators.image.pixels.sheet import sheet
from worldloom.generators.image.pixels.source import Drawn
from worldloom.generators.training.course import Evaluation, Metric

from .maker import DRAWS, GOOD_ENOUGH, GUIDANCE_PERCENT
from .model import load_model, new_model
from .sampling import Sampler

_SAMPLE_SEED = 7_000_000


class Arm(NamedTuple):
    """Pictures of the same captions by the trained sampler, the untrained one, and the source."""

    model: list[Drawn]
    floor: list[Drawn]
    source: list[Drawn]


def evaluate(folder: Path, samples: int = 64, pictures: int = 240, scorer: Scorer | None = None) -> Evaluation:
    """Judge the weights in the folder: first drawings, none selected; figures need `pictures` of 200 and more."""
    judge = scorer or Scorer()
    model, size = load_model(folder)
    trained, untrained = Sampler.of(model, size), Sampler.of(new_model(size, seed=0).eval(), size)
    metrics: list[Metric] = []
    arms = [_arm(trained, untrained, pictures, held_out=held_out) for held_out in (False, True)]
    for held_out, (things, textures) in zip((False, True), arms, strict=True):
        for name, measure, arm in _measures(judge, things, textures):
            metrics.append(Metric(name, measure(arm.model), measure(arm.floor), measure(arm.source), held_out))
    metrics.append(_distance(judge, arms[0][0]))
    things, textures = arms[0]
    shown = [each.numbers for each in (*things.model[: samples - samples // 4], *textures.model[: samples // 4])]
    return Evaluation(tuple(metrics), _facts(judge, trained, arms), sheet(shown), "samples.png")


def _arm(trained: Sampler, untrained: Sampler, pictures: int, *, held_out: bool) -> tuple[Arm, Arm]:
    def arm(source: list[Drawn]) -> Arm:
        return Arm(_drawn(trained, source), _drawn(untrained, source), source)

    return arm(fresh(pictures, held_out=held_out)), arm(fresh_textures(pictures // 4, held_out=held_out))


def _drawn(sampler: Sampler, source: Sequence[Drawn]) -> list[Drawn]:
    guidance = GUIDANCE_PERCENT / 100
    return [
        each._replace(
            numbers=sampler.draw(
                each.caption.text, seed=_SAMPLE_SEED + number, guidance=guidance, around=bool(each.caption.texture)
            )
        )
        for number, each in enumerate(source)
    ]


Measure = Callable[[Sequence[Drawn]], float]


def _measures(judge: Scorer, things: Arm, textures: Arm) -> list[tuple[str, Measure, Arm]]:
    return [
        ("thing of 24, by the dual encoder", lambda drawn: named(judge, drawn), things),
        ("colour of 8, by the dual encoder", lambda drawn: coloured(judge, drawn), things),
        ("colour of 8, by counting pixels", counted, things),
        ("tiny CLIP score", lambda drawn: judge.tiny_clip_score(*_split(drawn)), things),
        ("texture of 8, by the dual encoder", lambda drawn: textured(judge, drawn), textures),
    ]


def counted(drawn: Sequence[Drawn]) -> float:
    """Return the share of pictures in the colour that was asked for, read without a model."""
    right = [read_colour(each.caption.thing, each.numbers) == each.caption.colour for each in drawn]
    return sum(right) / len(right)


def _split(drawn: Sequence[Drawn]) -> tuple[list[Any], list[str]]:
    return [each.numbers for each in drawn], [each.caption.text for each in drawn]


def _distance(judge: Scorer, things: Arm) -> Metric:
    """Distance to fresh pictures of the source; the source's own distance to them is the least there is."""
    others, _ = _split(fresh(3 * len(things.source))[2 * len(things.source) :])
    model, floor, source = (judge.fd_tiny_clip(_split(drawn)[0], others) for drawn in things)
    return Metric("FD tiny CLIP", model, floor, source)


def _facts(judge: Scorer, trained: Sampler, arms: Sequence[tuple[Arm, Arm]]) -> dict[str, str]:
    things, textures = arms[0]
    first = judge.score(*_split(things.model))
    best = [
        _best(judge, trained, each, number, fit)
        for number, (each, fit) in enumerate(zip(things.model, first, strict=True))
    ]
    kept = [drawn for drawn, _ in best]
    return {
        "guidance": f"{GUIDANCE_PERCENT / 100}",
        f"drawn again below a fit of {GOOD_ENOUGH / 100}": f"{_percent(fit < GOOD_ENOUGH / 100 for fit in first)} of "
        f"first drawings; source {_percent(fit < GOOD_ENOUGH / 100 for fit in judge.score(*_split(things.source)))}",
        f"best of up to {DRAWS}": f"thing {named(judge, kept):.3f}, colour by counting {counted(kept):.3f}, tiny CLIP "
        f"score {judge.tiny_clip_score(*_split(kept)):.3f}, {sum(draws for _, draws in best) / len(best):.2f} drawings",
        "step over a texture's edge : inside": f"{_seam(textures.model)}; source {_seam(textures.source)}",
        "distinct pictures": _percent_of(len({each.numbers.tobytes() for each in things.model}), len(things.model)),
    }  # fmt: skip


def _best(judge: Scorer, trained: Sampler, each: Drawn, number: int, fit: float) -> tuple[Drawn, int]:
    """Return what the maker would keep, and after how many drawings."""
    best, draws = (fit, each), 1
    while best[0] < GOOD_ENOUGH / 100 and draws < DRAWS:
        seed = _SAMPLE_SEED + number + draws * 1_000_000
        numbers = trained.draw(each.caption.text, seed=seed, guidance=GUIDANCE_PERCENT / 100)
        found = judge.score([numbers], [each.caption.text])[0]
        best, draws = max(best, (found, each._replace(numbers=numbers)), key=lambda pair: pair[0]), draws + 1
    return best[1], draws


def _seam(drawn: Sequence[Drawn]) -> str:
    steps = [seam(each.numbers) for each in drawn]
    over, inside = (sum(column) / len(steps) for column in zip(*steps, strict=True))
    return f"{over:.1f} : {inside:.1f} of 255"


def _percent(right: Any) -> str:
    found = list(right)
    return _percent_of(sum(found), len(found))


def _percent_of(some: int, all_: int) -> str:
    return f"{100 * some / all_:.1f} %"
