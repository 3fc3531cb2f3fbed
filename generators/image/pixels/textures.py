"""Seamless 32 x 32 textures in the four tones of a paint: wood, stone, thatch, grass, sand, water, cloth, brick."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from worldloom.generators.image.drawing import Choices

from .canvas import SIDE
from .palette import Ramp


def texture(name: str, ramp: Ramp, d: Choices) -> Any:
    """Return 32 x 32 palette numbers whose left edge continues the right one and whose top continues the bottom."""
    import numpy as np  # noqa: PLC0415

    tones = TEXTURES[name](d)
    rolled = np.roll(tones, (d.pick(range(SIDE)), d.pick(range(SIDE))), (0, 1))
    return np.array(ramp, dtype=np.uint8)[rolled]


def _blank(tone: int = 1) -> Any:
    import numpy as np  # noqa: PLC0415

    return np.full((SIDE, SIDE), tone, dtype=np.uint8)


def _run(tones: Any, x: int, y: int, length: int, tone: int, *, down: bool = False) -> None:
    """Set a run of pixels on the torus."""
    for step in range(length):
        tones[(y + step * down) % SIDE, (x + step * (not down)) % SIDE] = tone


def _wood(d: Choices) -> Any:
    tones, high = _blank(), d.pick((8, 8, 16))
    for top in range(0, SIDE, high):
        for _ in range(high):
            x, y, long = d.pick(range(SIDE)), top + 2 + d.pick(range(high - 3)), d.pick((5, 7, 10, 13))
            _run(tones, x, y, long, d.pick((0, 2, 2)))
        if d.pick((True, False)):
            x, y = d.pick(range(SIDE)), top + high // 2
            for dy, dx, tone in ((0, 0, 0), (0, 1, 0), (-1, 0, 2), (-1, 1, 2), (1, 0, 2), (1, 1, 2)):
                tones[(y + dy) % SIDE, (x + dx) % SIDE] = tone
        _run(tones, 0, top, SIDE, 0)
        _run(tones, 0, top + 1, SIDE, 2)
        joint = d.pick(range(SIDE))
        _run(tones, joint, top, high, 0, down=True)
    return tones


def _stone(d: Choices) -> Any:
    import numpy as np  # noqa: PLC0415

    cell, y, x = 8, *np.mgrid[0:SIDE, 0:SIDE]
    seeds = [
        (row * cell + d.pick(range(1, 7)), (column * cell + 4 * (row % 2) + d.pick(range(1, 7))) % SIDE)
        for row in range(SIDE // cell)
        for column in range(SIDE // cell)
    ]
    far = np.stack([_apart(y - sy) ** 2 + _apart(x - sx) ** 2 for sy, sx in seeds])
    owner = far.argmin(0)
    tones = np.array([d.pick((1, 1, 2)) for _ in seeds], dtype=np.uint8)[owner]
    up, left = np.roll(owner, 1, 0), np.roll(owner, 1, 1)
    joint = (owner != up) | (owner != left)
    tones[np.roll(joint, 1, 0) & ~joint] += 1
    tones[joint] = 0
    return tones


def _apart(difference: Any) -> Any:
    """Return distances on the ring of 32."""
    import numpy as np  # noqa: PLC0415

    around = np.abs(difference) % SIDE
    return np.minimum(around, SIDE - around)


def _thatch(d: Choices) -> Any:
    tones = _blank()
    for top in range(0, SIDE, 8):
        for x in range(SIDE):
            _run(tones, x, top + d.pick((0, 0, 1)), 8 + d.pick((-1, 0, 0)), d.pick((1, 1, 2, 2, 3, 0)), down=True)
        for x in range(SIDE):
            _run(tones, x, top + 7 - d.pick((0, 0, 1)), 2, 0, down=True)
    return tones


def _grass(d: Choices) -> Any:
    tones = _blank()
    for number in range(26):
        x, y = d.pick(range(SIDE)), d.pick(range(SIDE))
        tone = (0, 2, 2, 0, 3)[number % 5]
        for dx, dy in ((-2, -2), (-1, -1), (0, 0), (1, -1), (2, -2), (0, -1), (0, -2)):
            if dx or dy != -2 or number % 2:
                tones[(y + dy) % SIDE, (x + dx) % SIDE] = tone
    return tones


def _sand(d: Choices) -> Any:
    tones = _blank(2)
    for row in range(4):
        bends = [d.pick((-1, 0, 1)) for _ in range(4)]
        for x in range(SIDE):
            y = row * 8 + bends[x // 8] + (0, 0, 1, 1, 1, 1, 0, 0)[x % 8]
            tones[y % SIDE, x] = 1
            tones[(y + 1) % SIDE, x] = 3
    for _ in range(22):
        tones[d.pick(range(SIDE)), d.pick(range(SIDE))] = d.pick((0, 1, 3))
    return tones


def _water(d: Choices) -> Any:
    tones = _blank()
    for row in range(8):
        for _ in range(2):
            x, y, long = d.pick(range(SIDE)), row * 4 + d.pick((0, 1)), d.pick((5, 7, 9))
            _run(tones, x, y, long, 2)
            _run(tones, x + 1, y - 1, 2, 2)
            _run(tones, x + long - 3, y - 1, 2, 2)
            _run(tones, x + 1, y + 1, long - 1, 0)
            if d.pick((True, False)):
                _run(tones, x + 2, y, 2, 3)
    return tones


def _cloth(d: Choices) -> Any:
    import numpy as np  # noqa: PLC0415

    y, x = np.mgrid[0:SIDE, 0:SIDE]
    weave = d.pick(("twill", "plain", "plaid"))
    if weave == "twill":
        return np.where((x + y) % 4 < 2, 1, 2).astype(np.uint8) - ((x + y) % 8 == 0).astype(np.uint8)
    if weave == "plain":
        over = (x // 2 + y // 2) % 2 == 0
        return (np.where(over, 2, 1) - ((x % 2 == 1) & (y % 2 == 1))).astype(np.uint8)
    wide = d.pick((8, 16))
    bands = (x % wide < wide // 2).astype(np.uint8) + (y % wide < wide // 2)
    thread = ((x % wide == wide * 3 // 4) | (y % wide == wide * 3 // 4)).astype(np.uint8)
    return np.where(thread, 3, bands).astype(np.uint8)


def _brick(d: Choices) -> Any:
    tones, high = _blank(0), d.pick((4, 4, 8))
    for number, top in enumerate(range(0, SIDE, high)):
        for left in range(0, SIDE, 2 * high if high == 4 else 16):
            wide = (2 * high if high == 4 else 16) - 1
            first, tone = left + number % 2 * (wide + 1) // 2, d.pick((1, 1, 1, 2))
            for row in range(high - 1):
                _run(tones, first, top + row, wide, tone)
            _run(tones, first, top, wide - 1, tone + 1)
    return tones


TEXTURES: dict[str, Callable[[Choices], Any]] = {
    "wood": _wood,
    "stone": _stone,
    "thatch": _thatch,
    "grass": _grass,
    "sand": _sand,
    "water": _water,
    "cloth": _cloth,
    "brick": _brick,
}
"""Texture -> its tones (0 dark to 3 bright), drawn on a torus."""
