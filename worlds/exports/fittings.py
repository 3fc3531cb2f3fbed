"""What tells one kind of house from another at a glance: tower, hoist, chimneys, forge. No walls or roofs."""

from __future__ import annotations

from collections.abc import Callable

from .finishes import (
    ASHLAR,
    BOARDS,
    BRICK,
    COPPER,
    DARK_OAK,
    DARK_RUBBLE,
    DEAL,
    FORGE,
    IRON_WORK,
    LAMP,
    OAK,
    PALE,
    RUBBLE,
    plain,
)
from .goods import barrel, crate, log_pile, sack
from .house_frame import THICK, Draft, Frame, Side
from .house_roofs import add_breast, add_chimney, add_dormer
from .house_walls import add_window
from .lamps import FIRE, Lamp
from .palette import Colour
from .solids import Finish, Point, Solid
from .towers import chapel_tower, cupola

_SMOKED = Finish("brick", (92, 84, 80))
_GLOW: Finish = Finish(FORGE, (255, 160, 80))
_FLAME: Finish = Finish(LAMP, (255, 226, 170))

Fitting = Callable[[Draft], list[Lamp]]


def _lantern(solid: Solid, frame: Frame, up: float = 2.3) -> list[Lamp]:
    """A lantern on a bracket beside each door."""
    lamps = []
    for door in frame.doors:
        side = Side(frame, frame.side_of(door))
        at = side.along(door) - 1.15
        side.box(solid, (at - 0.03, at + 0.03), (up + 0.2, up + 0.26), (0.0, 0.42), IRON_WORK)
        side.box(solid, (at - 0.09, at + 0.09), (up - 0.14, up + 0.12), (0.28, 0.46), _FLAME)
        side.box(solid, (at - 0.12, at + 0.12), (up + 0.12, up + 0.2), (0.25, 0.49), IRON_WORK)
        lamps.append(Lamp(side.point(at, up, 0.62), candela=6.0, reach=12.0))
    return lamps


def _canopy(solid: Solid, frame: Frame, wide: float = 1.1, up: float = 2.55) -> None:
    """A little roof on brackets over each door."""
    for door in frame.doors:
        side = Side(frame, frame.side_of(door))
        at = side.along(door)
        under = [side.point(at - wide, up - 0.28, 0.95), side.point(at + wide, up - 0.28, 0.95)]
        under += [side.point(at + wide, up + 0.3, 0.0), side.point(at - wide, up + 0.3, 0.0)]
        solid.loft(under, [(x, y + 0.1, z) for x, y, z in under], frame.roof)
        for edge in (at - wide + 0.15, at + wide - 0.15):
            solid.beam(side.point(edge, up - 0.8, 0.02), side.point(edge, up - 0.25, 0.8), 0.1, OAK, ends=False)


def _home(draft: Draft) -> list[Lamp]:
    solid, lit, frame = draft
    gable = frame.free_gable()
    if frame.number % 3 == 1:
        add_chimney(solid, frame, -gable * (frame.x - 0.8), tall=0.7, pots=2)
    else:
        add_breast(solid, frame, gable, RUBBLE if frame.thatched else BRICK)
    if frame.number % 2:
        _canopy(solid, frame)
    if frame.number % 4 == 2:
        add_dormer(solid, lit, frame, 0.0, frame.free_front(), frame.walls)
    front = -frame.free_front()
    if frame.number % 3 == 0:
        barrel(solid, (-gable * (frame.x + 0.45), -frame.depth + 0.3, -front * frame.z * 0.4), frame.depth)
    elif frame.number % 3 == 1:
        log_pile(solid, (-frame.x * 0.3, -frame.depth + 0.4, -front * (frame.z + 0.42)), 1.6)
    return []


