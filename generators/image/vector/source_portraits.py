"""Portraits for training: how a hand would draw a villager of given attributes. Draws no portrait of a run."""

from __future__ import annotations

from collections.abc import Mapping

from worldloom.generators.sequence.draws import Draws

from .pen import blob, box, dome, line, oval
from .portrait_clothes import clothes
from .portrait_faces import brows, eyes, head, mouth, neck, nose, traces
from .portrait_hair import beard, before, behind
from .portrait_hats import hat
from .program import Item, Part, Program
from .sitter import sit


def portrait(wanted: Mapping[str, str], draws: Draws) -> Program:
    """Return a portrait of all five attributes; the plan and what it leaves open are taken from `draws`."""
    s = sit(wanted, draws)
    worn = clothes(s)
    collar = [("collar", worn.over)]
    hooded = s.plan["hat"] == "hood"  # whose fleece lies over it
    drawn = [
        ("scene", _scene(s.plan["scene"])),
        ("mane", behind(s)),
        ("garb", worn.under),
        ("neck", neck(s)),
        *([] if hooded else collar),
        ("head", head(s)),
        ("traces", traces(s)),
        ("whiskers", beard(s)),
        ("mouth", mouth(s)),
        ("nose", nose(s)),
        ("eyes", eyes(s)),
        ("brows", brows(s)),
        ("locks", before(s)),
        ("hat", hat(s)),
        *(collar if hooded else []),
        ("tools", worn.front),
    ]
    parts = tuple(Part(name, tuple(items)) for name, items in drawn if items)
    return Program("portrait", dict(wanted), s.plan, parts)


def _scene(kind: str) -> list[Item]:
    ground = box("back", 1, 1, 62, 62)
    match kind:
        case "disc":
            return [ground, oval("back.light", 32, 32, 27, 27)]
        case "sea":
            return [
                ground,
                oval("back.sun", 51, 15, 5, 5),
                box("back.sea.shade", 1, 40, 62, 23),
                line("back.sea.light", 3, (2, 46), (8, 44), (14, 46)),
                line("back.sea.light", 3, (50, 50), (56, 48), (62, 50)),
            ]
        case "hills":
            return [
                ground,
                blob("back.sage.shade", (1, 63), (1, 34), (16, 26), (34, 46), (50, 63)),
                blob("back.sage", (20, 63), (40, 44), (54, 30), (63, 40), (63, 63)),
            ]
        case _:
            return [
                ground,
                dome("back.light", (32, 3), (56, 3), (57, 30), (57, 63), (57, 63), (32, 63)),
                dome("back.shade", (32, 7), (52, 7), (53, 30), (53, 63), (53, 63), (32, 63)),
            ]
