"""Recipes of what stands outside: bucket, basket, signpost, well, cart, tent."""

from __future__ import annotations

from .building import METALS, WOODS, Chooser, Parts, part


def bucket(d: Chooser, k: int, paint: str) -> Parts:
    """Build one bucket."""
    width, height = d.pick((38, 42, 46)) * k // 10, d.pick((36, 40)) * k // 10
    wood, metal = d.pick(WOODS), d.pick(METALS)
    body, hoop = d.pick(((wood, paint), (paint, metal)))
    handle = d.pick(("arc.z", "arc.x"))
    grip = (width, 16, 2) if handle == "arc.z" else (2, 16, width)
    parts = [
        part("cup", body, (width, height, width)),
        part("ring.y", hoop, (width, 3, width), (0, height - 6, 0)),
        part("ring.y", hoop, (width * 13 // 16, 3, width * 13 // 16), (0, 4, 0)),
        part(handle, d.pick(("rope", "iron")), grip, (0, height - 3, 0)),
    ]
    if d.pick((True, False)):
        parts.append(part("cyl.y", "water", (width * 3 // 4, 1, width * 3 // 4), (0, height - 8, 0)))
    return parts


def basket(d: Chooser, k: int, paint: str) -> Parts:
    """Build one basket."""
    width, height, depth = (
        d.pick((44, 50)) * k // 10,
        d.pick((22, 26)) * k // 10,
        d.pick((32, 44)) * k // 10,
    )
    parts = [
        part("cup", d.pick(("rope", "pine")), (width, height, depth)),
        part("ring.y", paint, (width + 2, 4, depth + 2), (0, height - 3, 0)),
        part("ring.y", d.pick((paint, "driftwood")), (width * 7 // 8, 3, depth * 7 // 8), (0, height // 3, 0)),
        part("arc.z", "driftwood", (width, d.pick((18, 24)) * k // 10, 3), (0, height - 2, 0)),
    ]
    load = d.pick(("none", "crust", "scales"))
    if load != "none":
        ball = (width // 4, width // 5, width // 3)
        parts.append(part("ball", load, ball, (width // 6, height - 4, 0), "mx"))
        parts.append(part("ball", load, ball, (0, height - 2, 0)))
    return parts


def signpost(d: Chooser, k: int, paint: str) -> Parts:
    """Build one signpost."""
    height, wide, tall = (
        d.pick((52, 56, 60)) * k // 10,
        d.pick((28, 34)) * k // 10,
        d.pick((10, 12)) * k // 10,
    )
    wood = d.pick(WOODS)
    parts = [
        part("box", wood, (4, height, 4)),
        part("dome", "stone", (14, 4, 14)),
        part("box", paint, (wide, tall, 2), (d.pick((0, wide // 3)), height - tall - 3, 3)),
        part("cone.y", wood, (6, 4, 6), (0, height, 0)),
    ]
    if d.pick((True, False)):
        parts.append(part("box", paint, (wide * 3 // 4, tall * 3 // 4, 2), (-wide // 4, height // 2 - 4, 3)))
    return parts


def well(d: Chooser, k: int, paint: str) -> Parts:
    """Build one well."""
    width, wall, height = (
        d.pick((38, 42, 46)) * k // 10,
        d.pick((16, 20)) * k // 10,
        d.pick((44, 48)) * k // 10,
    )
    wood = d.pick(WOODS)
    roof = d.pick(("wedge.x", "wedge.z"))
    return [
        part("vat", "stone", (width, wall, width)),
        part("cyl.y", "water", (width * 3 // 4, 1, width * 3 // 4), (0, wall // 2, 0)),
        part("ring.y", "stone", (width + 3, 4, width + 3), (0, wall - 2, 0)),
        part("box", wood, (4, height - wall, 4), (width // 2 - 2, wall, 0), "mx"),
        part("cyl.x", wood, (width - 4, 3, 3), (0, (height + wall) // 2, 0)),
        part("cyl.x", "rope", (7, 5, 5), (0, (height + wall) // 2 - 1, 0)),
        part(roof, paint, (width + 8, 13 * k // 10, width * 3 // 4 + 4), (0, height, 0)),
        part("cup", "oak", (7, 7, 7), (0, wall + 1, 0)),
    ]


def cart(d: Chooser, k: int, paint: str) -> Parts:
    """Build one cart."""
    length, width, wheel = (
        d.pick((38, 44)) * k // 10,
        d.pick((26, 30)) * k // 10,
        d.pick((24, 28)) * k // 10,
    )
    wood, floor = d.pick(WOODS), wheel // 2 + 3
    side = d.pick((8, 11)) * k // 10
    hub = width // 2 + 3
    return [
        part("box", wood, (width, 3, length), (0, floor, 0)),
        part("box", paint, (2, side, length), (width // 2 - 1, floor + 2, 0), "mx"),
        part("box", paint, (width, side, 2), (0, floor + 2, length // 2 - 1), "mz"),
        part("ring.x", "iron", (4, wheel, wheel), (hub, 0, 0), "mx"),
        part("box", wood, (2, wheel - 4, 3), (hub, 2, 0), "mx"),
        part("box", wood, (2, 3, wheel - 4), (hub, wheel // 2 - 1, 0), "mx"),
        part("cyl.x", "iron", (width + 10, 4, 4), (0, wheel // 2 - 2, 0)),
        part("box", wood, (2, 2, 20 * k // 10), (width // 3, floor + 1, -length // 2 + 2), "mx"),
    ]


def tent(d: Chooser, k: int, paint: str) -> Parts:
    """Build one tent."""
    width, height, depth = (
        d.pick((46, 52)) * k // 10,
        d.pick((34, 40)) * k // 10,
        d.pick((48, 56)) * k // 10,
    )
    wood, cloth = d.pick(WOODS), d.pick((paint, paint, "canvas"))
    trim = "canvas" if cloth == paint else paint
    return [
        part("wedge.z", cloth, (width, height, depth)),
        part("wedge.z", trim, (width // 3, height * 3 // 4, depth + 2)),
        part("cyl.z", wood, (2, 2, depth + 6), (0, height - 2, 0)),
        part("cyl.y", wood, (3, height + 3, 3), (0, 0, depth // 2 + 1), "mz"),
        part("cone.y", "iron", (3, 5, 3), (width // 2 + 2, 0, depth // 2 - 1), "four"),
    ]
