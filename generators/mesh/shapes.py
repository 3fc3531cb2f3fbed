"""The solids behind the shape words: vertices and faces in whole numbers. No materials, no file format."""

from __future__ import annotations

import math
from collections.abc import Callable

from .vocabulary import Primitive

UNIT = 64
"""Vertex units in a bin: what a shape's outline is rounded to."""

Point = tuple[int, int, int]
Face = tuple[int, ...]
Solid = tuple[list[Point], list[Face]]
"""Vertices, and faces as vertex numbers counter-clockwise seen from outside."""

_SIDES = 20
_ONE = 4096
# Rounded to integers once, so that bytes do not follow a platform's last bit of sine.
_CIRCLE = [
    (round(_ONE * math.cos(2 * math.pi * i / _SIDES)), round(_ONE * math.sin(2 * math.pi * i / _SIDES)))
    for i in range(_SIDES)
]
_QUARTER = [(round(_ONE * math.cos(math.pi * i / 12)), round(_ONE * math.sin(math.pi * i / 12))) for i in range(7)]


def solid(part: Primitive) -> list[Solid]:
    """Return the primitive's solids (one to four with its mirror images) in UNIT-ths of a bin."""
    name, _, axis = part.shape.partition(".")
    vertices, faces = _SHAPES[name]()
    box = (part.a, part.b, part.c)
    turn = _TURNS.get((name in _PRISMS, axis), _keep)
    placed = [_place(turn(vertex), box, (part.x, part.y, part.z)) for vertex in vertices]
    flips = {"one": [(1, 1)], "mx": [(1, 1), (-1, 1)], "mz": [(1, 1), (1, -1)]}.get(
        part.symmetry, [(1, 1), (-1, 1), (1, -1), (-1, -1)]
    )
    return [_mirror(placed, faces, flip) for flip in flips]


def _keep(point: Point) -> Point:
    return point


# Proper rotations only, so faces stay counter-clockwise. Lathed shapes are built around y, prisms along z.
_PRISMS = frozenset({"arc", "smile", "vault", "wedge"})
_TURNS: dict[tuple[bool, str], Callable[[Point], Point]] = {
    (False, "x"): lambda point: (point[1], point[2], point[0]),
    (False, "z"): lambda point: (point[2], point[0], point[1]),
    (True, "x"): lambda point: (point[2], point[1], -point[0]),
}


