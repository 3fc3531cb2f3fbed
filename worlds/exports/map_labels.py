"""Where names go on a map: near what they name, over nothing that is there already. No colours, no fonts chosen."""

from __future__ import annotations

from dataclasses import dataclass

Box = tuple[float, float, float, float]
"""left, top, right, bottom in pixels."""


@dataclass(frozen=True)
class Label:
    """A name to write: `at` is the point it belongs to, `clear` how far its text keeps from it, `size` its font's."""

    text: str
    at: tuple[float, float]
    clear: tuple[float, float]
    size: int
    italic: bool = False


@dataclass(frozen=True)
class Written:
    """A label that found room: the box of its text, and whether a line must lead to what it names."""

    label: Label
    box: Box
    led: bool


def overlaps(one: Box, other: Box) -> bool:
    """Whether two boxes share more than an edge."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _covered(box: Box, obstacles: list[Box]) -> float:
    total = 0.0
    for other in obstacles:
        if overlaps(box, other):
            total += (min(box[2], other[2]) - max(box[0], other[0])) * (min(box[3], other[3]) - max(box[1], other[1]))
    return total


def _candidates(label: Label, width: float, height: float) -> list[tuple[float, Box]]:
    """Return (cost, box) around the point: below, above, right, left, corners; then farther off."""
    x, y = label.at
    clear_x, clear_y = label.clear
    found = []
    for ring, stretch in enumerate((0.0, 0.7, 1.6, 2.8, 4.4)):
        dx, dy = clear_x + stretch * height, clear_y + stretch * height
        spots = (
            (x - width / 2, y + dy),
            (x - width / 2, y - dy - height),
            (x + dx, y - height / 2),
            (x - dx - width, y - height / 2),
            (x + dx * 0.6, y + dy),
            (x - dx * 0.6 - width, y + dy),
            (x + dx * 0.6, y - dy - height),
            (x - dx * 0.6 - width, y - dy - height),
        )
        for number, (left, top) in enumerate(spots):
            found.append((ring * 3.0 + number * 0.3, (left, top, left + width, top + height)))
    return found


def place_labels(
    labels: list[tuple[Label, float, float]], obstacles: list[Box], closed: list[Box], frame: Box
) -> list[Written]:
    """Place labels, given with their texts' widths and heights, the most important first.

    No text overlaps another or `closed`; `obstacles` (houses) are avoided where that is possible. A label that finds no
    room is left out.
    """
    taken = list(closed)
    written = []
    for label, width, height in labels:
        best: tuple[float, Box] | None = None
        for cost, box in _candidates(label, width, height):
            inside = frame[0] <= box[0] and frame[1] <= box[1] and box[2] <= frame[2] and box[3] <= frame[3]
            if not inside or any(overlaps(box, other) for other in taken):
                continue
            total = cost + 12 * _covered(box, obstacles) / (width * height)
            if best is None or total < best[0]:
                best = (total, box)
        if best is not None:
            box = best[1]
            taken.append((box[0] - 3, box[1] - 2, box[2] + 3, box[3] + 2))
            written.append(Written(label, box, _far(label, box)))
    return written


def _far(label: Label, box: Box) -> bool:
    x, y = label.at
    away_x = max(box[0] - x, x - box[2], 0.0) - label.clear[0]
    away_y = max(box[1] - y, y - box[3], 0.0) - label.clear[1]
    return max(away_x, away_y) > (box[3] - box[1]) * 0.5