def _inn(draft: Draft) -> list[Lamp]:
    solid, lit, frame = draft
    for end in (1, -1):
        add_chimney(solid, frame, end * (frame.x - 1.0), 0.9, 1.0, pots=3)
    for x in (-frame.x * 0.45, frame.x * 0.45):
        for sign in (1, -1):
            add_dormer(solid, lit, frame, x, sign, Finish("plaster", (240, 228, 200)))
    for door in frame.doors:
        side = Side(frame, frame.side_of(door))
        at, up = side.along(door) + 1.5, 3.9
        solid.beam(side.point(at, up, 0.0), side.point(at, up, 1.35), 0.09, IRON_WORK)
        solid.beam(side.point(at, up - 0.5, 0.0), side.point(at, up - 0.02, 0.6), 0.06, IRON_WORK)
        board = [side.point(at + 0.03, up - 1.05, 0.42), side.point(at + 0.03, up - 0.15, 1.24)]
        low = min(board[0][0], board[1][0]) - 0.02, board[0][1], min(board[0][2], board[1][2]) - 0.02
        high = max(board[0][0], board[1][0]) + 0.02, board[1][1], max(board[0][2], board[1][2]) + 0.02
        solid.box(low, high, DARK_OAK)
    _canopy(solid, frame, 1.3, 2.62)
    front = frame.free_front()
    for n in range(3):
        barrel(solid, (-frame.x + 0.7 + 0.8 * n, -frame.depth + 0.35, front * (frame.z + 0.5)), frame.depth - 0.4)
    return _lantern(solid, frame)


def _bakery(draft: Draft) -> list[Lamp]:
    solid, _, frame = draft
    add_breast(solid, frame, frame.free_gable(), BRICK, 1)
    side = frame.free_front()
    dome = [
        (1.15, 0.0),
        (1.15, frame.depth + 0.9),
        (0.95, frame.depth + 1.45),
        (0.5, frame.depth + 1.85),
        (0.0, frame.depth + 2.0),
    ]
    solid.turned((0.0, -frame.depth, side * (frame.z + 0.1)), dome, 10, BRICK)
    _canopy(solid, frame, 1.6)
    for n in range(2):
        sack(solid, (frame.free_gable() * -(frame.x + 0.4), -0.3, -0.6 + n * 0.7), (222, 206, 170))
    return _lantern(solid, frame)


def _chapel(draft: Draft) -> list[Lamp]:
    solid, lit, frame = draft
    tower = frame.free_gable()
    chapel_tower(solid, lit, frame, tower)
    for number in (0, 2):
        side = Side(frame, number)
        doors = [side.along(door) for door in frame.doors if frame.side_of(door) == number]
        for i in range(4):
            at = -side.half + 0.3 + (2 * side.half - 0.6) * i / 3
            if all(abs(at - door) > 1.3 for door in doors):
                side.box(solid, (at - 0.25, at + 0.25), (-frame.depth, frame.wall - 1.4), (0.0, 0.55), RUBBLE)
                side.box(solid, (at - 0.25, at + 0.25), (frame.wall - 1.4, frame.wall - 0.7), (0.0, 0.3), RUBBLE)
        for i in range(3):
            at = -side.half + 0.3 + (2 * side.half - 0.6) * (i + 0.5) / 3
            if all(abs(at - door) > 1.3 for door in doors):
                add_window(solid, lit, side, (at - 0.34, at + 0.34), (1.3, frame.wall - 0.9), ASHLAR)
    gable = Side(frame, 3 if tower > 0 else 1)
    add_window(solid, lit, gable, (-0.6, 0.6), (frame.wall - 0.2, frame.wall + 1.5), ASHLAR)
    return _lantern(solid, frame)


