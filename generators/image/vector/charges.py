"""Charges of signs and emblems for training, each in a grid of its own. Where they stand is the composers' part."""

from __future__ import annotations

from collections.abc import Callable

from worldloom.generators.sequence.draws import Draws

from .pen import Tones, blob, box, dome, half, line, named, oval, poly, ring, tones
from .program import Item, Name, Prim


def charge(name: str, ink: str, draws: Draws) -> tuple[Prim | Name, ...]:
    """Return the shapes of a charge in an ink, after its name."""
    items: list[Item] = named(f"charge:{name}", *_DRAWN[name](tones(ink), draws))
    return tuple(item for item in items if isinstance(item, (Prim, Name)))


def _anchor(t: Tones, draws: Draws) -> list[Prim]:
    stock = draws.pick((17, 20))
    return [
        ring(t.paint, 32, 8, 7, 14),
        line(t.paint, 22, (10, 42), (14, 58), (32, 58), (50, 58), (54, 42)),
        box(t.paint, 29, 14, 6, 46),
        line(t.dark, 18, (32 - stock, 20), (32 + stock, 20)),
        poly(t.paint, (48, 44), (62, 46), (58, 32), twin=True),
        line(t.light, 5, (31, 26), (31, 54)),
    ]


def _boat(t: Tones, draws: Draws) -> list[Prim]:
    flag = draws.pick((12, 16))
    return [
        box(t.dark, 31, 3, 2, 42),
        poly(t.paint, (33, 3), (33 + flag, 6), (33, 10)),
        blob(t.light, (35, 8), (35, 8), (50, 24), (54, 42), (54, 42), (35, 41), (35, 41)),
        blob(t.paint, (29, 12), (29, 12), (18, 26), (11, 42), (11, 42), (29, 41), (29, 41)),
        half(t.paint, (61, 45), (53, 60)),
        half(t.dark, (60, 47), (58, 51)),
    ]


def _crown(t: Tones, draws: Draws) -> list[Prim]:
    gem = draws.pick((3, 4))
    return [
        half(t.paint, (32, 12), (42, 34), (60, 18), (55, 54)),
        box(t.dark, 9, 46, 46, 9),
        oval(t.light, 32, 11, 5, 5),
        oval(t.light, 59, 17, 4, 4, twin=True),
        oval(t.light, 32, 50, gem, 3),
        oval(t.light, 46, 50, gem, 3, twin=True),
    ]


def _fish(t: Tones, draws: Draws) -> list[Prim]:
    tail = draws.pick((16, 19))
    return [
        blob(t.dark, (44, 32), (60, 32 - tail), (63, 32 - tail), (57, 32), (63, 32 + tail), (60, 32 + tail)),
        blob(t.dark, (22, 22), (30, 8), (44, 12), (46, 24)),
        blob(t.paint, (1, 33), (1, 33), (16, 13), (40, 14), (54, 32), (40, 51), (16, 52)),
        line(t.dark, 7, (20, 20), (25, 32), (20, 45)),
        line(t.light, 6, (30, 40), (38, 42), (46, 36)),
        line(t.light, 6, (30, 26), (36, 24), (42, 27)),
        oval(t.light, 12, 28, 3, 3),
    ]


def _hammer(t: Tones, draws: Draws) -> list[Prim]:
    foot = draws.pick((4, 6))
    return [
        half(t.dark, (35, 20), (32 + foot, 62)),
        poly(t.paint, (8, 6), (46, 6), (50, 9), (50, 23), (46, 26), (8, 26), (5, 22), (5, 10)),
        poly(t.dark, (50, 8), (59, 4), (59, 28), (50, 24)),
        box(t.dark, 26, 3, 12, 26),
        line(t.light, 7, (9, 10), (23, 10)),
        line(t.light, 4, (32, 33), (32, 58)),
    ]


def _key(t: Tones, draws: Draws) -> list[Prim]:
    bow = draws.pick((13, 15))
    return [
        box(t.paint, 29, 26, 6, 36),
        ring(t.paint, 32, 15, bow, 26),
        oval(t.dark, 32, 15, 3, 3),
        box(t.dark, 26, 29, 12, 4),
        poly(t.paint, (35, 44), (48, 44), (48, 49), (43, 49), (43, 54), (48, 54), (48, 60), (35, 60)),
        line(t.light, 4, (31, 36), (31, 58)),
    ]


