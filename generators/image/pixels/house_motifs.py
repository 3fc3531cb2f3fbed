"""Pixel motifs of the house: bench, candle, chair, chest, loaf, mug, pot, stool, table. Measures are pixels of 32."""

from __future__ import annotations

from worldloom.generators.image.drawing import Choices

from .canvas import Canvas
from .palette import INK, RAMPS, Ramp

OAK, PINE, IRON, BRASS, CANVAS = (RAMPS[name] for name in ("oak", "pine", "iron", "brass", "canvas"))


def bench(c: Canvas, p: Ramp, d: Choices) -> None:
    """A long seat on two legs, perhaps with a back."""
    wood, back = d.pick((OAK, PINE)), d.pick((True, False))
    if back:
        for x in (5, 24.6):
            c.box(x, 8, x + 2.4, 20, wood.base)
        c.slab(3, 8, 29, 13.4, p)
    for x in (6, 23):
        c.box(x, 19, x + 3, 28, wood.base)
        c.box(x + 2, 20, x + 3, 28, wood.shadow)
    c.box(8, 23.4, 24, 25.2, wood.shadow)
    c.poly([(4, 15.5), (28, 15.5), (30, 19), (2, 19)], p.light)
    c.slab(2, 18, 30, 21.6, p)
    c.box(2, 18, 29, 19, p.gleam if back else p.light)


def candle(c: Canvas, p: Ramp, d: Choices) -> None:
    """Wax and flame on a dish."""
    top, half = d.pick((11.0, 13.0)), d.pick((3.6, 4.4))
    metal = d.pick((BRASS, IRON))
    c.arc(24.5, 25, 3.6, 3, (0, 360), 1.4, metal.base)
    c.oval(16, 26, 10.5, 3.4, metal.shadow)
    c.oval(16, 25, 10.5, 3, metal.base)
    c.oval(14, 24.6, 7, 1.8, metal.light)
    c.drum(16 - half, top, 16 + half, 25.4, p)
    c.oval(16, top, half, 1.4, p.light)
    if d.pick((True, False)):
        c.box(16 - half, top, 16 - half + 1.6, top + 5, p.gleam)
    c.box(15.6, top - 2.5, 16.4, top, INK)
    c.poly(
        [(16, top - 10.5), (19, top - 4.4), (17.4, top - 1.2), (14.6, top - 1.2), (13, top - 4.4)], RAMPS["orange"].base
    )
    c.poly(
        [(16, top - 8), (17.8, top - 4), (16.8, top - 1.6), (15.2, top - 1.6), (14.2, top - 4)], RAMPS["yellow"].light
    )


def chair(c: Canvas, p: Ramp, d: Choices) -> None:
    """A chair seen from a little to the right."""
    wood, top = d.pick((OAK, PINE)), d.pick((3.0, 4.0))
    for x in (8, 20.4):
        c.box(x, top, x + 2.6, 28, wood.base)
        c.box(x + 1.6, top, x + 2.6, 28, wood.shadow)
    rails = d.pick((2, 3))
    for row in range(rails):
        y = top + 1.2 + row * (12 / rails)
        c.slab(8, y, 23, y + 10 / rails - 0.6, p)
    for x in (5, 23.4):
        c.box(x, 20, x + 2.6, 30, wood.base)
    c.box(6, 25, 25, 26.4, wood.shadow)
    c.poly([(8, 16), (23, 16), (27, 20.4), (5, 20.4)], p.light)
    c.slab(5, 19.6, 27, 22.6, p)


def chest(c: Canvas, p: Ramp, d: Choices) -> None:
    """A box with a round lid, bands and a lock."""
    metal, lid = d.pick((IRON, BRASS)), d.pick((8.0, 9.0))
    c.box(4, 15, 28, 27, p.base)
    c.box(4, 21, 28, 22, p.shadow)
    c.box(4, 25.6, 28, 27, p.shadow)
    c.oval(16, 15, 12, lid, p.base)
    c.oval(14.4, 12.4, 8.4, lid * 0.5, p.light)
    c.box(4, 15, 28, 27, p.base)
    c.box(4, 20.4, 28, 21.4, p.shadow)
    c.box(4, 25.4, 28, 27, p.shadow)
    c.box(3.4, 14, 28.6, 16, metal.shadow)
    for x in (6, 23.4):
        c.box(x, 9, x + 2.6, 27, metal.base)
        c.box(x, 9, x + 1, 27, metal.light)
    c.box(13.4, 13.4, 18.6, 19.6, BRASS.base)
    c.box(13.4, 13.4, 18.6, 14.6, BRASS.light)
    c.oval(16, 16.6, 1.1, 1.1, INK)


