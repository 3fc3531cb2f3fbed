"""Portraits for training: how a hand would draw a villager of given attributes. Draws no portrait of a run."""

from __future__ import annotations

from collections.abc import Mapping

from worldloom.generators.sequence.draws import Draws

from .pen import blob, box, dome, line, named, oval
from .portrait_clothes import clothes
from .portrait_faces import brows, eyes, head, mouth, neck, nose, traces
from .portrait_hair import beard, before, behind, style_of
from .portrait_hats import hat, hat_of
from .program import Item, Program
from .sitter import sit

_HEADS_COVERED = ("ribbon", "none")


def portrait(wanted: Mapping[str, str], draws: Draws) -> Program:
    """Return a portrait of all five attributes; what is left open is taken from `draws`."""
    scene = _background(draws)
    s = sit(wanted, draws)
    covering = hat_of(s)
    style = style_of(s, covered=covering not in _HEADS_COVERED)
    under, over, front = clothes(s)
    whiskers = beard(s)
    hood = covering == "hood"
    items = [
        *scene,
        *behind(s, style),
        *under,
        *neck(s),
        *([] if hood else over),
        *head(s),
        *traces(s),
        *whiskers,
        *mouth(s, bearded=bool(whiskers)),
        *nose(s),
        *eyes(s),
        *brows(s),
        *before(s, style),
        *hat(s, covering),
        *(over if hood else []),
        *front,
    ]
    return Program("portrait", dict(wanted), tuple(items))


def _background(draws: Draws) -> list[Item]:
    tone = draws.pick(("back.sand", "back.sea", "back.sky", "back.rose", "back.sage", "back.lilac"))
    ground = box(tone, 1, 1, 62, 62)
    kind = draws.pick(("disc", "sea", "hills", "arch"))
    match kind:
        case "disc":
            more: list[Item] = [oval(f"{tone}.light", 32, 32, 27, 27)]
        case "sea":
            more = [
                oval("back.sun", 51, 15, 5, 5),
                box("back.sea.shade", 1, 40, 62, 23),
                line("back.sea.light", 3, (2, 46), (8, 44), (14, 46)),
                line("back.sea.light", 3, (50, 50), (56, 48), (62, 50)),
            ]
        case "hills":
            more = [
                blob("back.sage.shade", (1, 63), (1, 34), (16, 26), (34, 46), (50, 63)),
                blob("back.sage", (20, 63), (40, 44), (54, 30), (63, 40), (63, 63)),
            ]
        case _:
            more = [
                dome(f"{tone}.light", (32, 3), (56, 3), (57, 30), (57, 63), (57, 63), (32, 63)),
                dome(f"{tone}.shade", (32, 7), (52, 7), (53, 30), (53, 63), (53, 63), (32, 63)),
            ]
    return named(f"back:{kind}", ground, *more)
