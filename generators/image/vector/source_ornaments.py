"""Ornaments of maps for training: compass, serpent, ship, wind, corner, cartouche, sun, tower. Ink on paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from worldloom.generators.sequence.draws import Draws

from .pen import blob, box, clip, dome, half, line, oval, poly, ring
from .program import Item, Part, Program


def ornament(wanted: Mapping[str, str], draws: Draws) -> Program:
    """Return an ornament of a kind and tint."""
    part = Part("ornament", tuple(_DRAWN[wanted["kind"]](draws)))
    return Program("ornament", dict(wanted), {}, (part,))


def _compass(draws: Draws) -> list[Item]:
    rim, hub = draws.pick((22, 25)), draws.pick((4, 6))
    return [
        ring("line", 32, 34, rim, 3),
        ring("wash", 32, 34, rim - 3, 6),
        poly("paper", (32, 34), (46, 20), (38, 34), twin=True),
        poly("paper", (32, 34), (46, 48), (38, 34), twin=True),
        poly("tint", (32, 6), (32, 34), (27, 29)),
        poly("tint.dark", (32, 6), (32, 34), (37, 29)),
        poly("tint.dark", (32, 62), (32, 34), (27, 39)),
        poly("tint", (32, 62), (32, 34), (37, 39)),
        poly("tint", (60, 34), (32, 34), (37, 29), twin=True),
        poly("tint.dark", (60, 34), (32, 34), (37, 39), twin=True),
        oval("gold", 32, 34, hub, hub),
        blob("tint", (32, 2), (32, 2), (36, 6), (34, 9), (30, 9), (28, 6)),
    ]


def _serpent(draws: Draws) -> list[Item]:
    hump = draws.pick((18, 22))
    return [
        clip(
            line("tint", 34, (6, 62), (10, hump + 8), (22, hump), (30, 40), (30, 62)),
            line("tint.light", 8, (10, 62), (13, hump + 12), (22, hump + 5), (26, 40), (26, 62)),
        ),
        clip(
            line("tint", 26, (36, 62), (38, 34), (48, 34), (50, 62)),
            line("tint.light", 6, (39, 62), (41, 39), (46, 38), (47, 62)),
        ),
        blob("tint", (2, 26), (4, 14), (14, 10), (22, 14), (24, 22), (14, 26), (8, 32)),
        oval("spark", 11, 17, 2, 2),
        oval("line", 11, 17, 1, 1),
        poly("tint.dark", (16, 12), (20, 4), (22, 14)),
        line("brick", 3, (4, 29), (1, 33)),
        blob("tint.dark", (55, 48), (60, 36), (63, 44), (60, 60), (54, 60)),
        *_sea(draws),
    ]


def _sea(draws: Draws) -> list[Item]:
    y = draws.pick((54, 56))
    return [
        line("back.sea.shade", 6, (2, y), (10, y - 4), (18, y), (26, y - 4), (34, y)),
        line("back.sea.shade", 6, (30, y + 4), (40, y), (48, y + 4), (56, y), (62, y + 4)),
        line("back.sea", 5, (8, 62), (18, 59), (28, 62)),
    ]


def _ship(draws: Draws) -> list[Item]:
    puff = draws.pick((52, 56))
    return [
        box("walnut", 21, 8, 2, 42),
        box("walnut", 40, 4, 2, 44),
        blob("tint", (26, 14), (26, 14), (16, 12), (9, 13), (9, 13), (4, 26), (10, 38), (10, 38), (26, 38), (26, 38)),
        blob("paper", (30, 9), (30, 9), (46, 8), (puff, 9), (puff, 9), (46, 22), (puff, 38), (puff, 38), (30, 37)),
        line("tint", 14, (33, 22), (46, 22)),
        poly("tint", (42, 2), (54, 5), (42, 8)),
        blob("oak", (4, 42), (4, 42), (16, 47), (44, 47), (60, 38), (60, 38), (52, 59), (14, 59)),
        line("gold", 5, (7, 46), (18, 51), (44, 51), (57, 44)),
        *(oval("walnut", x, 54, 1, 1) for x in (22, 32, 42)),
        *_sea(draws),
    ]


def _wind(draws: Draws) -> list[Item]:
    cheek = draws.pick((33, 35))
    return [
        oval("tint.light", 50, 22, 10, 9),
        oval("tint.light", 54, 38, 9, 9),
        oval("tint.light", 44, 52, 9, 8),
        oval("tint", 46, 18, 8, 7),
        oval("tint", 53, 30, 8, 8),
        blob("face", (46, 16), (32, 14), (24, 26), (18, 34), (22, 46), (36, 54), (50, 46), (54, 30)),
        oval("face.blush", cheek, 40, 6, 5),
        line("line", 5, (26, 28), (30, 26), (35, 28)),
        line("line", 4, (27, 32), (31, 34), (35, 31)),
        oval("mouth", 20, 41, 2, 3),
        line("tint.dark", 4, (15, 38), (8, 36), (2, 38)),
        line("tint.dark", 4, (15, 42), (8, 44), (2, 43)),
        line("tint.dark", 4, (16, 46), (10, 50), (4, 49)),
    ]


def _corner(draws: Draws) -> list[Item]:
    curl = draws.pick((9, 11))
    return [
        box("line", 3, 3, 58, 1),
        box("line", 3, 3, 1, 58),
        box("tint", 6, 6, 50, 2),
        box("tint", 6, 6, 2, 50),
        ring("tint", 18, 18, curl, 8),
        oval("gold", 18, 18, 4, 4),
        blob("tint.dark", (28, 14), (38, 8), (50, 12), (40, 18)),
        blob("tint.dark", (14, 28), (8, 38), (12, 50), (18, 40)),
        blob("tint.light", (26, 20), (36, 20), (40, 30), (30, 26)),
        blob("tint.light", (20, 26), (20, 36), (30, 40), (26, 30)),
    ]


def _cartouche(draws: Draws) -> list[Item]:
    tail = draws.pick((22, 25))
    return [
        poly("tint.dark", (44, 26), (62, tail), (57, 36), (62, 48), (44, 46), twin=True),
        poly("line", (44, 46), (52, 46), (44, 41), twin=True),
        dome("paper", (32, 18), (48, 18), (52, 23), (52, 23), (52, 43), (52, 43), (48, 39), (32, 38)),
        line("tint", 5, (14, 25), (18, 21), (32, 22), (46, 21), (50, 25)),
        line("tint", 5, (14, 40), (18, 36), (32, 36), (46, 36), (50, 40)),
        oval("gold", 32, 17, 3, 3),
        oval("tint", 32, 17, 1, 1),
    ]


def _sun(draws: Draws) -> list[Item]:
    disc = draws.pick((14, 16))
    return [
        *(poly("tint", *ray) for ray in (((28, 20), (36, 20), (32, 3)), ((28, 44), (36, 44), (32, 61)))),
        poly("tint", (44, 28), (44, 36), (61, 32), twin=True),
        poly("tint.dark", (38, 20), (44, 26), (53, 11), twin=True),
        poly("tint.dark", (38, 44), (44, 38), (53, 53), twin=True),
        oval("gold", 32, 32, disc, disc),
        oval("gold.light", 32, 32, disc - 3, disc - 3),
        line("line", 4, (35, 28), (38, 27), (40, 29), twin=True),
        oval("brick", 41, 34, 2, 2, twin=True),
        line("line", 4, (26, 36), (32, 41), (38, 36)),
    ]


def _tower(draws: Draws) -> list[Item]:
    door = draws.pick((4, 5))
    return [
        dome("back.sage.shade", (32, 50), (56, 50), (62, 62), (32, 62)),
        half("paper", (42, 24), (45, 56)),
        half("tint", (46, 17), (46, 24), (42, 27)),
        half("paper", (40, 12), (40, 18)),
        half("tint", (32, 2), (43, 13)),
        half("tint", (42, 34), (43, 41)),
        dome("walnut", (32, 46), (32 + door, 47), (32 + door, 56), (32 + door, 56), (32, 56)),
        half("glow", (35, 14), (35, 17)),
        oval("line", 32, 31, 1, 2),
        line("glow", 8, (48, 14), (60, 11), twin=True),
    ]


_DRAWN: dict[str, Callable[[Draws], list[Item]]] = {
    "compass": _compass,
    "serpent": _serpent,
    "ship": _ship,
    "wind": _wind,
    "corner": _corner,
    "cartouche": _cartouche,
    "sun": _sun,
    "tower": _tower,
}