def _smithy(draft: Draft) -> list[Lamp]:
    solid, _, frame = draft
    gable = frame.free_gable()
    x, z = gable * (frame.x - 1.1), -frame.z * 0.3
    add_chimney(solid, frame, x, 1.5, 1.7, DARK_RUBBLE, pots=0)
    low, high = sorted((gable * (frame.x - 2.0), gable * (frame.x - THICK)))
    solid.box((low, 0.0, z - 1.0), (high, 0.85, z + 1.0), DARK_RUBBLE)
    solid.box((low + 0.2, 0.85, z - 0.6), (high - 0.2, 0.98, z + 0.6), _GLOW)
    # The lean-to where horses are shod: anvil, trough, tools.
    posts = (-1, 1)
    out, up = gable * (frame.x + 2.3), 2.35
    for side in posts:
        at = side * (frame.z - 0.3)
        solid.box((out - 0.1, -frame.depth, at - 0.1), (out + 0.1, up, at + 0.1), OAK)
    x0, x1 = sorted((gable * (frame.x + 0.001), out + gable * 0.3))
    near = 0.0 if gable > 0 else -0.75
    under = [
        (x0, up + 0.75 + near, frame.z),
        (x1, up - near - 0.0, frame.z),
        (x1, up - near, -frame.z),
        (x0, up + 0.75 + near, -frame.z),
    ]
    solid.loft(under, [(px, py + 0.12, pz) for px, py, pz in under], frame.roof)
    anvil = gable * (frame.x + 1.2)
    ground = -frame.depth + 0.45
    solid.turned((anvil, ground, 0.3), [(0.3, 0), (0.27, 0.55)], 8, OAK)
    solid.box((anvil - 0.38, ground + 0.55, 0.16), (anvil + 0.38, ground + 0.8, 0.44), IRON_WORK)
    solid.box((anvil - 0.5, ground, -1.4), (anvil + 0.5, ground + 0.5, -0.8), DARK_OAK)
    return [Lamp((gable * (frame.x - 1.4), 1.5, z), FIRE, 60.0, 12.0), *_lantern(solid, frame)]


def _net_loft(draft: Draft) -> list[Lamp]:
    solid, _, frame = draft
    gable = frame.free_gable()
    ridge, x = frame.ridge - 0.35, gable * frame.x
    solid.beam((x - gable * 0.4, ridge, 0.0), (x + gable * 1.7, ridge, 0.0), 0.2, DARK_OAK)
    solid.beam((x + gable * 1.5, ridge, 0.0), (x + gable * 1.5, ridge - 3.4, 0.0), 0.05, DEAL)
    crate(solid, (x + gable * 1.5, ridge - 4.2, 0.0), 0.8)
    hatch = Side(frame, 1 if gable > 0 else 3)
    hatch.ring(solid, (-0.7, 0.7), (3.0, 4.9), 0.14, (0.02, 0.08), OAK)
    hatch.panel(solid, (-0.7, 0.7), (3.0, 4.9), 0.02, Finish("planks", (170, 70, 58)))
    floats: tuple[Colour, ...] = ((214, 104, 60), (238, 232, 218), (76, 128, 170))
    side = Side(frame, 0 if frame.free_front() > 0 else 2)
    for i in range(5):
        at = -side.half + 0.9 + i * (2 * side.half - 1.8) / 4
        top = side.point(at, 2.65, 0.16)
        solid.turned(
            (top[0], 2.1 - 0.12 * (i % 2), top[2]),
            [(0, -0.2), (0.17, -0.1), (0.17, 0.1), (0, 0.2)],
            6,
            plain(floats[i % 3]),
        )
    add_chimney(solid, frame, -gable * (frame.x - 0.9), 0.6, 0.6)
    return _lantern(solid, frame)


def _boathouse(draft: Draft) -> list[Lamp]:
    solid, _, frame = draft
    for x in (-frame.x - 0.5, frame.x + 0.5):
        barrel(solid, (x, -frame.depth + 0.35, frame.z * 0.5), frame.depth - 0.4)
    gable = Side(frame, 1 if frame.free_gable() > 0 else 3)
    gable.ring(solid, (-0.55, 0.55), (frame.wall + 0.15, frame.wall + 0.95), 0.1, (0.02, 0.06), PALE)
    gable.panel(solid, (-0.55, 0.55), (frame.wall + 0.15, frame.wall + 0.95), 0.02, Finish("planks", (70, 112, 156)))
    for door in frame.doors:
        side = Side(frame, frame.side_of(door))
        at = side.along(door)
        for edge in (at - 0.55, at + 0.55):
            start, end = side.point(edge, -0.12, 0.75), side.point(edge, -0.12 - frame.depth + 0.6, 3.2)
            solid.beam(start, end, 0.16, DARK_OAK)
    return _lantern(solid, frame, 2.4)


