"""Seeded pixel pictures with their captions: training data of diffusion and dual encoder. Makes no picture of a run."""

from __future__ import annotations

from typing import Any, NamedTuple

from worldloom.generators.image.drawing import Choices
from worldloom.generators.vocabulary import COLOURS, THINGS

from .canvas import Canvas
from .captions import Caption
from .grounds import PATTERNS, composed, ground
from .motifs import MOTIFS
from .palette import GROUNDS, RAMPS
from .textures import TEXTURES, texture

VERSION = 1
"""Raise when a recipe changes: weights name the version they were trained on."""
HELD_OUT: frozenset[tuple[str, str]] = frozenset(
    (name, COLOURS[(3 * number + 1) % len(COLOURS)]) for number, name in enumerate((*THINGS, *TEXTURES))
)
"""Thing (or texture) and colour pairs that training never shows: they test composition, one colour of each."""
_FLIPPED = ("fish", "mug", "oar", "cart", "boat", "hammer", "tent")
_MIDDLE = (0.0, 0.0)


class Drawn(NamedTuple):
    """A picture as 32 x 32 palette numbers (uint8), and what it shows."""

    numbers: Any
    caption: Caption


def draw_sprite(seed: int, number: int, *, held_out: bool = False) -> Drawn:
    """Return picture `number` of a seed: a thing on a ground. `held_out` asks for a pair that training never shows."""
    d = Choices(number, f"sprite/{VERSION}/{seed}")
    name = d.pick(THINGS)
    colour = d.pick(_colours(name, held_out=held_out))
    caption = Caption(name, colour, d.pick(tuple(GROUNDS)), d.pick(("plain", *PATTERNS)))
    return Drawn(sprite(caption, d), caption)


def draw_texture(seed: int, number: int, *, held_out: bool = False) -> Drawn:
    """Return texture `number` of a seed; `held_out` as in `draw_sprite`."""
    d = Choices(number, f"texture/{VERSION}/{seed}")
    name = d.pick(tuple(TEXTURES))
    caption = Caption(texture=name, colour=d.pick(_colours(name, held_out=held_out)))
    return Drawn(texture(name, RAMPS[caption.colour], d), caption)


def _colours(name: str, *, held_out: bool) -> tuple[str, ...]:
    return tuple(colour for colour in COLOURS if ((name, colour) in HELD_OUT) == held_out)


def sprite(caption: Caption, d: Choices) -> Any:
    """Return palette numbers of a full caption's thing, its free choices taken from `d`."""
    shift = _MIDDLE if d.pick((True, False)) else (d.pick((-1.0, 0.0, 1.0)), d.pick((-1.0, 0.0, 1.0)))
    canvas = Canvas(d.pick((0.86, 0.94)), shift, flip=caption.thing in _FLIPPED and d.pick((True, False)))
    MOTIFS[caption.thing](canvas, RAMPS[caption.colour], d)
    behind = ground(caption.ground, caption.pattern, d)
    return composed(behind, canvas.finished(), caption.ground)


def partly(caption: Caption, d: Choices) -> Caption:
    """Return the caption with some of it left unsaid: nothing of it one time in ten."""
    if d.pick(range(10)) == 0:
        return Caption()
    if caption.texture:
        return caption._replace(colour="") if d.pick(range(8)) == 0 else caption
    said = d.pick(("all", "all", "all", "thing and colour", "no pattern", "no colour"))
    if said == "all":
        return caption
    if said == "no colour":
        return caption._replace(colour="")
    return caption._replace(pattern="") if said == "no pattern" else caption._replace(ground="", pattern="")


def with_another(caption: Caption, field: str, count: int, d: Choices) -> list[Caption]:
    """Return `count` different captions that differ from a full one in one field only, none of them held out."""
    words = {"thing": THINGS, "texture": tuple(TEXTURES), "colour": COLOURS, "ground": tuple(GROUNDS)}
    others: list[str] = [word for word in words.get(field, PATTERNS) if word != getattr(caption, field)]
    found: list[Caption] = []
    while len(found) < count:
        word = d.pick(others)
        others.remove(word)
        changed = caption._replace(**{field: word})
        if (changed.thing or changed.texture, changed.colour) not in HELD_OUT:
            found.append(changed)
    return found
