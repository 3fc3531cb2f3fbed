"""Where one stands and what light there is when a world is drawn: cameras by the world's own places. Draws nothing."""

from __future__ import annotations

import json
import math
import struct
from typing import Any

SIZE = (1280, 720)

GOLDEN: dict[str, Any] = {
    "zenith": [0.09, 0.26, 0.62],
    "horizon": [1.0, 0.74, 0.50],
    "glow": [1.0, 0.60, 0.26],
    "stars": 0,
    "sunlight": [1.0, 0.74, 0.46],
    "strength": 5.4,
    "sky": 1.0,
    "fog": [0.92, 0.70, 0.52],
    "haze": 0.00075,
    "exposure": 0.84,
    "bloom": 0,
    "night": False,
    "lamps": 0.25,
    "height": 16,
}
"""An hour before sunset: linear colours, intensities as three.js counts them, the sun's height in degrees."""

NIGHT: dict[str, Any] = GOLDEN | {
    "zenith": [0.008, 0.018, 0.06],
    "horizon": [0.075, 0.11, 0.20],
    "glow": [0.12, 0.14, 0.2],
    "stars": 1.0,
    "sunlight": [0.5, 0.62, 1.0],
    "strength": 1.8,
    "sky": 1.4,
    "fog": [0.035, 0.055, 0.11],
    "haze": 0.0015,
    "exposure": 1.8,
    "bloom": 0.35,
    "night": True,
    "lamps": 1.4,
    "lampgain": 1.8,
    "height": 38,
}
"""A full moon, and every lamp that the file has, stronger than in the file: a photographer's long exposure."""

Spot = tuple[float, float, float]


def places(glb: bytes) -> dict[str, Spot]:
    """Return where the first place of each kind lies, in metres; empty for a file without places."""
    document = json.loads(glb[20 : 20 + struct.unpack_from("<I", glb, 12)[0]])
    found: dict[str, Spot] = {}
    for node in document.get("nodes", ()):
        extras = node.get("extras", {})
        if "capacity" in extras:
            x, y, z = node.get("translation", (0.0, 0.0, 0.0))
            found.setdefault(extras["kind"], (x, y, z))
    return found


def from_the_hills(glb: bytes) -> dict[str, Any]:
    """Look over the roofs down to the water, late in the afternoon."""
    square, away, side = _frame(glb)
    eye = _moved(square, away, -88, side, 40, 27)
    return _shot(GOLDEN, eye, _moved(square, away, 20, side, -2, -3), turn=-52, reach=130)


def from_the_water(glb: bytes) -> dict[str, Any]:
    """Look at the village from off its shore, by night."""
    square, away, side = _frame(glb)
    eye = _moved(square, away, 92, side, 58, 21)
    return _shot(NIGHT, eye, _moved(square, away, 4, side, 0, 2), turn=70, reach=120)


def at_the_ruin(glb: bytes) -> dict[str, Any]:
    """Stand before the first ruin (else where `_frame` begins), late in the afternoon."""
    x, y, z = places(glb).get("ruin") or _frame(glb)[0]
    return _shot(GOLDEN | {"exposure": 1.0}, (x - 15, y + 7, z + 14), (x, y + 1, z), turn=-60, reach=50)


def _frame(glb: bytes) -> tuple[Spot, tuple[float, float], tuple[float, float]]:
    """Return the square (else the first place, else the origin), the way to the water, and the way across it."""
    spots = places(glb)
    square = spots.get("square") or next(iter(spots.values()), (0.0, 0.0, 0.0))
    water = spots.get("harbour") or spots.get("beach") or (square[0] + 1.0, 0.0, square[2])
    east, south = water[0] - square[0], water[2] - square[2]
    length = math.hypot(east, south) or 1.0
    away = (east / length, south / length)
    return square, away, (-away[1], away[0])


def _moved(
    spot: Spot, away: tuple[float, float], far: float, side: tuple[float, float], wide: float, up: float
) -> Spot:
    return spot[0] + away[0] * far + side[0] * wide, spot[1] + up, spot[2] + away[1] * far + side[1] * wide


def _shot(light: dict[str, Any], eye: Spot, target: Spot, *, turn: float, reach: float) -> dict[str, Any]:
    """Join light and camera; the sun stands `turn` degrees right of where one looks, shadows reach so many metres."""
    ahead = math.atan2(target[2] - eye[2], target[0] - eye[0]) + math.radians(turn)
    up = math.radians(light["height"])
    sun = [math.cos(up) * math.cos(ahead), math.sin(up), math.cos(up) * math.sin(ahead)]
    camera = {"eye": list(eye), "target": list(target), "view": 38, "size": list(SIZE), "sharp": 1.5}
    return {**light, **camera, "sun": sun, "reach": reach, "shade": not light["night"]}