def _workshop(draft: Draft) -> list[Lamp]:
    solid, _, frame = draft
    gable = frame.free_gable()
    log_pile(solid, (gable * (frame.x + 0.5), -frame.depth + 0.45, -0.2), 2.4, turned=True)
    add_chimney(solid, frame, -gable * (frame.x - 0.8), tall=0.7)
    front = frame.free_front()
    for n in range(3):
        z = front * (frame.z + 0.35 + 0.12 * n)
        solid.beam((-1.6, -frame.depth + 0.6 + 0.1 * n, z), (1.4, -frame.depth + 0.6 + 0.1 * n, z), 0.14, DEAL)
    return _lantern(solid, frame)


def _healer(draft: Draft) -> list[Lamp]:
    solid, _, frame = draft
    add_breast(solid, frame, frame.free_gable(), RUBBLE, 1)
    side, herbs = frame.free_front(), ((122, 160, 84), (158, 124, 178), (96, 150, 100), (190, 172, 92))
    for i, colour in enumerate(herbs):
        x, z = -frame.x + 0.9 + i * (2 * frame.x - 1.8) / 3, side * (frame.z + 0.75)
        solid.box((x - 0.5, -frame.depth, z - 0.3), (x + 0.5, -frame.depth + 0.95, z + 0.3), OAK)
        leaf = Finish("leaves", colour)
        solid.turned((x, -frame.depth + 0.9, z), [(0.42, 0), (0.36, 0.25), (0.16, 0.42), (0, 0.46)], 6, leaf)
    _canopy(solid, frame)
    return _lantern(solid, frame)


def _school(draft: Draft) -> list[Lamp]:
    solid, _, frame = draft
    add_chimney(solid, frame, frame.free_gable() * (frame.x - 0.8), tall=0.8, pots=2)
    cupola(solid, frame, 0.0, 0.62, PALE, frame.roof, bell=True)
    for number in (1, 3):
        side = Side(frame, number)
        side.panel(solid, (-side.half, side.half), (frame.wall - 0.35, frame.wall - 0.1), 0.03, ASHLAR)
    return _lantern(solid, frame)


def _smokehouse(draft: Draft) -> list[Lamp]:
    solid, _, frame = draft
    x, ridge = frame.x * 0.7, frame.ridge
    solid.box((-x, ridge - 0.5, -0.5), (x, ridge + 0.55, 0.5), DARK_OAK)
    for n in range(3):
        up = ridge + 0.22 + 0.12 * n
        for sign in (1, -1):
            solid.box((-x - 0.03, up, sign * 0.52 - 0.05), (x + 0.03, up + 0.05, sign * 0.52 + 0.05), IRON_WORK)
    for sign in (1, -1):
        under: list[Point] = [
            (-sign * (x + 0.2), ridge + 0.5, sign * 0.75),
            (sign * (x + 0.2), ridge + 0.5, sign * 0.75),
        ]
        under += [(sign * (x + 0.2), ridge + 1.15, 0.0), (-sign * (x + 0.2), ridge + 1.15, 0.0)]
        solid.loft(under, [(px, py + 0.1, pz) for px, py, pz in under], frame.roof)
    add_chimney(solid, frame, frame.free_gable() * (frame.x - 0.7), 0.7, 1.9, _SMOKED, pots=0)
    log_pile(solid, (0.0, -frame.depth + 0.4, frame.free_front() * (frame.z + 0.42)), 2.2)
    return _lantern(solid, frame)


