"""Charges of signs and emblems for training, each in a grid of its own. Where they stand is the composers' part."""

from __future__ import annotations

from collections.abc import Callable

from worldloom.generators.sequence.draws import Draws

from .pen import blob, box, dome, half, line, oval, poly, ring
from .program import Prim


def charge(name: str, draws: Draws) -> tuple[Prim, ...]:
    """Return the shapes of a charge, painted in tones of the picture's ink."""
    return tuple(_DRAWN[name](draws))


def _anchor(draws: Draws) -> list[Prim]:
    stock = draws.pick((17, 20))
    return [
        ring("ink", 32, 8, 7, 14),
        line("ink", 22, (10, 42), (14, 58), (32, 58), (50, 58), (54, 42)),
        box("ink", 29, 14, 6, 46),
        line("ink.dark", 18, (32 - stock, 20), (32 + stock, 20)),
        poly("ink", (48, 44), (62, 46), (58, 32), twin=True),
        line("ink.light", 5, (31, 26), (31, 54)),
    ]


def _boat(draws: Draws) -> list[Prim]:
    flag = draws.pick((12, 16))
    return [
        box("ink.dark", 31, 3, 2, 42),
        poly("ink", (33, 3), (33 + flag, 6), (33, 10)),
        blob("ink.light", (35, 8), (35, 8), (50, 24), (54, 42), (54, 42), (35, 41), (35, 41)),
        blob("ink", (29, 12), (29, 12), (18, 26), (11, 42), (11, 42), (29, 41), (29, 41)),
        half("ink", (61, 45), (53, 60)),
        half("ink.dark", (60, 47), (58, 51)),
    ]


def _crown(draws: Draws) -> list[Prim]:
    gem = draws.pick((3, 4))
    return [
        half("ink", (32, 12), (42, 34), (60, 18), (55, 54)),
        box("ink.dark", 9, 46, 46, 9),
        oval("ink.light", 32, 11, 5, 5),
        oval("ink.light", 59, 17, 4, 4, twin=True),
        oval("ink.light", 32, 50, gem, 3),
        oval("ink.light", 46, 50, gem, 3, twin=True),
    ]


def _fish(draws: Draws) -> list[Prim]:
    tail = draws.pick((16, 19))
    return [
        blob("ink.dark", (44, 32), (60, 32 - tail), (63, 32 - tail), (57, 32), (63, 32 + tail), (60, 32 + tail)),
        blob("ink.dark", (22, 22), (30, 8), (44, 12), (46, 24)),
        blob("ink", (1, 33), (1, 33), (16, 13), (40, 14), (54, 32), (40, 51), (16, 52)),
        line("ink.dark", 7, (20, 20), (25, 32), (20, 45)),
        line("ink.light", 6, (30, 40), (38, 42), (46, 36)),
        line("ink.light", 6, (30, 26), (36, 24), (42, 27)),
        oval("ink.light", 12, 28, 3, 3),
    ]


def _hammer(draws: Draws) -> list[Prim]:
    foot = draws.pick((4, 6))
    return [
        half("ink.dark", (35, 20), (32 + foot, 62)),
        poly("ink", (8, 6), (46, 6), (50, 9), (50, 23), (46, 26), (8, 26), (5, 22), (5, 10)),
        poly("ink.dark", (50, 8), (59, 4), (59, 28), (50, 24)),
        box("ink.dark", 26, 3, 12, 26),
        line("ink.light", 7, (9, 10), (23, 10)),
        line("ink.light", 4, (32, 33), (32, 58)),
    ]


def _key(draws: Draws) -> list[Prim]:
    bow = draws.pick((13, 15))
    return [
        box("ink", 29, 26, 6, 36),
        ring("ink", 32, 15, bow, 26),
        oval("ink.dark", 32, 15, 3, 3),
        box("ink.dark", 26, 29, 12, 4),
        poly("ink", (35, 44), (48, 44), (48, 49), (43, 49), (43, 54), (48, 54), (48, 60), (35, 60)),
        line("ink.light", 4, (31, 36), (31, 58)),
    ]


