"""Roofs of houses: two slopes with overhang, gables, ridge, boards, dormers, chimneys. No walls below the eaves."""

from __future__ import annotations

from .finishes import BRICK, DARK_OAK, DARK_RUBBLE, GLASS, LIT, OAK, PALE, blended, plain
from .house_frame import THICK, Frame
from .house_walls import WHOLE
from .palette import blend
from .solids import Finish, Point, Solid

_OVER, _GABLE_OVER = 0.55, 0.5


def add_roof(solid: Solid, frame: Frame, gable: Finish) -> None:
    """Add two slabs that meet at the ridge, and the gables under them, covered with `gable`."""
    thick = 0.42 if frame.thatched else 0.16
    slope = frame.rise / frame.z
    x = frame.x + _GABLE_OVER
    eave_z, eave_y = frame.z + _OVER, frame.wall - _OVER * slope
    for sign in (1, -1):
        under = [(-sign * x, eave_y, sign * eave_z), (sign * x, eave_y, sign * eave_z)]
        under += [(sign * x, frame.ridge, 0.0), (-sign * x, frame.ridge, 0.0)]
        solid.loft(under, [(px, py + thick, pz) for px, py, pz in under], frame.roof)
    _ridge(solid, frame, x, thick)
    inside = frame.x - THICK
    for sign in (1, -1):
        outline = [(-frame.z, frame.wall), (frame.z, frame.wall), (0.0, frame.ridge)]
        solid.polygon([(sign * frame.x, y, -sign * z) for z, y in outline], gable)
        solid.polygon([(sign * inside, y, -sign * z) for z, y in outline][::-1], gable)
        if not frame.thatched:
            _bargeboards(solid, frame, sign * (x + 0.02), thick, slope)
    solid.box((-frame.x + 0.02, frame.wall - 0.14, -0.1), (frame.x - 0.02, frame.wall, 0.1), OAK)


def _ridge(solid: Solid, frame: Frame, x: float, thick: float) -> None:
    """A cap over the ridge: rolls of straw on thatch, tiles or lead elsewhere."""
    top = frame.ridge + thick
    wide, drop, rise = (0.7, 0.52, 0.16) if frame.thatched else (0.22, 0.13, 0.07)
    slope = frame.rise / frame.z
    cap = blended(frame.roof, DARK_OAK, 18)
    for sign in (1, -1):
        low, high = top - wide * slope + rise, top + rise
        under = [(-sign * (x + 0.03), low - drop, sign * wide), (sign * (x + 0.03), low - drop, sign * wide)]
        under += [(sign * (x + 0.03), high - drop, 0.0), (-sign * (x + 0.03), high - drop, 0.0)]
        upper = [(px, py + drop, pz) for px, py, pz in under]
        solid.loft(under, upper, cap)


def _bargeboards(solid: Solid, frame: Frame, x: float, thick: float, slope: float) -> None:
    """Boards along the gable's edges, from the eaves to the ridge."""
    z = frame.z + _OVER
    eave = frame.wall - _OVER * slope
    side = 0.05 if x > 0 else -0.05
    for sign in (1, -1):
        line = [(eave + thick + 0.03, sign * z), (frame.ridge + thick + 0.03, 0.0)]
        low = [(eave - 0.14, sign * z), (frame.ridge - 0.14, 0.0)]
        outline = [line[0], line[1], low[1], low[0]]
        near = [(x, y, at) for y, at in outline]
        far = [(x + side, y, at) for y, at in outline]
        _prism(solid, near, far, DARK_OAK)


def _prism(solid: Solid, near: list[Point], far: list[Point], finish: Finish) -> None:
    """The body between two equal outlines, whichever way they turn."""
    ax, ay, az = (near[1][i] - near[0][i] for i in range(3))
    bx, by, bz = (near[2][i] - near[0][i] for i in range(3))
    normal = ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx
    toward = sum(n * (f - o) for n, f, o in zip(normal, far[0], near[0], strict=True))
    one, other = (near, far) if toward > 0 else (far, near)
    solid.loft(one, other, finish)


def add_chimney(
    solid: Solid, frame: Frame, x: float, wide: float = 0.75, tall: float = 0.9, finish: Finish = BRICK, pots: int = 1
) -> None:
    """Add a stack through the roof behind the ridge, with a cap and pots."""
    top, half, z = frame.ridge + tall, wide / 2, -frame.z * 0.3
    solid.box((x - half, 0.0, z - half), (x + half, top, z + half), finish)
    _cap(solid, (x, top, z), half, pots)


