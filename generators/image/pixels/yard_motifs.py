"""Pixel motifs of the yard: bucket, cart, hammer, lantern, signpost, tent, well. Measures are pixels of 32."""

from __future__ import annotations

from worldloom.generators.image.drawing import Choices

from .canvas import Canvas
from .palette import INK, RAMPS, Ramp

OAK, PINE, IRON, BRASS, CANVAS = (RAMPS[name] for name in ("oak", "pine", "iron", "brass", "canvas"))


def bucket(c: Canvas, p: Ramp, d: Choices) -> None:
    """Staves between hoops, a handle, perhaps water."""
    taper, metal = d.pick((2.0, 3.0)), d.pick((IRON, BRASS))
    handle = d.pick(("up", "down"))
    if handle == "up":
        c.arc(16, 12, 9.4, 9, (180, 360), 1.4, metal.base)
    c.drum(6, 12, 26, 28, p, taper)
    for x in (12, 20):
        c.line([(x, 13), (16 + (x - 16) * 0.8, 28)], 1, p.shadow)
    for y, inset in ((15.4, 0.2), (23.4, 0.75)):
        c.box(6 + taper * inset, y, 26 - taper * inset, y + 2, metal.base)
        c.box(6 + taper * inset, y, 14, y + 1, metal.light)
    c.oval(16, 12, 10, 3, p.light)
    c.oval(16, 12.4, 8.6, 2.2, d.pick((RAMPS["water"].base, RAMPS["water"].base, INK)))
    c.box(10, 11.8, 14, 12.6, RAMPS["water"].light)
    if handle == "down":
        c.arc(16, 12, 9.6, 8, (10, 170), 1.4, metal.light)


def cart(c: Canvas, p: Ramp, d: Choices) -> None:
    """A box on two wheels with a shaft."""
    wood, load = d.pick((OAK, PINE)), d.pick(("none", "hay", "barrels"))
    c.line([(20, 17.5), (31, 21)], 1.8, wood.base)
    if load == "hay":
        c.oval(13, 10, 9, 4.6, RAMPS["yellow"].base)
        c.oval(11.4, 8.6, 6, 2.4, RAMPS["yellow"].light)
    elif load == "barrels":
        for x in (8.0, 13.0, 18.0):
            c.ball(x, 9, 2.8, 3.6, OAK)
    c.poly([(2.6, 10), (24.4, 10), (23, 20), (4, 20)], p.base)
    c.box(2.6, 10, 24.4, 11.4, p.light)
    c.line([(3, 14.8), (24, 14.8)], 1, p.shadow)
    c.line([(3.6, 18.8), (23.6, 18.8)], 1.4, p.shadow)
    for x in (8.0, 13.5, 19.0):
        c.line([(x, 11.6), (x, 18)], 1, p.shadow)
    for x in (8.4, 20.0):
        c.oval(x, 23, 6, 6, wood.shadow)
        c.oval(x, 23, 4.6, 4.6, wood.light)
        c.line([(x - 4, 23), (x + 4, 23)], 1.2, wood.shadow)
        c.line([(x, 19), (x, 27)], 1.2, wood.shadow)
        c.oval(x, 23, 1.5, 1.5, IRON.light)


def hammer(c: Canvas, p: Ramp, d: Choices) -> None:
    """An iron head on a painted handle."""
    head, half = d.pick((IRON, IRON, BRASS)), d.pick((2.0, 2.6))
    c.box(16 - half, 12, 16 + half, 30, p.base)
    c.box(16 - half, 12, 16 - half + 1.2, 30, p.light)
    c.box(16 + half - 1, 12, 16 + half, 30, p.shadow)
    if d.pick((True, False)):
        for y in (22, 25):
            c.box(16 - half, y, 16 + half, y + 1, p.shadow)
    c.slab(9, 4, 24, 13, head)
    peen = d.pick(("claw", "block"))
    if peen == "claw":
        c.poly([(23, 4), (29.5, 6.5), (27, 11), (23, 12)], head.base)
        c.poly([(23, 4), (29.5, 6.5), (23, 6.5)], head.light)
    else:
        c.slab(24, 3, 28, 14, head)
    c.slab(4, 3, 10, 14, head)


def lantern(c: Canvas, p: Ramp, d: Choices) -> None:
    """Glass and flame in a painted frame."""
    half, roof = d.pick((7.0, 8.0)), d.pick(("cone", "dome"))
    c.arc(16, 5, 3.6, 3.6, (0, 360), 1.6, IRON.base)
    c.box(16 - half + 1, 12, 16 + half - 1, 25, RAMPS["yellow"].light)
    c.oval(16, 19, 3.4, 5, RAMPS["yellow"].gleam)
    c.poly([(16, 13.6), (18.4, 19.6), (16, 22.6), (13.6, 19.6)], RAMPS["orange"].base)
    for x in (16 - half, 16 + half - 2.4):
        c.box(x, 11, x + 2.4, 26, p.base)
        c.box(x, 11, x + 1.1, 26, p.light)
    if d.pick((True, False)):
        c.box(16 - half, 18, 16 + half, 19.2, p.shadow)
    if roof == "cone":
        c.poly([(12.6, 6), (19.4, 6), (16 + half + 2, 12.4), (14 - half, 12.4)], p.base)
        c.poly([(12.6, 6), (15, 6), (13, 12.4), (14 - half, 12.4)], p.light)
    else:
        c.oval(16, 12, half + 1.6, 6, p.base)
        c.oval(13.6, 10, half * 0.5, 2.6, p.light)
        c.box(16 - half, 12.6, 16 + half, 13.4, RAMPS["yellow"].light)
    c.slab(14 - half, 11.6, 18 + half, 13.8, p)
    c.slab(14.6 - half, 25, 17.4 + half, 28.6, p)


