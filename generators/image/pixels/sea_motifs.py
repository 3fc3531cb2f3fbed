"""Pixel motifs of the shore: anchor, barrel, basket, boat, fish, float, oar, crate. Measures are pixels of 32."""

from __future__ import annotations

from worldloom.generators.image.drawing import Choices

from .canvas import Canvas
from .palette import INK, RAMPS, Ramp

OAK, PINE, IRON, BRASS, CANVAS = (RAMPS[name] for name in ("oak", "pine", "iron", "brass", "canvas"))


def anchor(c: Canvas, p: Ramp, d: Choices) -> None:
    """Ring, stock, stem, two flukes."""
    wide, stock = d.pick((9.0, 10.0, 11.0)), d.pick((10.0, 11.0))
    c.arc(16, 17, wide, 10.5, (12, 168), 3.6, p.base)
    for side in (-1, 1):
        tip = 16 + side * wide
        c.poly([(tip - 4, 21), (tip + 3.2, 21.5), (tip + side * 1.2, 14.5)], p.base)
    c.arc(16, 16.5, wide - 0.5, 9.4, (40, 140), 1, p.light)
    c.box(14.4, 8, 17.6, 27, p.base)
    c.box(14.4, 8, 15.6, 27, p.light)
    c.box(16.8, 9, 17.6, 26, p.shadow)
    c.slab(16 - stock + 3, 10, 16 + stock - 3, 13, d.pick((OAK, p, IRON)))
    c.arc(16, 6, 3.6, 3.6, (0, 360), 1.8, d.pick((p, IRON)).base)
    if d.pick((True, False)):
        c.line([(17, 16), (14.4, 18.5)], 1, CANVAS.base)
        c.line([(17, 19), (14.4, 21.5)], 1, CANVAS.base)


def barrel(c: Canvas, p: Ramp, d: Choices) -> None:
    """Bulging staves between two hoops."""
    high, belly = d.pick((5.0, 6.0, 7.0)), d.pick((10.0, 11.0))
    hoop = d.pick((IRON, BRASS, OAK))
    c.poly([(9, high), (23, high), (16 + belly, 17), (23, 28), (9, 28), (16 - belly, 17)], p.base)
    c.poly([(18, high), (23, high), (16 + belly, 17), (23, 28), (18, 28), (20.5, 17)], p.shadow)
    c.poly([(10, high + 1), (13, high + 1), (12, 17), (13, 28), (10, 28), (7, 17)], p.light)
    for x, bend in ((14, 13.2), (18, 18.8)):
        c.line([(x, high), (bend, 17), (x, 28)], 1, p.shadow)
    for y, reach in ((10.0, 9.0), (22.0, 9.0)):
        c.box(16 - reach - 1, y, 16 + reach + 1, y + 2.2, hoop.base)
        c.box(16 - reach, y, 13, y + 1, hoop.light)
    c.oval(16, high + 0.5, 7, 2.2, p.shadow)
    c.oval(16, high + 0.7, 5.8, 1.5, d.pick((PINE.base, p.light, RAMPS["water"].base)))
    if d.pick((True, False)):
        c.oval(16, 17.5, 1.6, 1.6, OAK.shadow)


def basket(c: Canvas, p: Ramp, d: Choices) -> None:
    """Woven bowl with a handle, perhaps full."""
    rim, foot = d.pick((11.0, 12.0)), d.pick((7.0, 8.0))
    c.arc(16, 16, rim - 2, d.pick((10.0, 11.0)), (180, 360), 2, PINE.base)
    load = d.pick(("none", "loaf", "fish"))
    if load != "none":
        fill = RAMPS["crust"] if load == "loaf" else RAMPS["iron"]
        for x in (11.5, 16.5, 20.5):
            c.ball(x, 15, 3.6, 3.4, fill)
    c.poly([(16 - rim, 16), (16 + rim, 16), (16 + foot, 27), (16 - foot, 27)], p.base)
    for row in range(3):
        y = 18 + row * 3
        for column in range(-4, 5):
            x = 16 + column * 2.6 + (1.3 if row % 2 else 0)
            if abs(x - 16) < rim - 2 - row:
                c.box(x - 0.8, y, x + 0.8, y + 2, p.light if (row + column) % 2 else p.shadow)
    c.slab(16 - rim - 1, 14.6, 16 + rim + 1, 17.4, PINE)


def boat(c: Canvas, p: Ramp, d: Choices) -> None:
    """Hull, mast and a sail."""
    mast, stripe = d.pick((14.0, 16.0)), d.pick((CANVAS, p, RAMPS["white"]))
    sail = d.pick((CANVAS, RAMPS["white"]))
    c.box(mast - 0.8, 3, mast + 0.8, 22, OAK.base)
    c.poly([(mast + 1.4, 4), (mast + 10, 19), (mast + 1.4, 19)], sail.base)
    c.poly([(mast + 1.4, 4), (mast + 4, 8.6), (mast + 3, 19), (mast + 1.4, 19)], sail.light)
    if d.pick((True, False)):
        c.poly([(mast - 1.4, 7), (mast - 8, 19), (mast - 1.4, 19)], sail.light)
    c.poly([(mast, 2), (mast + 5, 3.5), (mast, 5)], p.light)
    c.poly([(2, 20), (30, 20), (26, 28), (7, 28)], p.base)
    c.poly([(4.5, 24.5), (28, 24.5), (26, 28), (7, 28)], p.shadow)
    c.box(2, 20, 30, 22, stripe.light)
    c.poly([(2, 20), (9, 20), (8, 22), (3, 22)], stripe.gleam)


