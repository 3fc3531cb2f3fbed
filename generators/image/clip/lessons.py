"""What the dual encoder is shown and how it is scored: pictures and captions in groups that differ in one word."""

from __future__ import annotations

from typing import Any, NamedTuple

from worldloom.generators.image.drawing import Choices
from worldloom.generators.image.pixels.captions import Caption, tokens
from worldloom.generators.image.pixels.palette import RAMPS
from worldloom.generators.image.pixels.source import Drawn, draw_sprite, draw_texture, sprite, with_another
from worldloom.generators.image.pixels.textures import texture

from .model import pixel_values

GROUP = 4
"""Pictures of a group: alike but for one word (of thing, colour, ground, pattern), which is what must be told apart."""
TEXTURES_IN = 4
"""One group in so many is of textures."""


class Lesson(NamedTuple):
    """A batch: pictures (rows x 3 x 32 x 32, -1 to 1), words (rows x LENGTH), and which pairs must not count.

    `ignored[i, j]` is true where caption j is true of picture i and is not its own.
    """

    pictures: Any
    words: Any
    ignored: Any


def lesson(seed: int, rows: int, step: int) -> Lesson:
    """Return what a step is shown, a pure function of its arguments."""
    import torch  # noqa: PLC0415  (heavy: only where a model is trained)

    drawn = shown(seed, rows, step)
    said = [_said(each.caption, Choices(step * rows + row, f"told/{seed}")) for row, each in enumerate(drawn)]
    ignored = [
        [i != j and true_of(caption, each.caption) for j, caption in enumerate(said)] for i, each in enumerate(drawn)
    ]
    return Lesson(
        pixel_values([each.numbers for each in drawn]),
        torch.tensor([tokens(caption.text) for caption in said]),
        torch.tensor(ignored),
    )


def shown(seed: int, rows: int, step: int) -> list[Drawn]:
    """Return the pictures of a step, in groups."""
    drawn: list[Drawn] = []
    for number in range(step * rows // GROUP, (step + 1) * rows // GROUP):
        drawn += _group(seed, number)
    return drawn


def _group(seed: int, number: int) -> list[Drawn]:
    of_textures = number % TEXTURES_IN == 0
    first = (draw_texture if of_textures else draw_sprite)(seed, number)
    d = Choices(number, f"group/{seed}")
    field = d.pick(
        ("texture", "colour") if of_textures else ("thing", "thing", "colour", "colour", "ground", "pattern")
    )
    drawn = [first]
    for caption in with_another(first.caption, field, GROUP - 1, d):
        numbers = texture(caption.texture, RAMPS[caption.colour], d) if of_textures else sprite(caption, d)
        drawn.append(Drawn(numbers, caption))
    return drawn


def _said(caption: Caption, d: Choices) -> Caption:
    """Return the caption, whole or with its ground left unsaid."""
    if caption.texture or d.pick((True, True, False)):
        return caption
    return caption._replace(ground="", pattern="")


def true_of(said: Caption, shown_: Caption) -> bool:
    """Whether everything that one caption says is so in a picture that the other describes in full."""
    return all(not word or word == real for word, real in zip(said, shown_, strict=True))


def contrastive_loss(model: Any, given: Lesson) -> Any:
    """Return the mean of both cross entropies: captions of a picture, pictures of a caption."""
    import torch  # noqa: PLC0415

    out = model(input_ids=given.words, pixel_values=given.pictures)
    logits = out.logits_per_image.masked_fill(given.ignored, -1e4)
    own = torch.arange(len(logits), device=logits.device)
    entropy = torch.nn.functional.cross_entropy
    return (entropy(logits, own) + entropy(logits.T, own)) / 2
