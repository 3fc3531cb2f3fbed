"""Recipes of what stands by the sea: float, anchor, boat, oar, fish, lantern, barrel, crate."""

from __future__ import annotations

from .building import WOODS, Chooser, Parts, part


def net_float(d: Chooser, k: int, paint: str) -> Parts:
    """Build one net float."""
    width, belt = d.pick((38, 42, 46)) * k // 10, d.pick(("rope", "white" if paint != "white" else "rope"))
    style = d.pick(("ball", "barrel.y"))
    height = width if style == "ball" else width * 5 // 4
    ring = d.pick(("ring.x", "ring.z"))
    eye = (3, 9, 9) if ring == "ring.x" else (9, 9, 3)
    return [
        part(style, paint, (width, height, width)),
        part("ring.y", belt, (width + 3, 4, width + 3), (0, height // 2 - 2, 0)),
        part("cyl.y", "oak", (6, 3, 6), (0, height - 1, 0)),
        part(ring, "rope", eye, (0, height + 1, 0)),
    ]


def anchor(d: Chooser, k: int, paint: str) -> Parts:
    """Build one anchor."""
    height, span = d.pick((46, 50, 54)) * k // 10, d.pick((34, 38, 42)) * k // 10
    thick = d.pick((4, 5))
    metal = d.pick(("iron", paint))
    stock = paint if metal == "iron" else d.pick(("oak", paint))
    drop = span // 2
    return [
        part("box", metal, (thick, height - 2, thick), (0, 2, 0)),
        part("smile.z", metal, (span, drop, thick)),
        part("cone.y", metal, (9, 9, 4), (span // 2 - 3, drop - 3, 0), "mx"),
        part("cyl.x", stock, (span * 3 // 4, 4, 4), (0, height - 8, 0)),
        part("ball", stock, (6, 6, 6), (span * 3 // 8, height - 9, 0), "mx"),
        part("ring.z", "iron", (10, 10, 3), (0, height - 1, 0)),
    ]


def boat(d: Chooser, k: int, paint: str) -> Parts:
    """Build one boat."""
    length, beam, height = (
        d.pick((56, 60, 63)) * k // 10,
        d.pick((20, 24)) * k // 10,
        d.pick((12, 14)) * k // 10,
    )
    wood = d.pick(WOODS)
    seats = d.pick((1, 2))
    parts = [
        part("hull", paint, (beam, height, length)),
        part("box", wood, (2, 2, length * 3 // 4), (0, 0, 0)),
    ]
    bench = (beam * 3 // 4, 2, 4)
    if seats == 1:
        parts.append(part("box", wood, bench, (0, height * 2 // 3, 0)))
    else:
        parts.append(part("box", wood, bench, (0, height * 2 // 3, length // 6), "mz"))
    if d.pick((True, False)):
        mast = d.pick((44, 50)) * k // 10
        parts.append(part("cyl.y", wood, (3, mast, 3), (0, 2, 0)))
        parts.append(part("wedge.x", "canvas", (2, mast * 2 // 3, length // 2), (2, mast // 4, 0)))
        parts.append(part("box", paint, (1, 4, 8), (0, mast - 1, 4)))
    return parts


def oar(d: Chooser, k: int, paint: str) -> Parts:
    """Build one oar."""
    length, blade = d.pick((54, 58, 62)) * k // 10, d.pick((14, 17)) * k // 10
    wood, wide = d.pick(WOODS), d.pick((7, 9))
    shaft = length - blade
    return [
        part("cyl.z", wood, (3, 3, shaft), (0, 0, (shaft - length) // 2)),
        part("box", paint, (wide, 1, blade), (0, 1, (length - blade) // 2)),
        part("cyl.z", d.pick((paint, "rope")), (4, 4, 4), (0, 0, -length // 2 + shaft // 3)),
        part("ball", wood, (4, 4, 4), (0, 0, -length // 2)),
    ]


def fish(d: Chooser, k: int, paint: str) -> Parts:
    """Build one fish."""
    length, height, width = (
        d.pick((42, 48)) * k // 10,
        d.pick((18, 22)) * k // 10,
        d.pick((10, 13)) * k // 10,
    )
    fin = d.pick((8, 10)) * k // 10
    body = d.pick((paint, paint, "scales"))
    other = "scales" if body == paint else paint
    eye = "black" if paint != "black" else "white"
    return [
        part("ball", body, (width, height, length), (0, 3, -4)),
        part("fan", other, (3, height * 3 // 4, fin + 4), (0, 3 + height // 8, length // 2 - 1)),
        part("wedge.x", other, (2, fin, length // 3), (0, 1 + height * 7 // 8, -2)),
        part("ball", other, (fin, 3, fin), (width // 2, 2 + height // 4, -5), "mx"),
        part("ball", eye, (3, 3, 3), (width // 3, 4 + height // 2, -length // 3 - 4), "mx"),
    ]


def lantern(d: Chooser, k: int, paint: str) -> Parts:
    """Build one lantern."""
    width, height = d.pick((24, 28, 32)) * k // 10, d.pick((26, 30, 34)) * k // 10
    frame, style = d.pick((paint, "iron", "brass")), d.pick(("box", "cyl.y"))
    roof = paint if frame != paint else d.pick((paint, "brass"))
    edge = width // 2 - 2
    return [
        part(style, frame, (width + 2, 4, width + 2)),
        part(style, "flame", (width * 5 // 8, height - 2, width * 5 // 8), (0, 4, 0)),
        part("box", frame, (3, height, 3), (edge * 3 // 4, 4, edge * 3 // 4), "four"),
        part(style, frame, (width + 2, 2, width + 2), (0, 4 + height, 0)),
        part("cone.y", roof, (width + 4, d.pick((8, 11)) * k // 10, width + 4), (0, 6 + height, 0)),
        part("ring.z", "iron", (9, 9, 2), (0, 10 + height, 0)),
    ]


def barrel(d: Chooser, k: int, paint: str) -> Parts:
    """Build one barrel."""
    width, height = d.pick((34, 38, 42)) * k // 10, d.pick((50, 56, 60)) * k // 10
    wood, hoop = d.pick(("oak", "pine")), d.pick((paint, paint, "iron"))
    low = height * d.pick((3, 4)) // 16
    parts = [part("barrel.y", wood, (width, height, width))]
    tight = width * 15 // 16
    hoops = (low - 2, height - low - 1)
    parts += [part("cyl.y", hoop, (tight + 2, 3, tight + 2), (0, y, 0)) for y in hoops]
    lid = paint if hoop == "iron" else d.pick((paint, "driftwood"))
    return [*parts, part("cyl.y", lid, (width * 10 // 16, 2, width * 10 // 16), (0, height - 1, 0))]


def crate(d: Chooser, k: int, paint: str) -> Parts:
    """Build one crate."""
    width, height, depth = (d.pick((36, 42, 48)) * k // 10 for _ in range(3))
    wood, post = d.pick(WOODS), max(3, k // 2)
    parts = [
        part("box", wood, (width, height, depth)),
        part("box", paint, (post, height + 1, post), (width // 2 - 1, 0, depth // 2 - 1), "four"),
        part("box", paint, (width, post, post), (0, height - post + 1, depth // 2 - 1), "mz"),
        part("box", paint, (post, post, depth), (width // 2 - 1, height - post + 1, 0), "mx"),
    ]
    if d.pick((True, False)):
        parts.append(part("box", "driftwood", (width - 6, 2, 4), (0, height, depth // 5), "mz"))
    return parts
