"""Things of the open air in their own frames: street lamps, stalls, net racks, scarecrows, beacons. Places none."""

from __future__ import annotations

from .finishes import BOARDS, DARK_OAK, DEAL, IRON_WORK, LAMP, OAK, WEATHERED, plain, solid
from .goods import barrel, crate, sack
from .lamps import Lamp
from .palette import Colour
from .solids import Finish, Point, Solid

_AWNINGS: tuple[tuple[Colour, Colour], ...] = (
    ((196, 70, 58), (240, 232, 214)),
    ((62, 112, 158), (240, 232, 214)),
    ((92, 140, 84), (240, 228, 190)),
    ((214, 160, 70), (240, 232, 214)),
    ((140, 92, 140), (236, 222, 210)),
)
_WARES: tuple[Colour, ...] = (
    (198, 70, 52),
    (222, 168, 64),
    (112, 150, 70),
    (214, 206, 190),
    (160, 118, 80),
    (150, 170, 184),
)
_FLAME: Finish = Finish(LAMP, (255, 226, 170))
STREET_LAMP = Lamp((0.34, 2.75, 0.0))


def street_lamp() -> Solid:
    """Return a post with a lantern on an arm along +X."""
    post = solid()
    post.box((-0.16, -0.6, -0.16), (0.16, 0.25, 0.16), Finish("rubble", (160, 154, 146)))
    post.box((-0.07, 0.25, -0.07), (0.07, 3.1, 0.07), DARK_OAK)
    post.beam((0.0, 3.0, 0.0), (0.5, 3.0, 0.0), 0.08, DARK_OAK)
    post.beam((0.05, 2.55, 0.0), (0.3, 2.97, 0.0), 0.06, DARK_OAK)
    post.turned((0.42, 2.5, 0.0), [(0.1, 0), (0.15, 0.32)], 6, _FLAME)
    post.turned((0.42, 2.82, 0.0), [(0.2, 0), (0.06, 0.14)], 6, IRON_WORK)
    post.turned((0.42, 2.46, 0.0), [(0.12, 0), (0.12, 0.04)], 6, IRON_WORK)
    return post


