"""Walls of a house with what is in them: plinth, doors and steps, windows by day and by night, timbers. No roof."""

from __future__ import annotations

from itertools import pairwise

from .finishes import DARK_OAK, DEAL, GLASS, IRON_WORK, LIT, OAK, PALE, RUBBLE, blended, plain, shaded
from .house_frame import THICK, Frame, Side, Span, Style
from .solids import Finish, Solid

WHOLE = ((0.0, 1.0), (1.0, 1.0), (1.0, 0.0), (0.0, 0.0))
"""A picture on a panel, upright."""

_STOREY = 4.3
"""A wall higher than this has windows on two floors."""

_STEP, _TREAD = 0.19, 0.32
_CLEAR: Finish = Finish(GLASS, (255, 255, 255))
_GLOW: Finish = Finish(LIT, (255, 255, 255))
_BLOOM = ((214, 92, 108), (236, 190, 84), (186, 120, 196), (240, 236, 228))


def add_walls(solid: Solid, lit: Solid, frame: Frame, style: Style) -> None:
    """Add foundation, floor and all four walls; what shines by night goes into `lit`."""
    base = shaded(RUBBLE, 8, frame.number, 3)
    x, z = frame.x + 0.08, frame.z + 0.08
    solid.box((-x, -frame.depth, -z), (x, -0.02, z), base, bottom=False)
    inner = THICK - 0.01
    solid.box((inner - frame.x, -0.02, inner - frame.z), (frame.x - inner, 0.0, frame.z - inner), DEAL, bottom=False)
    for number in range(4):
        side = Side(frame, number)
        doors = [
            (side.along(door), drop)
            for door, drop in zip(frame.doors, frame.drops, strict=True)
            if frame.side_of(door) == number
        ]
        _wall(solid, frame, style, side, base, doors[:1])
        if style.windows:
            _windows(solid, lit, frame, style, side, [at for at, _ in doors])


def _wall(solid: Solid, frame: Frame, style: Style, side: Side, base: Finish, doors: list[tuple[float, float]]) -> None:
    # Front and back reach round the corners, the gable walls stand between them: no face lies in another.
    end = side.half if side.number % 2 == 0 else side.half - THICK
    gaps = [(at - style.door_width / 2, at + style.door_width / 2) for at, _ in doors]
    spans = [(-end, gaps[0][0]), (gaps[0][1], end)] if gaps else [(-end, end)]
    wide = [(-side.half - 0.08, gaps[0][0] - 0.14), (gaps[0][1] + 0.14, side.half + 0.08)] if gaps else []
    for span in wide or [(-side.half - 0.08, side.half + 0.08)]:
        side.box(solid, span, (-0.02, 0.34), (0.001, 0.08), base)
    if style.open:
        for at, drop in doors:
            _steps(solid, frame, side, at, style.door_width / 2, drop)
        return
    top = 2.75 if style.upper else frame.wall
    for span in spans:
        side.box(solid, span, (-0.02, top), (-THICK, 0.0), frame.walls)
    for gap, (at, drop) in zip(gaps, doors, strict=True):
        side.box(solid, gap, (style.door_height, top), (-THICK, 0.0), frame.walls)
        _door(solid, side, at, style, frame.door)
        _steps(solid, frame, side, at, style.door_width / 2, drop)
    if style.upper:
        side.box(solid, (-end, end), (top, frame.wall), (-THICK, 0.0), style.upper)
        side.box(solid, (-side.half - 0.05, side.half + 0.05), (top - 0.1, top + 0.12), (0.001, 0.07), OAK)
    if style.framed:
        _timbers(solid, frame, side, gaps)


def _door(solid: Solid, side: Side, at: float, style: Style, leaf: Finish) -> None:
    half, high = style.door_width / 2, style.door_height
    side.box(solid, (at - half, at + half), (-0.02, high), (-0.2, -0.12), leaf)
    if style.door_width > 1.8:
        side.panel(solid, (at - 0.03, at + 0.03), (0.0, high), -0.115, DARK_OAK)
    for up in (0.35, high - 0.45):
        side.panel(solid, (at - half + 0.05, at + half - 0.05), (up, up + 0.09), -0.114, IRON_WORK)
    trim = blended(OAK, leaf, 20)
    side.box(solid, (at - half - 0.14, at - half), (-0.02, high), (-0.05, 0.07), trim)
    side.box(solid, (at + half, at + half + 0.14), (-0.02, high), (-0.05, 0.07), trim)
    side.box(solid, (at - half - 0.2, at + half + 0.2), (high, high + 0.17), (-0.05, 0.1), trim)
    side.box(solid, (at + half - 0.22, at + half - 0.14), (1.0, 1.12), (-0.12, -0.07), plain((200, 170, 90)))