def _granary(draft: Draft) -> list[Lamp]:
    solid, _, frame = draft
    for number in (1, 3):
        side = Side(frame, number)
        up = frame.wall - 0.6
        side.ring(solid, (-0.65, 0.65), (up, up + 1.5), 0.14, (0.02, 0.08), OAK)
        side.panel(solid, (-0.65, 0.65), (up, up + 1.5), 0.02, Finish("planks", (112, 84, 60)))
        for door in (-1, 1):
            side.plank(solid, (door * 0.6, up + 0.1), (-door * 0.6, up + 1.4), 0.12, 0.04, DARK_OAK)
    for number in range(4):
        side = Side(frame, number)
        for sign in (-1, 1):
            edge = sign * (side.half - 0.1)
            low, high = sorted((edge, edge - sign * 0.22))
            side.panel(solid, (low, high), (0.34, frame.wall), 0.03, DARK_OAK)
    ground = -frame.depth + 0.3
    for n, z in enumerate((-0.5, 0.4, 1.2)):
        sack(solid, (frame.free_gable() * (frame.x + 0.5), ground, z * frame.z * 0.6), (206, 190, 150))
        sack(solid, (frame.free_gable() * (frame.x + 1.0), ground - 0.1 * n, z * frame.z * 0.5), (196, 176, 136))
    return []


def _market_hall(draft: Draft) -> list[Lamp]:
    solid, _, frame = draft
    for number in range(4):
        side = Side(frame, number)
        doors = [side.along(door) for door in frame.doors if frame.side_of(door) == number]
        count = max(2, round(2 * side.half / 3.0))
        for i in range(count + 1):
            at = -side.half + 0.2 + (2 * side.half - 0.4) * i / count
            x, _, z = side.point(at, 0.0, -0.2)
            if all(abs(at - door) > 1.2 for door in doors):
                profile = [(0.34, 0.0), (0.24, 0.34), (0.21, frame.wall - 0.75), (0.33, frame.wall - 0.4)]
                solid.turned((x, 0.0, z), profile, 6, ASHLAR)
            for sign in (-1, 1):
                other = at + sign * 0.8
                if abs(other) < side.half:
                    solid.beam(
                        side.point(at, frame.wall - 1.15, -0.2),
                        side.point(other, frame.wall - 0.35, -0.2),
                        0.12,
                        OAK,
                        ends=False,
                    )
        side.box(
            solid, (-side.half, side.half), (frame.wall - 0.4, frame.wall), (-0.38, -0.02 - 0.001 * number), DARK_OAK
        )
    cupola(solid, frame, 0.0, 0.95, PALE, COPPER, bell=False)
    fruit: tuple[Colour, ...] = ((198, 70, 52), (222, 168, 64), (112, 150, 70), (160, 118, 80))
    for i, x in enumerate((-frame.x * 0.55, frame.x * 0.55)):
        solid.box((x - 0.9, 0.0, -0.5), (x + 0.9, 0.8, 0.5), BOARDS)
        for k in range(4):
            solid.turned(
                (x - 0.66 + 0.44 * k, 0.8, 0.0), [(0.2, 0), (0.16, 0.16), (0, 0.24)], 6, plain(fruit[(i + k) % 4])
            )
        crate(solid, (x, 0.0, 1.3), 0.6)
    solid.beam((0.0, frame.wall - 0.2, 0.0), (0.0, frame.wall - 0.9, 0.0), 0.05, IRON_WORK)
    solid.turned((0.0, frame.wall - 1.25, 0.0), [(0.16, 0), (0.2, 0.3), (0.06, 0.38)], 6, _FLAME)
    return [Lamp((0.0, frame.wall - 1.3, 0.0), candela=50.0, reach=14.0)]


_FITTINGS: dict[str, Fitting] = {
    "home": _home,
    "inn": _inn,
    "bakery": _bakery,
    "chapel": _chapel,
    "smithy": _smithy,
    "net_loft": _net_loft,
    "boathouse": _boathouse,
    "workshop": _workshop,
    "healer": _healer,
    "school": _school,
    "smokehouse": _smokehouse,
    "granary": _granary,
    "market_hall": _market_hall,
}


def add(draft: Draft, kind: str) -> list[Lamp]:
    """Add what a kind is known by and return its lamps; a kind that is not known gets what homes have."""
    return _FITTINGS.get(kind, _home)(draft)