def stall(number: int) -> Solid:
    """Return a market stall that faces +Z: a counter with wares under a striped awning."""
    out, (one, other) = solid(), _AWNINGS[number % len(_AWNINGS)]
    half = 1.35
    for x in (-half, half):
        for z, up in ((0.75, 2.15), (-0.75, 2.75)):
            out.box((x - 0.05, -0.4, z - 0.05), (x + 0.05, up, z + 0.05), OAK)
    out.box((-half, 0.0, 0.1), (half, 0.86, 0.7), BOARDS)
    out.box((-half - 0.08, 0.86, 0.02), (half + 0.08, 0.93, 0.82), DEAL)
    stripes = 6
    for i in range(stripes):
        a, b = (-half - 0.15 + (2 * half + 0.3) * n / stripes for n in (i, i + 1))
        colour = plain(one if i % 2 == 0 else other)
        slope: list[Point] = [(a, 2.15, 1.1), (b, 2.15, 1.1), (b, 2.85, -0.85), (a, 2.85, -0.85)]
        out.polygon(slope, colour)
        out.polygon([(x, y - 0.02, z) for x, y, z in slope[::-1]], colour)
        hem = 0.22 + 0.06 * (i % 2)
        front: list[Point] = [(a, 2.15 - hem, 1.12), (b, 2.15 - hem, 1.12), (b, 2.15, 1.1), (a, 2.15, 1.1)]
        out.polygon(front, colour)
        out.polygon(front[::-1], colour)
    for i in range(4):
        x = -1.0 + 0.66 * i
        ware = plain(_WARES[(number + i) % len(_WARES)])
        out.box((x - 0.26, 0.93, 0.16), (x + 0.26, 1.02, 0.68), OAK)
        for k in range(4):
            dx, dz = (k % 2 - 0.5) * 0.22, 0.42 + (k // 2 - 0.5) * 0.24
            out.turned((x + dx, 1.0, dz), [(0.1, 0), (0.11, 0.08), (0.0, 0.16)], 5, ware)
    crate(out, (half - 0.4, 0.0, -0.45), 0.55)
    if number % 2:
        barrel(out, (-half + 0.4, 0.0, -0.4))
    else:
        sack(out, (-half + 0.4, 0.0, -0.4), (206, 190, 150))
    return out


def net_rack() -> Solid:
    """Return two posts with a net hung between them to dry, along X."""
    rack, net = solid(), plain((126, 134, 120))
    for x in (-1.8, 1.8):
        rack.beam((x, -0.5, 0.0), (x, 2.1, 0.0), 0.12, WEATHERED)
    rack.beam((-1.95, 2.0, 0.0), (1.95, 2.0, 0.0), 0.09, WEATHERED)
    for i in range(13):
        x = -1.68 + 0.28 * i
        sag = 0.35 + 0.1 * (i % 3)
        rack.beam((x, 2.0, 0.0), (x, sag, 0.05), 0.018, net)
    for up in (0.6, 0.9, 1.2, 1.5, 1.8):
        rack.beam((-1.7, up, 0.03), (1.7, up, 0.03), 0.018, net)
    for i in range(5):
        rack.turned(
            (-1.4 + 0.7 * i, 1.9, 0.08), [(0, -0.1), (0.09, -0.04), (0.09, 0.04), (0, 0.1)], 6, plain((214, 104, 60))
        )
    return rack


def quay_goods(number: int) -> Solid:
    """Return a heap of what lies at a harbour: barrels, crates, pots for lobsters."""
    heap = solid()
    barrel(heap, (0.0, 0.0, 0.0))
    barrel(heap, (0.75, 0.0, 0.15))
    crate(heap, (-0.75, 0.0, 0.1), 0.75)
    if number % 2:
        crate(heap, (-0.72, 0.6, 0.12), 0.55)
    for n in range(2):
        pot = (0.25 + 0.6 * n, 0.0, -0.7)
        heap.turned(pot, [(0.3, 0), (0.3, 0.3), (0.16, 0.44)], 8, Finish("thatch", (160, 132, 92)))
    return heap


def scarecrow() -> Solid:
    """Return a scarecrow that looks at +Z."""
    out = solid()
    out.beam((0.0, -0.5, 0.0), (0.0, 1.9, 0.0), 0.09, OAK)
    out.beam((-0.75, 1.35, 0.0), (0.75, 1.35, 0.0), 0.08, OAK)
    out.turned((0.0, 0.75, 0.0), [(0.36, 0), (0.3, 0.4), (0.2, 0.7)], 7, Finish("plaster", (116, 92, 120)))
    out.turned(
        (0.0, 1.5, 0.0), [(0.1, 0), (0.17, 0.12), (0.15, 0.28), (0.0, 0.36)], 7, Finish("plaster", (222, 196, 150))
    )
    out.turned((0.0, 1.74, 0.0), [(0.34, 0), (0.16, 0.06), (0.1, 0.3)], 8, Finish("thatch", (196, 160, 96)))
    return out


BEACON = Lamp((0.0, 3.3, 0.0), candela=140.0, reach=30.0)


def beacon() -> Solid:
    """Return the light at the end of a pier, on its deck."""
    out = solid()
    out.turned(
        (0.0, 0.0, 0.0),
        [(0.62, 0.0), (0.5, 0.5), (0.42, 2.7), (0.62, 2.8), (0.62, 2.9)],
        8,
        Finish("plaster", (244, 240, 230)),
    )
    out.turned((0.0, 1.0, 0.0), [(0.495, 0.0), (0.465, 0.7)], 8, plain((190, 64, 54)))
    out.turned((0.0, 2.9, 0.0), [(0.3, 0.0), (0.3, 0.6)], 8, _FLAME)
    out.turned((0.0, 3.5, 0.0), [(0.46, 0.0), (0.3, 0.25), (0.0, 0.6)], 8, plain((120, 52, 46)))
    return out