def signpost(c: Canvas, p: Ramp, d: Choices) -> None:
    """One or two painted boards on a post."""
    wood, second = d.pick((OAK, PINE)), d.pick((True, False))
    c.box(14.2, 3, 17.8, 30, wood.base)
    c.box(14.2, 3, 15.4, 30, wood.light)
    c.box(16.8, 3, 17.8, 30, wood.shadow)

    def board(y: float, left: float, right: float, *, points_right: bool) -> None:
        tip = [(right, y), (right + 4, y + 3.4), (right, y + 6.8)] if points_right else []
        tail = [] if points_right else [(left, y + 6.8), (left - 4, y + 3.4), (left, y)]
        near, far = [(left, y), (right, y)], [(right, y + 6.8), (left, y + 6.8)]
        c.poly([*near, *tip, *far] if points_right else [*near, *far, *tail], p.base)
        c.box(left, y, right, y + 1.2, p.light)
        c.box(left, y + 5.6, right, y + 6.8, p.shadow)
        for x in range(int(left) + 2, int(right) - 1, 3):
            c.box(x, y + 2.6, x + 1.6, y + 4, p.gleam if p.gleam != p.light else INK)

    board(5, 5, 25, points_right=True)
    if second:
        board(14, 8, 26, points_right=False)
    for x in (12.4, 19):
        c.poly([(x - 2, 30), (x, 26), (x + 2, 30)], RAMPS["green"].light)


def tent(c: Canvas, p: Ramp, d: Choices) -> None:
    """Painted cloth over a pole, open in front."""
    apex, trim = d.pick((5.0, 6.0)), d.pick((CANVAS, p, RAMPS["white"]))
    c.line([(16, 1.5), (16, apex + 2)], 1.4, OAK.base)
    c.poly([(16, 1), (22, 2.8), (16, 4.6)], p.light)
    c.poly([(16, apex), (30, 28), (2, 28)], p.base)
    c.poly([(16, apex), (8.5, 28), (2, 28)], p.light)
    c.poly([(16, apex), (30, 28), (25, 28)], p.shadow)
    if trim is not p:
        c.poly([(16, apex), (11, 28), (7.4, 28)], trim.light)
        c.poly([(16, apex), (24.6, 28), (21, 28)], trim.base)
    c.poly([(16, apex + 7), (20.6, 28), (11.4, 28)], INK)
    if d.pick((True, False)):
        c.poly([(16, apex + 7), (15, 18), (11.4, 28), (9.6, 28)], p.light)
    c.box(2, 27, 11.4, 28.4, p.shadow)
    c.box(20.6, 27, 30, 28.4, p.shadow)


def well(c: Canvas, p: Ramp, d: Choices) -> None:
    """A stone ring under a painted roof, a bucket on a rope."""
    stone, wood = RAMPS["stone"], d.pick((OAK, PINE))
    for x in (6.4, 23.2):
        c.box(x, 9, x + 2.4, 22, wood.base)
    c.box(15.5, 9, 16.5, 16, CANVAS.base)
    c.drum(13.6, 14, 18.4, 18.4, OAK)
    c.oval(16, 19.4, 11.4, 2.8, stone.light)
    c.oval(16, 19.6, 9, 1.8, INK)
    c.box(4.6, 20, 27.4, 29, stone.base)
    for row in range(3):
        y = 20.4 + row * 3
        c.box(4.6, y + 2, 27.4, y + 3, stone.shadow)
        for x in range(5 + 2 * (row % 2), 28, 5):
            c.box(x, y, x + 1, y + 2.4, stone.shadow)
            c.box(x + 1, y, x + 3, y + 1, stone.light)
    roof = d.pick(("gable", "hip"))
    top = [(16, 1.5), (30, 11), (2, 11)] if roof == "gable" else [(9, 2.5), (23, 2.5), (29.5, 11), (2.5, 11)]
    c.poly(top, p.base)
    c.poly([(16, 1.5), (10, 11), (2, 11)] if roof == "gable" else [(9, 2.5), (13, 2.5), (9, 11), (2.5, 11)], p.light)
    c.line([(7, 7.6), (25, 7.6)], 1, p.shadow)
    c.box(2.4, 10, 29.6, 11.4, p.shadow)
