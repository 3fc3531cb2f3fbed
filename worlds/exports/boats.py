"""Boats: dinghies, a cutter with a sail. Each in its own frame: the waterline's middle, the bow along +X."""

from __future__ import annotations

from .finishes import DARK_OAK, DEAL, OAK, blended, plain, solid
from .palette import Colour
from .solids import Finish, Point, Solid

_PAINTS: tuple[Colour, ...] = ((186, 72, 58), (64, 116, 160), (232, 224, 206), (74, 128, 92), (214, 164, 76))
_STATIONS = (
    (-1.0, 0.62, 0.10),
    (-0.55, 0.92, 0.0),
    (0.0, 1.0, 0.0),
    (0.5, 0.82, 0.06),
    (0.82, 0.42, 0.2),
    (1.0, 0.04, 0.34),
)
"""From stern to bow: place, width, how far the rim rises; as shares of half length, half width and depth."""


def dinghy(number: int) -> Solid:
    """Return a rowing boat of four to five metres with thwarts and oars."""
    half, wide, deep = 2.0 + 0.25 * (number % 3), 0.78, 0.85
    boat = solid()
    _hull(boat, half, wide, deep, Finish("clapboard", _PAINTS[number % len(_PAINTS)]))
    for share in (-0.6, -0.05, 0.4):
        width = wide * (0.85 if share > 0.2 else 0.9) - 0.06
        boat.box((share * half - 0.13, 0.2, -width), (share * half + 0.13, 0.25, width), DEAL)
    for sign in (-1, 1):
        boat.beam((-half * 0.7, 0.3, sign * 0.3), (half * 0.55, 0.36, sign * 0.22), 0.06, DEAL)
    return boat


def cutter(number: int) -> Solid:
    """Return a fishing boat of nine metres with a mast, a tanned sail, a cabin and a lantern."""
    half, wide, deep = 4.6, 1.55, 1.7
    boat = solid()
    paint = _PAINTS[(number * 2 + 1) % len(_PAINTS)]
    _hull(boat, half, wide, deep, Finish("clapboard", paint))
    deck = [
        (-half * 0.94, -0.9),
        (-half * 0.94, 0.9),
        (half * 0.45, 1.25),
        (half * 0.8, 0.5),
        (half * 0.8, -0.5),
        (half * 0.45, -1.25),
    ]
    boat.polygon([(x, 0.42, z) for x, z in deck], Finish("planks", (196, 166, 122)))
    boat.box((-half * 0.7, 0.42, -0.75), (-half * 0.3, 1.5, 0.75), Finish("planks", (232, 226, 210)))
    boat.box((-half * 0.73, 1.5, -0.85), (-half * 0.27, 1.6, 0.85), plain(paint))
    mast = half * 0.18
    boat.beam((mast, 0.3, 0.0), (mast, 7.4, 0.0), 0.18, OAK)
    boat.beam((mast, 1.7, 0.0), (-half * 0.85, 1.9, 0.0), 0.12, OAK)
    boat.beam((mast, 6.4, 0.0), (-half * 0.55, 7.2, 0.0), 0.1, OAK)
    sail: list[Point] = [
        (mast - 0.1, 1.95, 0.0),
        (-half * 0.8, 2.1, 0.32),
        (-half * 0.52, 6.95, 0.12),
        (mast - 0.1, 6.3, 0.0),
    ]
    cloth = Finish("plaster", (176, 92, 62))
    boat.polygon(sail, cloth)
    boat.polygon(sail[::-1], cloth)
    jib: list[Point] = [(mast + 0.1, 1.6, 0.0), (mast + 0.1, 6.2, 0.0), (half * 1.12, 1.1, 0.1)]
    boat.polygon(jib, Finish("plaster", (232, 222, 198)))
    boat.polygon(jib[::-1], Finish("plaster", (232, 222, 198)))
    boat.beam((half * 0.7, 0.8, 0.0), (half * 1.2, 1.05, 0.0), 0.12, OAK)
    return boat


def _hull(boat: Solid, half: float, wide: float, deep: float, paint: Finish) -> None:
    """A hull of planks: keel, two strakes and a rim, hollow inside."""

    def ring(width: float, up: float, sheer: float) -> list[list[Point]]:
        """Port and starboard points at a height, by station."""
        return [
            [(at * half, up * deep + rise * sheer * deep, sign * share * wide * width) for at, share, rise in _STATIONS]
            for sign in (1, -1)
        ]

    keel = [(at * half * 0.94, -0.42 * deep + rise * 0.5 * deep, 0.0) for at, _, rise in _STATIONS]
    low, rim, top, inner = ring(0.78, -0.12, 0.6), ring(1.0, 0.34, 1.0), ring(1.0, 0.42, 1.0), ring(0.9, 0.42, 1.0)
    below, dark = blended(paint, DARK_OAK, 70), DARK_OAK
    for side, turn in ((0, False), (1, True)):
        for i in range(len(_STATIONS) - 1):
            j = i + 1
            faces = (
                ((keel[i], keel[j], low[side][j], low[side][i]), below),
                ((low[side][i], low[side][j], rim[side][j], rim[side][i]), paint),
                ((rim[side][i], rim[side][j], top[side][j], top[side][i]), dark),
                ((top[side][i], top[side][j], inner[side][j], inner[side][i]), dark),
                ((inner[side][i], inner[side][j], keel[j], keel[i]), OAK),
            )
            for corners, finish in faces:
                for three in ((corners[0], corners[1], corners[2]), (corners[0], corners[2], corners[3])):
                    boat.polygon(three[::-1] if turn else three, finish)
    stern = (top[0][0], low[0][0], keel[0], low[1][0], top[1][0])
    boat.polygon(stern, paint)
    boat.polygon(stern[::-1], OAK)
