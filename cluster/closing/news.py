"""How one piece of news went through a village: who knew when, from whom, as a drawing over time. No markup here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from worldloom.provenance.lineage import Knower
from worldloom.worlds.clock import clock_text

from .naming import Names, hue

MOST_ROWS = 60
"""People in the drawing, those who learned first."""
WIDE, ROW, LEFT, TOP = 720, 22, 150, 24
"""Width of the drawing, height of a row, room for names, room for hours."""
CURVE = 96
"""Height of the curve."""


class Heard(NamedTuple):
    """Somebody who learned of it: row and place in the drawing, when, from whom, by which event."""

    agent: str
    name: str
    hue: int
    x: float
    y: int
    time: int
    clock: str
    teller: str
    event: str


class Spreading(NamedTuple):
    """The drawing: people by when they learned, the tellings between them, hours, the curve of how many knew.

    `knowers` is how many there are, also where fewer are drawn.
    """

    heard: tuple[Heard, ...]
    tellings: tuple[str, ...]
    hours: tuple[tuple[float, str], ...]
    height: int
    curve: str
    area: str
    knowers: int
    left_out: int


def spreading(knowers: Sequence[Knower], names: Names, start: int, end: int, of: int) -> Spreading | None:
    """Return the drawing of who knew when; `of` is how many people there are. None where nobody was told."""
    if not any(knower.teller for knower in knowers) or end <= start:
        return None
    last = max(knower.time for knower in knowers)
    until = min(end, last + max(600, (last - start) // 20))
    scale = (WIDE - LEFT - 20) / max(1, until - start)

    def across(time: int) -> float:
        return round(LEFT + (max(start, time) - start) * scale, 1)

    shown = knowers[:MOST_ROWS]
    rows = {knower.agent: TOP + number * ROW + ROW // 2 for number, knower in enumerate(shown)}
    when = {knower.agent: across(knower.time) for knower in shown}
    heard = tuple(
        Heard(
            knower.agent,
            names.person(knower.agent),
            hue(knower.agent),
            when[knower.agent],
            rows[knower.agent],
            knower.time,
            clock_text(knower.time).rpartition(" ")[2],
            names.person(knower.teller) if knower.teller else "",
            knower.event,
        )
        for knower in shown
    )
    tellings = tuple(
        _telling(rows[knower.teller], when[knower.agent], rows[knower.agent])
        for knower in shown
        if knower.teller in rows and rows[knower.teller] != rows[knower.agent]
    )
    curve, area = _curve(knowers, across, across(until), of)
    hours = tuple(_hours(start, until, scale))
    return Spreading(
        heard, tellings, hours, TOP + len(shown) * ROW, curve, area, len(knowers), len(knowers) - len(shown)
    )


def _telling(from_row: int, x: float, to_row: int) -> str:
    """Return a line that leaves the teller's row and bends into the hearer's point."""
    down = 1 if to_row > from_row else -1
    bend = min(8, abs(to_row - from_row))
    left = round(x - 8, 1)
    return f"M{left} {from_row}V{to_row - down * bend}Q{left} {to_row} {x} {to_row}"


def _curve(knowers: Sequence[Knower], across: Callable[[int], float], right: float, of: int) -> tuple[str, str]:
    points, count = [f"{LEFT},{CURVE}"], 0
    for knower in sorted(knowers, key=lambda knower: knower.time):
        x = across(knower.time)
        points.append(f"{x},{CURVE * (1 - count / max(1, of)):.1f}")
        count += 1
        points.append(f"{x},{CURVE * (1 - count / max(1, of)):.1f}")
    points.append(f"{right},{CURVE * (1 - count / max(1, of)):.1f}")
    line = " ".join(points)
    return line, f"{line} {right},{CURVE} {LEFT},{CURVE}"


def _hours(start: int, until: int, scale: float) -> list[tuple[float, str]]:
    every = next((step for step in (900, 1800, 3600, 7200, 10800, 21600, 43200) if (until - start) / step <= 8), 86400)
    first = -(-start // every) * every
    return [
        (round(LEFT + (time - start) * scale, 1), clock_text(time).rpartition(" ")[2])
        for time in range(first, until + 1, every)
    ]