def _place(point: Point, box: Point, at: Point) -> Point:
    # Shapes span -_ONE to _ONE in each axis: scaled to the box, centred in x and z, standing on y.
    x, y, z = (value * extent * UNIT // (2 * _ONE) for value, extent in zip(point, box, strict=True))
    return (x + at[0] * UNIT, y + at[1] * UNIT + box[1] * UNIT // 2, z + at[2] * UNIT)


def _mirror(vertices: list[Point], faces: list[Face], flip: tuple[int, int]) -> Solid:
    fx, fz = flip
    turned = faces if fx * fz > 0 else [face[::-1] for face in faces]
    return [(x * fx, y, z * fz) for x, y, z in vertices], turned


def _lathe(profile: list[tuple[int, int]], *, closed: bool = False) -> Solid:
    """Turn a profile of (radius, y), bottom to top outside, around the y axis; `closed` joins its ends."""
    vertices: list[Point] = []
    rings: list[list[int]] = []
    for radius, y in profile:
        first = len(vertices)
        if radius == 0:
            vertices.append((0, y, 0))
            rings.append([first] * _SIDES)
        else:
            vertices += [(radius * c // _ONE, y, radius * s // _ONE) for c, s in _CIRCLE]
            rings.append(list(range(first, first + _SIDES)))
    faces: list[Face] = []
    pairs = list(zip(rings, rings[1:] + rings[:1], strict=True))
    for low, high in pairs if closed else pairs[:-1]:
        for i in range(_SIDES):
            j = (i + 1) % _SIDES
            faces.append(_clean((low[i], high[i], high[j], low[j])))
    return vertices, [face for face in faces if len(face) > 2]


def _clean(face: Face) -> Face:
    return tuple(dict.fromkeys(face))


def _box() -> Solid:
    points = [(x * _ONE, y * _ONE, z * _ONE) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]
    return points, [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]


def _frustum(bottom: int, top: int) -> Solid:
    return _lathe([(0, -_ONE), (bottom, -_ONE), (top, _ONE), (0, _ONE)])


def _barrel() -> Solid:
    waist = [(_ONE * 13 // 16, -_ONE), (_ONE * 15 // 16, -_ONE // 2), (_ONE, 0)]
    belly = [*waist, *((radius, -y) for radius, y in waist[1::-1])]
    return _lathe([(0, -_ONE), *belly, (0, _ONE)])


def _ball() -> Solid:
    lower = [(cos, -sin) for cos, sin in _QUARTER[6:0:-1]]
    return _lathe([(max(0, cos), y) for cos, y in [*lower, *_QUARTER]])


def _dome() -> Solid:
    # Half a ball that fills the whole box: its equator lies at the box's bottom.
    return _lathe([(0, -_ONE), *((max(0, cos), 2 * sin - _ONE) for cos, sin in _QUARTER)])


def _vessel(bottom: int) -> Solid:
    wall, floor = _ONE // 8, -_ONE * 7 // 8
    return _lathe([(0, -_ONE), (bottom, -_ONE), (_ONE, _ONE), (_ONE - wall, _ONE), (bottom - wall, floor), (0, floor)])


def _ring() -> Solid:
    outer, inner = _ONE, _ONE * 3 // 4
    return _lathe([(inner, -_ONE), (outer, -_ONE), (outer, _ONE), (inner, _ONE)], closed=True)


def _arc(up: int) -> Solid:
    """Half a ring in the x-y plane that fills its box; `up` is 1 for a handle, -1 for a smile."""
    half = _SIDES // 2
    vertices: list[Point] = [
        (radius * c // _ONE, up * (2 * radius * s // _ONE - _ONE), z)
        for c, s in _CIRCLE[: half + 1]
        for radius in (_ONE, _ONE * 13 // 16)
        for z in (-_ONE, _ONE)
    ]
    faces: list[Face] = [(0, 2, 3, 1)]
    for i in range(half):
        a, b = 4 * i, 4 * i + 4
        faces += [
            (a, a + 1, b + 1, b),
            (a + 2, b + 2, b + 3, a + 3),
            (a, b, b + 2, a + 2),
            (a + 1, a + 3, b + 3, b + 1),
        ]
    end = 4 * half
    faces.append((end, end + 1, end + 3, end + 2))
    return vertices, [face[::-1] for face in faces] if up > 0 else faces


def _wedge() -> Solid:
    """A gable roof with its ridge along z."""
    points = [(-_ONE, -_ONE, z) for z in (-_ONE, _ONE)] + [(_ONE, -_ONE, z) for z in (-_ONE, _ONE)]
    points += [(0, _ONE, z) for z in (-_ONE, _ONE)]
    return points, [(0, 2, 3, 1), (0, 1, 5, 4), (2, 4, 5, 3), (0, 4, 2), (1, 3, 5)]


def _vault() -> Solid:
    """Half a cylinder along z that fills its box: a chest's lid."""
    rim = [(c, 2 * s - _ONE) for c, s in _CIRCLE[: _SIDES // 2 + 1]]
    count = len(rim)
    points = [(x, y, z) for z in (-_ONE, _ONE) for x, y in rim]
    back, front = tuple(range(count - 1, -1, -1)), tuple(range(count, 2 * count))
    sides = [(i, (i + 1) % count, count + (i + 1) % count, count + i) for i in range(count)]
    return points, [back, front, *sides]


def _fan() -> Solid:
    """A notched fish tail in the y-z plane, narrow at -z, wide at +z."""
    outline = [(0, -_ONE), (_ONE, _ONE), (0, _ONE // 2), (-_ONE, _ONE)]
    points = [(x, y, z) for x in (-_ONE, _ONE) for y, z in outline]
    left: list[Face] = [(0, 2, 1), (0, 3, 2)]
    right: list[Face] = [(4, 5, 6), (4, 6, 7)]
    edges: list[Face] = [(i, (i + 1) % 4, 4 + (i + 1) % 4, 4 + i) for i in range(4)]
    return points, left + right + edges


_HULL_STATIONS = ((-16, 1), (-13, 7), (-8, 13), (0, 16), (7, 15), (12, 11), (16, 6))
"""Along the boat in sixteenths: place and half breadth."""


def _hull() -> Solid:
    """An open boat: outer and inner skin through stations along z, sheer rising to both ends."""
    vertices: list[Point] = []
    for place, breadth in _HULL_STATIONS:
        z, wide = _ONE * place // 16, _ONE * breadth // 16
        top = _ONE - _ONE * 10 * (256 - place * place) // (16 * 256)
        keel = -_ONE + _ONE * max(0, abs(place) - 10) // 10
        inner, floor = max(0, wide - _ONE // 8), keel + _ONE // 6
        vertices += [(-wide, top, z), (-wide * 5 // 8, (keel * 3 + top) // 4, z), (0, keel, z)]
        vertices += [(wide * 5 // 8, (keel * 3 + top) // 4, z), (wide, top, z), (inner, top, z)]
        vertices += [
            (inner // 2, (floor * 3 + top) // 4, z),
            (0, floor, z),
            (-inner // 2, (floor * 3 + top) // 4, z),
        ]
        vertices.append((-inner, top, z))
    faces: list[Face] = []
    for station in range(len(_HULL_STATIONS) - 1):
        a, b = 10 * station, 10 * station + 10
        faces += [(a + i, a + (i + 1) % 10, b + (i + 1) % 10, b + i) for i in range(10)]
    last = 10 * (len(_HULL_STATIONS) - 1)
    bow: list[Face] = [(i, 9 - i, 8 - i, i + 1) for i in range(4)]
    stern: list[Face] = [(last + i + 1, last + 8 - i, last + 9 - i, last + i) for i in range(4)]
    return vertices, faces + bow + stern


_SHAPES: dict[str, Callable[[], Solid]] = {
    "box": _box,
    "ball": _ball,
    "dome": _dome,
    "cup": lambda: _vessel(_ONE * 12 // 16),
    "vat": lambda: _vessel(_ONE),
    "hull": _hull,
    "fan": _fan,
    "cyl": lambda: _frustum(_ONE, _ONE),
    "cone": lambda: _frustum(_ONE, 0),
    "barrel": _barrel,
    "ring": _ring,
    "arc": lambda: _arc(1),
    "smile": lambda: _arc(-1),
    "vault": _vault,
    "wedge": _wedge,
}