def fish(c: Canvas, p: Ramp, d: Choices) -> None:
    """Body, belly, tail, fins, eye."""
    tall, belly = d.pick((6.0, 7.0, 8.0)), d.pick((CANVAS, p, RAMPS["white"]))
    c.poly([(22, 16), (30, 16 - tall), (28, 16), (30, 16 + tall)], p.base)
    c.line([(24, 16), (28.6, 11)], 1, p.light)
    c.line([(24, 16), (28.6, 21)], 1, p.shadow)
    c.poly([(11, 11), (16, 16 - tall - 3), (20, 11)], p.shadow)
    c.oval(13.5, 16, 11, tall, p.base)
    c.oval(13.5, 18.6, 9, tall - 3, belly.light)
    c.oval(13.5, 15.2, 10.4, tall - 2, p.base)
    c.oval(12, 13.2, 6, tall * 0.36, p.light)
    if d.pick((True, False)):
        for x in (13, 16.5, 20):
            c.arc(x - 2, 16, 2.4, 3, (-60, 60), 1, p.shadow)
    c.arc(5, 16, 5, 5, (-40, 40), 1, p.shadow)
    c.oval(6.6, 14.2, 1.7, 1.7, RAMPS["white"].gleam)
    c.oval(6.4, 14.4, 1, 1, INK)


def float_(c: Canvas, p: Ramp, d: Choices) -> None:
    """A fishing float: a ball with a band, a stick and a ring."""
    radius = d.pick((8.0, 9.0, 10.0))
    c.box(15.1, 1.5, 16.9, 30, PINE.base)
    c.ball(16, 17, radius, radius, p)
    band = d.pick(("middle", "low", "none"))
    if band != "none":
        y = 16 if band == "middle" else 20
        half = (radius**2 - (y - 15.6) ** 2) ** 0.5 - 0.4
        c.box(16 - half, y, 16 + half, y + 3, RAMPS["white"].light)
        c.box(16 + half * 0.4, y, 16 + half, y + 3, RAMPS["white"].shadow)
    c.box(14, 17 - radius - 1, 18, 17 - radius + 1, d.pick((BRASS, IRON)).base)
    c.arc(16, 3.4, 2.4, 2.4, (0, 360), 1.2, IRON.light)


def oar(c: Canvas, p: Ramp, d: Choices) -> None:
    """A shaft across the picture and a painted blade."""
    wide = d.pick((4.0, 4.6, 5.2))
    c.line([(4, 28), (20, 12)], 2.6, PINE.base)
    c.line([(4, 27.2), (20, 11.2)], 1, PINE.light)
    c.poly(
        [(16, 12.5), (24 - wide, 5), (27.5 - wide * 0.4, 2.5), (29.5, 4.5 + wide * 0.4), (27, 8 + wide), (19.5, 16)],
        p.base,
    )
    c.poly([(16.5, 12.5), (24 - wide, 5), (27.5 - wide * 0.4, 2.5), (25, 6.5)], p.light)
    c.line([(18.5, 13.5), (27, 5)], 1, p.shadow)
    if d.pick((True, False)):
        c.line([(15, 14), (18, 17)], 1.6, CANVAS.light)
    c.oval(4.6, 27.4, 2.2, 2.2, d.pick((p, OAK)).base)


def crate(c: Canvas, p: Ramp, d: Choices) -> None:
    """Boards in a frame with a brace."""
    left, top = d.pick((4.0, 5.0)), d.pick((5.0, 7.0))
    frame = d.pick((p, p, OAK))
    c.box(left, top, 32 - left, 28, p.base)
    step = (28 - top) / 4
    for row in range(4):
        y = top + row * step
        c.box(left, y, 32 - left, y + 1, p.light)
        c.box(left, y + step - 1, 32 - left, y + step, p.shadow)
    brace = d.pick(("none", "rise", "fall", "both"))
    if brace in ("rise", "both"):
        c.line([(left + 2, 26), (30 - left, top + 2)], 3, frame.light)
    if brace in ("fall", "both"):
        c.line([(left + 2, top + 2), (30 - left, 26)], 3, frame.light)
    c.slab(left - 0.6, top - 0.6, 32.6 - left, top + 2.8, frame)
    c.slab(left - 0.6, 25.2, 32.6 - left, 28.6, frame)
    for x in (left - 0.6, 29 - left):
        c.box(x, top, x + 3.6, 28.6, frame.base)
        c.box(x, top, x + 1, 28.6, frame.light)
        c.oval(x + 1.9, top + 1.6, 0.8, 0.8, IRON.shadow)
        c.oval(x + 1.9, 26.6, 0.8, 0.8, IRON.shadow)