def add_breast(solid: Solid, frame: Frame, side: int, finish: Finish, pots: int = 2) -> None:
    """Add a chimney that climbs a gable outside: a broad foot, a shoulder, a stack over the ridge."""
    x, top = side * (frame.x + 0.3), frame.ridge + 0.9
    shoulder = frame.wall - 0.2

    def outline(out: float, half: float, up: float) -> list[Point]:
        low, high = sorted((x - side * 0.42, x + side * out))
        return [(low, up, half), (high, up, half), (high, up, -half), (low, up, -half)]

    solid.loft(outline(0.25, 0.75, -frame.depth), outline(0.25, 0.75, shoulder), finish, bottom=False)
    solid.loft(outline(0.25, 0.75, shoulder), outline(0.22, 0.36, shoulder + 0.8), finish, bottom=False)
    solid.loft(outline(0.22, 0.36, shoulder + 0.8), outline(0.22, 0.36, top), finish, bottom=False)
    _cap(solid, (x - side * 0.1, top, 0.0), 0.4, pots)


def _cap(solid: Solid, at: Point, half: float, pots: int) -> None:
    x, top, z = at
    solid.box((x - half - 0.07, top, z - half - 0.07), (x + half + 0.07, top + 0.14, z + half + 0.07), DARK_RUBBLE)
    for n in range(pots):
        off = (n - (pots - 1) / 2) * 0.34
        solid.turned((x, top + 0.14, z + off), [(0.13, 0), (0.10, 0.36), (0.13, 0.4), (0.09, 0.4)], 6, _CLAY)


_CLAY = plain((150, 84, 62))


def add_dormer(solid: Solid, lit: Solid, frame: Frame, x: float, sign: int, face: Finish) -> None:
    """Add a small gabled window in the slope at +z (sign 1) or -z."""
    half, slope = 0.72, frame.rise / frame.z
    front = frame.z - 0.15
    low = frame.wall + (frame.z - front) * slope
    eave, ridge = low + 1.25, low + 1.25 + half * 0.9

    def at(dx: float, up: float, z: float) -> Point:
        return x + sign * dx, up, sign * z

    def depth(up: float) -> float:
        """How far from the middle the roof's surface is at a height."""
        return max(0.0, frame.z - (up - 0.16 - frame.wall) / slope)

    solid.polygon([at(-half, low, front), at(half, low, front), at(half, eave, front), at(-half, eave, front)], face)
    solid.polygon([at(-half, eave, front), at(half, eave, front), at(0, ridge, front)], face)
    for side in (1, -1):
        cheek = [at(side * half, low, front), at(side * half, eave, depth(eave)), at(side * half, eave, front)]
        solid.polygon(cheek if side > 0 else cheek[::-1], face)
        over, out = half + 0.22, front + 0.3
        edge = eave - 0.2
        under = [at(side * over, edge, out), at(0, ridge, out), at(0, ridge, depth(ridge) - 0.1)]
        under.append(at(side * over, edge, depth(edge)))
        _prism(solid, under, [(px, py + 0.12, pz) for px, py, pz in under], frame.roof)
    pane = [at(-0.42, low + 0.2, front + 0.03), at(0.42, low + 0.2, front + 0.03)]
    pane += [at(0.42, low + 1.15, front + 0.03), at(-0.42, low + 1.15, front + 0.03)]
    solid.polygon([at(-0.52, low + 0.1, front + 0.015), at(0.52, low + 0.1, front + 0.015),
                   at(0.52, low + 1.22, front + 0.015), at(-0.52, low + 1.22, front + 0.015)], PALE)  # fmt: skip
    solid.polygon(pane, Finish(GLASS, (255, 255, 255)), WHOLE)
    lit.polygon([(px, py, pz + sign * 0.01) for px, py, pz in pane], Finish(LIT, (255, 255, 255)), WHOLE)


def coarse(frame: Frame) -> Solid:
    """Return the house as one sees it from afar: a block under a roof, in plain colours."""
    solid = Solid()
    walls, roof = (
        plain(blend(frame.walls.colour, (120, 110, 100), 12)),
        plain(blend(frame.roof.colour, (60, 54, 50), 18)),
    )
    solid.box((-frame.x, -frame.depth, -frame.z), (frame.x, frame.wall, frame.z), walls, bottom=False)
    x, z = frame.x + _GABLE_OVER, frame.z + _OVER
    eave, ridge = frame.wall - 0.3, frame.ridge + 0.2
    for sign in (1, -1):
        slope = [
            (-sign * x, eave, sign * z),
            (sign * x, eave, sign * z),
            (sign * x, ridge, 0.0),
            (-sign * x, ridge, 0.0),
        ]
        solid.polygon(slope, roof)
        solid.polygon(
            [(sign * frame.x, eave, -sign * -z), (sign * frame.x, eave, sign * -z), (sign * frame.x, ridge, 0.0)], walls
        )
    return solid
