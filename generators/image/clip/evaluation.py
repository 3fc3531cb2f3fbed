"""Measures the dual encoder against an untrained one and against the truth. Not part of any run."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from worldloom.generators.image.pixels.source import Drawn, draw_sprite, draw_texture
from worldloom.generators.image.pixels.textures import TEXTURES
from worldloom.generators.training.course import Evaluation, Metric
from worldloom.generators.vocabulary import COLOURS, THINGS

from .model import ClipSize, new_model, save_weights
from .scoring import Scorer

FRESH_SEED = 9_002
"""Seed of evaluation pictures; training must use another."""
_ONE_OF = 200
"""Captions among which a picture must find its own."""


def evaluate(folder: Path, samples: int = 64, pictures: int = 240) -> Evaluation:
    """Judge the weights in the folder on fresh pictures."""
    trained = Scorer(folder)
    with tempfile.TemporaryDirectory() as there:
        size = ClipSize()
        save_weights(new_model(size, seed=0), size, Path(there), {})
        untrained = Scorer(Path(there))
        untrained.prepare()
    metrics = tuple(
        Metric(name, measure(trained, drawn), measure(untrained, drawn), 1.0, held_out)
        for held_out in (False, True)
        for name, measure, drawn in _measures(pictures, held_out=held_out)
    )
    drawn = fresh(samples)
    return Evaluation(metrics, _facts(trained, pictures), _told(trained, drawn).encode(), "samples.txt")


Measure = Callable[[Scorer, Sequence[Drawn]], float]


def _measures(pictures: int, *, held_out: bool) -> list[tuple[str, Measure, list[Drawn]]]:
    things, textures = fresh(pictures, held_out=held_out), fresh_textures(pictures // 4, held_out=held_out)
    found: list[tuple[str, Measure, list[Drawn]]] = [
        ("thing of 24", named, things),
        ("colour of 8", coloured, things),
        ("texture of 8", textured, textures),
    ]
    if not held_out:
        found.append((f"own caption of {min(_ONE_OF, pictures)}", _found_again, things[:_ONE_OF]))
    return found


def fresh(count: int, *, held_out: bool = False) -> list[Drawn]:
    """Return pictures of things that no training was shown; other numbers for held-out pairs."""
    return [draw_sprite(FRESH_SEED, number + held_out * 100_000, held_out=held_out) for number in range(count)]


def fresh_textures(count: int, *, held_out: bool = False) -> list[Drawn]:
    """Return textures that no training was shown."""
    return [draw_texture(FRESH_SEED, number + held_out * 100_000, held_out=held_out) for number in range(count)]


def named(scorer: Scorer, drawn: Sequence[Drawn]) -> float:
    """Return the share of pictures whose thing is told right among all things, the colour being known."""
    return _told_right(scorer, drawn, "thing", THINGS)


def coloured(scorer: Scorer, drawn: Sequence[Drawn]) -> float:
    """Return the share of pictures whose colour is told right, the thing or texture being known."""
    return _told_right(scorer, drawn, "colour", COLOURS)


def textured(scorer: Scorer, drawn: Sequence[Drawn]) -> float:
    """Return the share of textures that are told right among all textures, the colour being known."""
    return _told_right(scorer, drawn, "texture", tuple(TEXTURES))


def _told_right(scorer: Scorer, drawn: Sequence[Drawn], field: str, words: Sequence[str]) -> float:
    """Return the share of pictures to which no other word of one field fits better than their own; ground unsaid."""
    short = [each.caption._replace(ground="", pattern="") for each in drawn]
    offered = [[caption._replace(**{field: word}).text for word in words] for caption in short]
    texts = sorted({text for row in offered for text in row})
    fits = scorer.fits([each.numbers for each in drawn], texts)
    right = 0
    for row, caption in enumerate(short):
        of_words = [float(fits[row, texts.index(text)]) for text in offered[row]]
        right += words[of_words.index(max(of_words))] == getattr(caption, field)
    return right / len(drawn)


def _found_again(scorer: Scorer, drawn: Sequence[Drawn]) -> float:
    texts = [each.caption.text for each in drawn]
    best = scorer.choices([each.numbers for each in drawn], texts)
    return sum(texts[choice] == text for choice, text in zip(best, texts, strict=True)) / len(texts)


def _facts(scorer: Scorer, pictures: int) -> dict[str, str]:
    drawn = fresh(pictures)
    images, texts = [each.numbers for each in drawn], [each.caption.text for each in drawn]
    shuffled = texts[1:] + texts[:1]
    others = [each.numbers for each in fresh(2 * pictures)[pictures:]]
    grey = [image * 0 + image[0, 0] for image in images]
    return {
        "tiny CLIP score, own captions": f"{scorer.tiny_clip_score(images, texts):.3f}",
        "tiny CLIP score, captions of others": f"{scorer.tiny_clip_score(images, shuffled):.3f}",
        "FD tiny CLIP, source and source": f"{scorer.fd_tiny_clip(images, others):.3f}",
        "FD tiny CLIP, source and bare grounds": f"{scorer.fd_tiny_clip(images, grey):.3f}",
    }


def _told(scorer: Scorer, drawn: Sequence[Drawn]) -> str:
    images, texts = [each.numbers for each in drawn], [each.caption.text for each in drawn]
    best = scorer.choices(images, texts)
    fits = scorer.score(images, texts)
    lines = (
        f"{'right' if texts[choice] == text else 'WRONG'}  {fit:.2f}  {text}"
        + ("" if texts[choice] == text else f"  was taken for  {texts[choice]}")
        for choice, fit, text in zip(best, fits, texts, strict=True)
    )
    return "\n".join(lines) + "\n"