def _lantern(draws: Draws) -> list[Prim]:
    wide = draws.pick((13, 15))
    right = 32 + wide
    return [
        ring("ink.dark", 32, 8, 7, 10),
        half("glow", (right, 20), (right, 52)),
        dome("flame", (32, 24), (32, 24), (40, 38), (37, 48), (32, 49)),
        dome("spark", (32, 34), (32, 34), (35, 42), (32, 46)),
        half("ink", (35, 10), (right + 3, 20), (right + 3, 23)),
        box("ink.dark", right - 2, 22, 4, 32, twin=True),
        half("ink", (right + 3, 53), (right + 5, 60)),
    ]


def _loaf(draws: Draws) -> list[Prim]:
    lean = draws.pick((3, 6))
    return [
        dome("ink.dark", (32, 22), (58, 20), (64 - 1, 46), (50, 54), (32, 53)),
        dome("ink", (32, 14), (54, 13), (63, 40), (48, 47), (32, 47)),
        line("ink.light", 12, (18 - lean, 37), (17, 30), (20 + lean, 23)),
        line("ink.light", 12, (32 - lean, 36), (31, 29), (34 + lean, 22)),
        line("ink.light", 12, (46 - lean, 37), (45, 30), (48 + lean, 23)),
    ]


def _mug(draws: Draws) -> list[Prim]:
    drip = draws.pick((24, 30))
    drops = (38, drip), (32, drip)
    return [
        ring("ink.dark", 48, 36, 13, 20),
        poly("ink", (10, 18), (46, 18), (47, 60), (9, 60)),
        line("ink.dark", 8, (20, 24), (20, 58)),
        line("ink.dark", 8, (36, 24), (36, 58)),
        box("ink.dark", 9, 51, 38, 4),
        blob(
            "ink.light",
            (6, 20),
            (6, 8),
            (20, 4),
            (34, 2),
            (50, 8),
            (50, 20),
            (40, 20),
            *drops,
            (28, 20),
        ),
    ]


def _sheaf(draws: Draws) -> list[Prim]:
    ear = draws.pick((4, 5))
    return [
        poly("ink.dark", (30, 40), (34, 40), (50, 62), (40, 62), twin=True),
        line("ink", 10, (32, 40), (44, 22), (54, 14), twin=True),
        line("ink", 10, (32, 40), (32, 12)),
        oval("ink.light", 32, 9, ear, 8),
        oval("ink", 43, 13, ear, 8, twin=True),
        oval("ink.light", 54, 16, ear, 7, twin=True),
        oval("ink", 49, 27, ear, 5, twin=True),
        box("ink.dark", 24, 36, 16, 7),
        box("ink.light", 24, 38, 16, 2),
    ]


def _star(draws: Draws) -> list[Prim]:
    waist = draws.pick((38, 40))
    return [
        half("ink", (32, 2), (waist, 23), (61, 23), (32 + waist - 28, 37), (50, 59), (32, 46)),
        poly("ink.dark", (32, 2), (32, 34), (26, 23)),
        poly("ink.dark", (61, 23), (32, 34), (42, 37)),
        poly("ink.dark", (50, 59), (32, 34), (32, 46)),
        poly("ink.dark", (14, 59), (32, 34), (22, 37)),
        poly("ink.dark", (3, 23), (32, 34), (26, 23)),
    ]


def _wave(draws: Draws) -> list[Prim]:
    foam = draws.pick((4, 5))
    foot = (63, 63), (32, 63), (1, 63)
    return [
        blob("ink", (1, 56), (4, 34), (18, 10), (44, 4), (60, 22), (54, 34), (48, 20), (36, 26), (40, 44), (63, 48)),
        blob("ink.dark", (6, 54), (10, 34), (22, 18), (34, 13), (22, 28), (24, 46), (40, 54)),
        oval("ink.light", 57, 26, foam, foam),
        oval("ink.light", 49, 21, 4, 4),
        oval("ink.light", 60, 34, 3, 3),
        blob(
            "ink.light",
            (1, 60),
            (10, 48),
            (20, 58),
            (32, 48),
            (44, 58),
            (54, 48),
            (63, 56),
            *foot,
        ),
    ]


_DRAWN: dict[str, Callable[[Draws], list[Prim]]] = {
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