def _lantern(t: Tones, draws: Draws) -> list[Prim]:
    wide = draws.pick((13, 15))
    right = 32 + wide
    return [
        ring(t.dark, 32, 8, 7, 10),
        half("glow", (right, 20), (right, 52)),
        dome("flame", (32, 24), (32, 24), (40, 38), (37, 48), (32, 49)),
        dome("spark", (32, 34), (32, 34), (35, 42), (32, 46)),
        half(t.paint, (35, 10), (right + 3, 20), (right + 3, 23)),
        box(t.dark, right - 2, 22, 4, 32, twin=True),
        half(t.paint, (right + 3, 53), (right + 5, 60)),
    ]


def _loaf(t: Tones, draws: Draws) -> list[Prim]:
    lean = draws.pick((3, 6))
    return [
        dome(t.dark, (32, 22), (58, 20), (64 - 1, 46), (50, 54), (32, 53)),
        dome(t.paint, (32, 14), (54, 13), (63, 40), (48, 47), (32, 47)),
        line(t.light, 12, (18 - lean, 37), (17, 30), (20 + lean, 23)),
        line(t.light, 12, (32 - lean, 36), (31, 29), (34 + lean, 22)),
        line(t.light, 12, (46 - lean, 37), (45, 30), (48 + lean, 23)),
    ]


def _mug(t: Tones, draws: Draws) -> list[Prim]:
    drip = draws.pick((24, 30))
    return [
        ring(t.dark, 48, 36, 13, 20),
        poly(t.paint, (10, 18), (46, 18), (47, 60), (9, 60)),
        line(t.dark, 8, (20, 24), (20, 58)),
        line(t.dark, 8, (36, 24), (36, 58)),
        box(t.dark, 9, 51, 38, 4),
        blob(t.light, (6, 20), (6, 8), (20, 4), (34, 2), (50, 8), (50, 20), (40, 20), (38, drip), (32, drip), (28, 20)),
    ]


def _sheaf(t: Tones, draws: Draws) -> list[Prim]:
    ear = draws.pick((4, 5))
    return [
        poly(t.dark, (30, 40), (34, 40), (50, 62), (40, 62), twin=True),
        line(t.paint, 10, (32, 40), (44, 22), (54, 14), twin=True),
        line(t.paint, 10, (32, 40), (32, 12)),
        oval(t.light, 32, 9, ear, 8),
        oval(t.paint, 43, 13, ear, 8, twin=True),
        oval(t.light, 54, 16, ear, 7, twin=True),
        oval(t.paint, 49, 27, ear, 5, twin=True),
        box(t.dark, 24, 36, 16, 7),
        box(t.light, 24, 38, 16, 2),
    ]


def _star(t: Tones, draws: Draws) -> list[Prim]:
    waist = draws.pick((38, 40))
    return [
        half(t.paint, (32, 2), (waist, 23), (61, 23), (32 + waist - 28, 37), (50, 59), (32, 46)),
        poly(t.dark, (32, 2), (32, 34), (26, 23)),
        poly(t.dark, (61, 23), (32, 34), (42, 37)),
        poly(t.dark, (50, 59), (32, 34), (32, 46)),
        poly(t.dark, (14, 59), (32, 34), (22, 37)),
        poly(t.dark, (3, 23), (32, 34), (26, 23)),
    ]


def _wave(t: Tones, draws: Draws) -> list[Prim]:
    foam = draws.pick((4, 5))
    return [
        blob(t.paint, (1, 56), (4, 34), (18, 10), (44, 4), (60, 22), (54, 34), (48, 20), (36, 26), (40, 44), (63, 48)),
        blob(t.dark, (6, 54), (10, 34), (22, 18), (34, 13), (22, 28), (24, 46), (40, 54)),
        oval(t.light, 57, 26, foam, foam),
        oval(t.light, 49, 21, 4, 4),
        oval(t.light, 60, 34, 3, 3),
        blob(t.light, (1, 60), (10, 48), (20, 58), (32, 48), (44, 58), (54, 48), (63, 56), (63, 63), (32, 63), (1, 63)),
    ]


_DRAWN: dict[str, Callable[[Tones, Draws], list[Prim]]] = {
    "anchor": _anchor,
    "boat": _boat,
    "crown": _crown,
    "fish": _fish,
    "hammer": _hammer,
    "key": _key,
    "lantern": _lantern,
    "loaf": _loaf,
    "mug": _mug,
    "sheaf": _sheaf,
    "star": _star,
    "wave": _wave,
}
