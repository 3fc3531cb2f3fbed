"""Recipes of what stands in a house: seats, table, chest, loaf, mug, candle, hammer, pot."""

from __future__ import annotations

from .building import METALS, WOODS, Chooser, Parts, part


def stool(d: Chooser, k: int, paint: str) -> Parts:
    """Build one stool."""
    width, height = d.pick((36, 40, 44)) * k // 10, d.pick((38, 44, 50)) * k // 10
    wood, top = d.pick(WOODS), d.pick(("cyl.y", "box"))
    leg = width * 9 // 32
    parts = [
        part(top, paint, (width, 5, width), (0, height - 5, 0)),
        part(d.pick(("box", "cyl.y")), wood, (4, height - 5, 4), (leg, 0, leg), "four"),
    ]
    if d.pick((True, False)):
        parts.append(part("box", wood, (2 * leg, 2, 2), (0, height // 3, leg), "mz"))
        parts.append(part("box", wood, (2, 2, 2 * leg), (leg, height // 3, 0), "mx"))
    return parts


def table(d: Chooser, k: int, paint: str) -> Parts:
    """Build one table."""
    width, height, depth = (
        d.pick((52, 58, 63)) * k // 10,
        d.pick((28, 32)) * k // 10,
        d.pick((30, 36)) * k // 10,
    )
    wood = d.pick(WOODS)
    parts = [
        part("box", wood, (width, 3, depth), (0, height - 3, 0)),
        part(d.pick(("box", "cyl.y")), wood, (4, height - 3, 4), (width // 2 - 4, 0, depth // 2 - 4), "four"),
        part("box", wood, (width - 10, 3, 2), (0, height - 6, depth // 2 - 4), "mz"),
    ]
    if d.pick((True, True, False)):
        parts.append(part("box", paint, (width // 3, 1, depth + 2), (0, height, 0)))
    else:
        parts.append(part("box", paint, (width - 8, 1, depth - 8), (0, height, 0)))
    return parts


def bench(d: Chooser, k: int, paint: str) -> Parts:
    """Build one bench."""
    width, height, depth = (
        d.pick((50, 56, 62)) * k // 10,
        d.pick((16, 18)) * k // 10,
        d.pick((14, 18)) * k // 10,
    )
    wood = d.pick(WOODS)
    parts = [
        part("box", paint, (width, 3, depth), (0, height - 3, 0)),
        part("box", wood, (4, height - 3, depth - 2), (width // 2 - 5, 0, 0), "mx"),
    ]
    if d.pick((True, False)):
        back = d.pick((14, 18)) * k // 10
        parts.append(part("box", wood, (3, back, 2), (width // 2 - 5, height, 1 - depth // 2), "mx"))
        parts.append(part("box", paint, (width, back // 3, 2), (0, height + back * 2 // 3, 2 - depth // 2)))
    else:
        parts.append(part("box", wood, (width - 10, 3, 3), (0, height // 3, 0)))
    return parts


def chest(d: Chooser, k: int, paint: str) -> Parts:
    """Build one chest."""
    width, height, depth = (
        d.pick((48, 54, 60)) * k // 10,
        d.pick((22, 26)) * k // 10,
        d.pick((30, 34)) * k // 10,
    )
    wood, metal, lid = d.pick(WOODS), d.pick(METALS), d.pick((8, 12)) * k // 10
    band = width * d.pick((1, 2)) // 6
    return [
        part("box", wood, (width, height, depth)),
        part("vault.x", paint, (width, lid, depth), (0, height, 0)),
        part("box", paint, (width + 1, 3, depth + 1), (0, height - 2, 0)),
        part("box", metal, (3, height, depth + 2), (band, 0, 0), "mx"),
        part("box", metal, (7, 8, 2), (0, height - 5, depth // 2)),
        part("ring.x", "iron", (2, 6, 6), (width // 2, height // 2 - 2, 0), "mx"),
    ]


def loaf(d: Chooser, k: int, paint: str) -> Parts:
    """Build one loaf."""
    width, height, depth = (
        d.pick((30, 36)) * k // 10,
        d.pick((18, 22)) * k // 10,
        d.pick((44, 52)) * k // 10,
    )
    cuts = d.pick((2, 3))
    parts = [
        part("box", paint, (width + 12, 1, depth + 10)),
        part("dome", "crust", (width, height, depth), (0, 1, 0)),
    ]
    for cut in range(cuts):
        z = (2 * cut - cuts + 1) * depth // 8
        parts.append(part("ball", "wax", (width // 2, 3, 3), (0, height - 2 - abs(z) // 6, z)))
    return parts


def mug(d: Chooser, k: int, paint: str) -> Parts:
    """Build one mug."""
    width, height = d.pick((36, 40, 44)) * k // 10, d.pick((40, 46)) * k // 10
    body = d.pick(("vat", "cup"))
    glaze, rim = d.pick(((paint, "clay"), ("clay", paint)))
    return [
        part(body, glaze, (width, height, width)),
        part("ring.y", rim, (width + 1, 3, width + 1), (0, height - 2, 0)),
        part("ring.z", glaze, (height // 2, height * 5 // 8, 4), (width // 2, height // 5, 0)),
        part(
            "cyl.y",
            d.pick(("water", "crust")),
            (width * 3 // 4, 1, width * 3 // 4),
            (0, height * 3 // 4, 0),
        ),
    ]


def candle(d: Chooser, k: int, paint: str) -> Parts:
    """Build one candle."""
    width, height = d.pick((10, 12, 14)) * k // 10, d.pick((30, 36, 42)) * k // 10
    metal = d.pick((*METALS, "clay"))
    dish = d.pick((28, 34)) * k // 10
    return [
        part("cup", metal, (dish, 5, dish)),
        part("ring.x", metal, (3, 10, 10), (0, 1, dish // 2 + 3)),
        part("cyl.y", paint, (width, height, width), (0, 2, 0)),
        part("cyl.y", "black", (1, 3, 1), (0, height + 2, 0))
        if paint == "black"
        else part("cyl.y", "iron", (1, 3, 1), (0, height + 2, 0)),
        part("ball", "flame", (5, 6, 5), (0, height + 3, 0)),
        part("cone.y", "flame", (4, 7, 4), (0, height + 6, 0)),
    ]


def hammer(d: Chooser, k: int, paint: str) -> Parts:
    """Build one hammer."""
    length, head, thick = (
        d.pick((50, 56, 60)) * k // 10,
        d.pick((22, 28)) * k // 10,
        d.pick((10, 13)) * k // 10,
    )
    wood, shape = d.pick(WOODS), d.pick(("box", "cyl.x"))
    claw = d.pick((True, False))
    front = head * 2 // 3 if claw else head
    parts = [
        part("cyl.y", wood, (4, length, 4)),
        part("cyl.y", paint, (6, length // 3, 6), (0, 1, 0)),
        part(shape, "iron", (front, thick, thick), ((head - front) // 2, length - thick, 0)),
    ]
    if claw:
        parts.append(
            part(
                "wedge.z",
                "iron",
                (head // 2, thick * 3 // 4, thick),
                (-front // 2, length - thick * 7 // 8, 0),
            )
        )
    parts.append(part(shape, "iron", (3, thick + 2, thick + 2), (head // 2, length - thick - 1, 0)))
    return parts


def chair(d: Chooser, k: int, paint: str) -> Parts:
    """Build one chair."""
    width, seat, back = (
        d.pick((26, 30)) * k // 10,
        d.pick((24, 28)) * k // 10,
        d.pick((26, 30)) * k // 10,
    )
    wood, edge = d.pick(WOODS), width // 2 - 2
    slats = d.pick((2, 3))
    parts = [
        part("box", paint, (width, 3, width), (0, seat - 3, 0)),
        part("box", wood, (3, seat - 3, 3), (edge, 0, edge), "four"),
        part("box", wood, (3, back, 3), (edge, seat, -edge), "mx"),
    ]
    for slat in range(slats):
        y = seat + back * (slat + 1) // slats - 5
        parts.append(part("box", paint, (width - 2, 4, 2), (0, y, -edge)))
    return parts


def pot(d: Chooser, k: int, paint: str) -> Parts:
    """Build one pot."""
    width, height = d.pick((40, 46, 50)) * k // 10, d.pick((32, 36, 40)) * k // 10
    body, trim = d.pick((("clay", paint), ("iron", paint), (paint, "brass")))
    lid = d.pick((True, False))
    parts = [
        part("ball", body, (width, height, width)),
        part("ring.y", trim, (width * 3 // 4, 4, width * 3 // 4), (0, height - 5, 0)),
        part("ring.x", trim, (3, 9, 9), (width // 2, height // 2 - 1, 0), "mx"),
        part("cyl.y", body, (4, 5, 4), (width // 4, 0, width // 4), "four"),
    ]
    if lid:
        parts.append(part("dome", trim, (width * 11 // 16, 6, width * 11 // 16), (0, height - 3, 0)))
        parts.append(part("ball", "brass", (5, 5, 5), (0, height + 2, 0)))
    else:
        parts.append(part("cyl.y", "water", (width * 5 // 8, 1, width * 5 // 8), (0, height - 2, 0)))
    return parts
