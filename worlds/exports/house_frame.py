"""A house's measures, its style, and the frame of each of its walls. Makes no shapes but boxes and panels in a wall.

A house is made in its own frame, in metres: the middle of its footprint at floor level, the ridge along X. Its walls
stand in the middle of the ring of cells that nobody can walk on, so who walks along a wall or in a room touches none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from .solids import Finish, Point, Solid, Spot

THICK = 0.3
"""Of a wall."""
_TOUCHES = 0.085
"""A plinth and what stands before it: as far from a wall as this one sees no gap."""

Span = tuple[float, float]


@dataclass(frozen=True)
class Style:
    """How a kind of house looks; `pitch` is the roof's rise to half its span, lists are chosen from by number.

    `upper` covers the walls above the ground floor, `framed` shows timbers on plaster, `shutters` beside windows.
    """

    walls: tuple[Finish, ...]
    roof: tuple[Finish, ...]
    door: tuple[Finish, ...]
    pitch: float = 0.85
    door_width: float = 1.2
    door_height: float = 2.15
    windows: bool = True
    open: bool = False
    upper: Finish | None = None
    framed: bool = False
    shutters: bool = False


@dataclass(frozen=True)
class Frame:
    """Measures of a house in its own frame: half lengths of its outer walls, wall height, depth of its foundation.

    `doors` are the middles of its doors' cells (x, z), `drops` how far the ground before each lies below the floor.
    """

    x: float
    z: float
    wall: float
    depth: float
    rise: float
    roof: Finish
    walls: Finish
    door: Finish
    number: int
    doors: tuple[Span, ...]
    drops: tuple[float, ...]

    @property
    def ridge(self) -> float:
        """Height of the ridge's underside."""
        return self.wall + self.rise

    @property
    def thatched(self) -> bool:
        """Whether its roof is thick and soft."""
        return self.roof.look == "thatch"

    def side_of(self, point: Span) -> int:
        """Return which wall a point is in: 0 front (+z), 1 right (+x), 2 back, 3 left."""
        x, z = point
        if abs(abs(z) - self.z) < abs(abs(x) - self.x):
            return 0 if z > 0 else 2
        return 1 if x > 0 else 3

    def free_gable(self) -> int:
        """Return 1 for the gable at +x or -1 for that at -x: one without a door."""
        return -1 if any(self.side_of(door) == 1 for door in self.doors) else 1

    def free_front(self) -> int:
        """Return 1 for the long wall at +z or -1 for that at -z: one without a door."""
        return -1 if any(self.side_of(door) == 0 for door in self.doors) else 1


class Draft(NamedTuple):
    """A house under construction: its solid, the light of its windows by night, its measures."""

    solid: Solid
    lit: Solid
    frame: Frame


class Side:
    """One wall's own frame: `along` from its middle to the right seen from outside, `up`, `out` from its outer face."""

    def __init__(self, frame: Frame, number: int) -> None:
        self._frame, self.number = frame, number
        self.half = frame.x if number % 2 == 0 else frame.z

    def point(self, along: float, up: float, out: float) -> Point:
        """Return a point in the house's frame."""
        frame = self._frame
        return (
            (along, up, frame.z + out),
            (frame.x + out, up, -along),
            (-along, up, -frame.z - out),
            (-frame.x - out, up, along),
        )[self.number]

    def along(self, point: Span) -> float:
        """Return where a point (x, z) is along the wall."""
        x, z = point
        return (x, -z, -x, z)[self.number]

    def box(self, solid: Solid, span: Span, up: Span, out: Span, finish: Finish) -> None:
        """Add a box; `out` may be negative, into the house. What begins in the wall or touches it has no back."""
        one, other = self.point(span[0], up[0], out[0]), self.point(span[1], up[1], out[1])
        low = min(one[0], other[0]), up[0], min(one[2], other[2])
        high = max(one[0], other[0]), up[1], max(one[2], other[2])
        on_wall = -THICK < out[0] < _TOUCHES and out[1] > 0
        solid.box(low, high, finish, hidden=(self.number + 2) % 4 if on_wall else None)

    def panel(
        self, solid: Solid, span: Span, up: Span, out: float, finish: Finish, spots: Sequence[Spot] | None = None
    ) -> None:
        """Add one face that looks outward, `out` before the wall."""
        corners = ((span[0], up[0]), (span[1], up[0]), (span[1], up[1]), (span[0], up[1]))
        solid.polygon([self.point(a, b, out) for a, b in corners], finish, spots)

    def plank(self, solid: Solid, start: Span, end: Span, wide: float, out: float, finish: Finish) -> None:
        """Add a flat timber from (along, up) to (along, up) on the wall."""
        dx, dy = end[0] - start[0], end[1] - start[1]
        length = (dx * dx + dy * dy) ** 0.5
        x, y = -dy / length * wide / 2, dx / length * wide / 2
        corners = ((start, -1), (end, -1), (end, 1), (start, 1))
        solid.polygon([self.point(a + s * x, b + s * y, out) for (a, b), s in corners], finish)

    def ring(self, solid: Solid, span: Span, up: Span, wide: float, out: Span, finish: Finish) -> None:
        """Add a frame around an opening: from the wall out to out[1], then back to out[0] at the opening's edge."""
        sizes = ((wide, 0.0), (wide * 0.6, out[1]), (0.0, out[0]))
        rings = [
            [
                self.point(a, b, off)
                for a, b in (
                    (span[0] - size, up[0] - size),
                    (span[1] + size, up[0] - size),
                    (span[1] + size, up[1] + size),
                    (span[0] - size, up[1] + size),
                )
            ]
            for size, off in sizes
        ]
        for outer, inner in pairwise(rings):
            for i in range(4):
                j = (i + 1) % 4
                solid.polygon((outer[i], outer[j], inner[j], inner[i]), finish)