def loaf(c: Canvas, p: Ramp, d: Choices) -> None:
    """Bread on a cloth."""
    crust, long = RAMPS["crust"], d.pick((10.0, 11.0))
    c.poly([(2, 22), (8, 18), (24, 18), (30, 22), (26, 28), (6, 28)], p.base)
    c.poly([(2, 22), (8, 18), (24, 18), (22, 20), (9, 20)], p.light)
    if d.pick((True, False)):
        for x in (7, 13, 19, 25):
            c.line([(x, 20), (x - 1, 28)], 1, p.light)
    c.box(6, 26.8, 26, 28, p.shadow)
    for x in range(7, 26, 3):
        c.box(x, 28, x + 1.2, 29.4, p.light)
    c.oval(16, 17.6, long, 7, crust.shadow)
    c.oval(16, 16.6, long, 6.6, crust.base)
    c.oval(14.5, 14.4, long * 0.72, 3.6, crust.light)
    cuts = d.pick((2, 3))
    for number in range(cuts):
        middle = 16 + (number - (cuts - 1) / 2) * 5
        c.line([(middle - 1.6, 17), (middle + 1.6, 12)], 1.4, crust.shadow)
        c.line([(middle - 0.6, 17), (middle + 2.4, 12.4)], 1, CANVAS.base)


def mug(c: Canvas, p: Ramp, d: Choices) -> None:
    """A mug with a handle, full or not."""
    top, foot = d.pick((8.0, 10.0)), d.pick((0.0, 1.2))
    c.arc(22.5, 17.5, 6, 6, (-90, 90), 2.8, p.base)
    c.arc(22.5, 17.5, 5.4, 5.4, (0, 90), 1.2, p.shadow)
    c.drum(6, top, 22, 28, p, foot)
    band = d.pick(("none", "one", "two"))
    if band != "none":
        c.box(6 + foot * 0.3, top + 4, 22 - foot * 0.3, top + 5.6, p.shadow)
    if band == "two":
        c.box(6 + foot * 0.8, 24, 22 - foot * 0.8, 25.6, p.shadow)
    c.oval(14, top, 8, 2.6, p.shadow)
    fill = d.pick(("foam", "ale", "empty"))
    if fill == "foam":
        for x, y in ((9, -1), (13, -2.2), (17, -1.4), (20, -0.4)):
            c.oval(x, top + y, 3, 2.6, RAMPS["white"].light)
        c.oval(12, top - 3, 2, 1.2, RAMPS["white"].gleam)
    elif fill == "ale":
        c.oval(14, top + 0.3, 6.8, 1.8, BRASS.base)
    else:
        c.oval(14, top + 0.3, 6.8, 1.8, INK)


def pot(c: Canvas, p: Ramp, d: Choices) -> None:
    """A round pot with a lid on three feet."""
    wide, lid = d.pick((10.0, 11.0)), d.pick((True, False))
    for x in (9, 16, 23):
        c.poly([(x - 1.6, 24), (x + 1.6, 24), (x, 30)], p.shadow)
    for side in (-1, 1):
        c.arc(16 + side * wide, 16, 3, 3, (0, 360), 1.6, IRON.base)
    c.ball(16, 18.6, wide, 9, p)
    c.slab(16 - wide + 1, 9.6, 16 + wide - 1, 12.6, p)
    if lid:
        c.oval(16, 9.6, wide - 2, 3, p.base)
        c.oval(14.5, 8.8, wide * 0.5, 1.4, p.light)
        c.oval(16, 5.8, 1.8, 1.6, d.pick((BRASS, IRON)).base)
    else:
        c.oval(16, 10, wide - 2.4, 1.8, INK)
        for x in (12, 17):
            c.line([(x, 7), (x + 1, 5), (x, 3)], 1, CANVAS.light)


def stool(c: Canvas, p: Ramp, d: Choices) -> None:
    """A round seat on three legs."""
    wood, top = d.pick((OAK, PINE)), d.pick((11.0, 13.0))
    for head, foot in ((10, 6), (22, 26), (16, 16)):
        c.line([(head, top + 2), (foot, 28.6)], 2.8, wood.shadow if head == 16 else wood.base)
    c.line([(8.4, 23), (23.6, 23)], 1.4, wood.shadow)
    c.oval(16, top + 2.6, 11, 4, p.shadow)
    c.oval(16, top + 0.6, 11, 4, p.base)
    c.oval(14, top - 0.2, 7, 2, p.light)
    if d.pick((True, False)):
        c.oval(16, top + 0.4, 3, 1.2, p.gleam)


def table(c: Canvas, p: Ramp, d: Choices) -> None:
    """A table with a cloth."""
    wood, drop = d.pick((OAK, PINE)), d.pick((16.0, 18.0))
    for x in (4, 25):
        c.box(x, 14, x + 3, 29, wood.base)
        c.box(x + 2, 14, x + 3, 29, wood.shadow)
    c.poly([(6, 7), (26, 7), (30.5, 12), (1.5, 12)], p.light)
    c.box(1.5, 11.6, 30.5, drop, p.base)
    c.box(1.5, drop - 1.2, 30.5, drop, p.shadow)
    for x in range(3, 30, 4):
        c.poly([(x - 1.6, drop - 0.4), (x + 1.6, drop - 0.4), (x, drop + 2.4)], p.base)
    what = d.pick(("none", "mug", "bowl"))
    if what == "mug":
        c.drum(17, 4, 21, 9.6, OAK)
    elif what == "bowl":
        c.oval(13, 8, 4.4, 2.2, RAMPS["white"].base)
        c.oval(13, 7.4, 3.2, 1.2, RAMPS["crust"].base)
