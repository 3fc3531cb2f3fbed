"""The watchtower of a lookout: four legs, a deck, a roof, a ladder and the fire on it. Nothing else of the open."""

from __future__ import annotations

from itertools import product

from worldloom.worlds.places import Place
from worldloom.worlds.space import CELL_MM

from . import finishes
from .finishes import DARK_OAK, OAK
from .ground_mesh import Ground
from .lamps import FIRE, Lamp
from .solids import Finish, Point, Solid

_METRES = CELL_MM / 1000
_HALF, _DECK = 1.7, 5.2
"""Half the deck's side, about, and its height over the ground in metres."""
_SIGNS = (-1, 1)
_SHINGLES, _DECKING, _SOFFIT = (
    Finish("shingles", (150, 126, 102)),
    Finish("planks", (176, 150, 116)),
    Finish("planks", (120, 96, 72)),
)


def make_watchtower(ground: Ground, place: Place) -> tuple[Solid, tuple[Lamp, ...]]:
    """Return a tower on four legs over the lookout's middle, under which people can stand, and the fire on its top."""
    x, z = (place.anchor[0] + 0.5) * _METRES, (place.anchor[1] + 0.5) * _METRES
    foot = (x, ground.at(x, z), z)
    solid = finishes.solid()
    _legs(solid, foot)
    _braces(solid, foot)
    _deck(solid, foot)
    _roof(solid, foot)
    _ladder(solid, foot)
    _brazier(solid, foot)
    return solid, (Lamp((x, foot[1] + _DECK + 1.6, z), FIRE, 120.0, 24.0),)


def _legs(solid: Solid, foot: Point) -> None:
    """Legs that lean inward up to the deck, and the roof's posts on it."""
    x, base, z = foot
    for sx, sz in product(_SIGNS, _SIGNS):
        low = (x + sx * _HALF * 1.25, base - 1.2, z + sz * _HALF * 1.25)
        high = (x + sx * _HALF * 0.8, base + _DECK, z + sz * _HALF * 0.8)
        solid.beam(low, high, 0.28, DARK_OAK)
        px, pz = x + sx * _HALF * 0.9, z + sz * _HALF * 0.9
        solid.box((px - 0.1, base + _DECK, pz - 0.1), (px + 0.1, base + _DECK + 2.4, pz + 0.1), OAK)


def _braces(solid: Solid, foot: Point) -> None:
    """Crossed beams between the legs on all four sides."""
    x, base, z = foot
    reach = _HALF * 1.05
    for sign, (low, high) in product(_SIGNS, ((0.9, 3.4), (3.4, 0.9))):
        edge = sign * reach
        solid.beam((x - reach, base + low, z + edge), (x + reach, base + high, z + edge), 0.12, OAK)
        solid.beam((x + edge, base + low, z - reach), (x + edge, base + high, z + reach), 0.12, OAK)


def _deck(solid: Solid, foot: Point) -> None:
    """The deck with a rail around it."""
    x, base, z = foot
    up, half, rail = base + _DECK, _HALF * 1.15, _HALF * 1.1
    solid.box((x - half, up, z - half), (x + half, up + 0.18, z + half), _DECKING)
    for sign in _SIGNS:
        edge = sign * _HALF * 1.05
        solid.box((x - rail, up + 0.95, z + edge - 0.05), (x + rail, up + 1.07, z + edge + 0.05), OAK)
        solid.box((x + edge - 0.05, up + 0.95, z - rail), (x + edge + 0.05, up + 1.07, z + rail), OAK)


def _roof(solid: Solid, foot: Point) -> None:
    x, base, z = foot
    corners = ((-1, 1), (1, 1), (1, -1), (-1, -1))
    eaves = [(x + a * _HALF * 1.4, base + _DECK + 2.35, z + b * _HALF * 1.4) for a, b in corners]
    for i in range(4):
        solid.polygon((eaves[i], eaves[(i + 1) % 4], (x, base + _DECK + 4.1, z)), _SHINGLES)
    solid.polygon(eaves[::-1], _SOFFIT)


def _ladder(solid: Solid, foot: Point) -> None:
    """Rungs between two rails that lean on the deck."""
    x, base, z = foot
    for rung in range(14):
        up = base + 0.3 + rung * 0.36
        solid.box((x - 0.3, up, z + _HALF * 0.78), (x + 0.3, up + 0.06, z + _HALF * 0.86), OAK)
    for rail in (-0.3, 0.3):
        low, high = (x + rail, base - 0.3, z + _HALF * 0.82), (x + rail, base + _DECK + 0.4, z + _HALF * 0.82)
        solid.beam(low, high, 0.08, DARK_OAK)


def _brazier(solid: Solid, foot: Point) -> None:
    """An iron bowl on a foot with a fire in it."""
    x, base, z = foot
    bowl = [(0.14, 0), (0.14, 0.7), (0.42, 1.0), (0.3, 1.0)]
    solid.turned((x, base + _DECK + 0.18, z), bowl, 8, finishes.IRON_WORK)
    flame = Finish(finishes.FORGE, (255, 160, 80))
    solid.turned((x, base + _DECK + 1.15, z), [(0.3, 0), (0.2, 0.3), (0.0, 0.65)], 6, flame)