def _steps(solid: Solid, frame: Frame, side: Side, at: float, half: float, drop: float) -> None:
    """A landing before the door and as many steps as lead down to the ground."""
    count = min(6, max(0, int((drop - 0.05) / _STEP)))
    out = 0.72
    side.box(solid, (at - half - 0.3, at + half + 0.3), (-frame.depth, -0.02), (0.081, out), RUBBLE)
    for step in range(1, count + 1):
        span = at - half - 0.3 - 0.04 * step, at + half + 0.3 + 0.04 * step
        side.box(solid, span, (-frame.depth, -0.02 - _STEP * step), (out, out + _TREAD), RUBBLE)
        out += _TREAD


def _windows(solid: Solid, lit: Solid, frame: Frame, style: Style, side: Side, doors: list[float]) -> None:
    floors = (0.95, 3.25) if frame.wall > _STOREY else (0.95,)
    for floor, sill in enumerate(floors):
        for i, at in enumerate(window_places(side.half)):
            if sill < 2 and any(abs(at - door) < style.door_width / 2 + 0.85 for door in doors):
                continue
            key = frame.number * 31 + side.number * 7 + floor * 3 + i
            add_window(solid, lit if key % 3 else None, side, (at - 0.45, at + 0.45), (sill, sill + 1.15))
            if style.shutters and floor == 0:
                _shutters(solid, side, at, sill, frame.door, key)
    gable_window = side.number % 2 == 1 and frame.rise > 1.9 and frame.wall <= _STOREY
    if gable_window and not style.open:
        up = frame.wall + frame.rise * 0.18
        add_window(solid, lit, side, (-0.38, 0.38), (up, up + 0.8))


def add_window(solid: Solid, lit: Solid | None, side: Side, span: Span, up: Span, trim: Finish = PALE) -> None:
    """Add a casement in a frame; one that is lit by night has its light in `lit`."""
    side.ring(solid, span, up, 0.12, (0.02, 0.08), trim)
    side.panel(solid, span, up, 0.02, _CLEAR, WHOLE)
    if lit is not None:
        side.panel(lit, span, up, 0.03, _GLOW, WHOLE)


def _shutters(solid: Solid, side: Side, at: float, sill: float, leaf: Finish, key: int) -> None:
    for start, end in ((at - 1.02, at - 0.58), (at + 0.58, at + 1.02)):
        side.panel(solid, (start, end), (sill - 0.05, sill + 1.2), 0.05, leaf)
    if key % 2:
        side.box(solid, (at - 0.55, at + 0.55), (sill - 0.36, sill - 0.14), (0.0, 0.26), OAK)
        side.box(solid, (at - 0.5, at + 0.5), (sill - 0.14, sill + 0.02), (0.03, 0.24), Finish("leaves", (98, 136, 70)))
        for n in range(3):
            x = at - 0.36 + 0.36 * n
            side.panel(solid, (x - 0.09, x + 0.09), (sill - 0.1, sill + 0.06), 0.245, plain(_BLOOM[(key + n) % 4]))


def window_places(half: float) -> list[float]:
    """Return the middles of the windows of a wall of half its length."""
    count = max(1, int(2 * half / 2.9))
    return [-half + 2 * half * (i + 0.5) / count for i in range(count)]


def _post_places(half: float) -> list[float]:
    """Return where posts stand: at the corners, half-way between windows, and beside each window."""
    windows = window_places(half)
    between = [(one + other) / 2 for one, other in pairwise(windows)]
    beside = [at + off for at in windows for off in (-0.7, 0.7)]
    return sorted([-half + 0.1, half - 0.1, *between, *beside])


def _timbers(solid: Solid, frame: Frame, side: Side, gaps: list[Span]) -> None:
    """Posts, rails and braces on the plaster, three centimetres proud."""
    half, top, wood, out = side.half, frame.wall, DARK_OAK, 0.03
    low = 2.75 if top > _STOREY else 0.34
    for up in (low + 0.09, top - 0.1):
        side.plank(solid, (-half, up), (half, up), 0.2, out, wood)
    for at in _post_places(half):
        if low > 1 or all(at < start - 0.25 or at > end + 0.25 for start, end in gaps):
            side.plank(solid, (at, low), (at, top), 0.17, out + 0.004, wood)
    for sign in (-1, 1):
        start = sign * (half - 0.15)
        side.plank(solid, (start, low + 0.95), (start - sign * 0.75, low + 0.1), 0.14, out - 0.004, wood)
