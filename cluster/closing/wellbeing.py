"""Needs over a run, from the track: lines of each person and of all, what pressed most. No markup here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from worldloom.worlds.columns import Activity

from .enacting import NEEDS, Track

MOST_PANELS = 60
"""People with a chart of their own."""
WIDE, TALL = 160, 48
"""Size of a person's chart in its own units."""
LARGE, HIGH = 720, 150
"""Size of the charts of all."""
_POINTS = 96
PRESSED = 500
"""Thousandths from which on a need is said to press."""
STATES = ("asleep", "at ease", "hungry", "tired", "lonely")
"""What the chart of moods tells apart: a word for somebody's needs, not something that a model said."""


class Panel(NamedTuple):
    """One person's needs: the points of a line each (`NEEDS`), and its worst moment in words."""

    agent: str
    lines: tuple[str, ...]
    worst: str


class Spread(NamedTuple):
    """A need of all: the mean's points, and the outline between the tenth and the ninetieth of a hundred people."""

    need: str
    line: str
    area: str


class Share(NamedTuple):
    """A state as an SVG path, and its share of all time in percent."""

    name: str
    path: str
    percent: int


class Wellbeing(NamedTuple):
    """Everything that the section shows."""

    panels: tuple[Panel, ...]
    spreads: tuple[Spread, ...]
    shares: tuple[Share, ...]


def wellbeing(track: Track | None) -> Wellbeing | None:
    """Return the section's data; None without a track."""
    if track is None:
        return None
    at = np.unique(np.linspace(0, len(track.times) - 1, min(_POINTS + 1, len(track.times))).astype(int))
    needs = np.stack([track.needs[need][at] for need in NEEDS]).astype(np.int64)
    panels = tuple(
        _panel(track, row, needs[:, :, row], track.times[at]) for row in range(len(track.agents))[:MOST_PANELS]
    )
    spreads = tuple(_spread(need, values) for need, values in zip(NEEDS, needs, strict=True))
    return Wellbeing(panels, spreads, tuple(_shares(needs, track.doing[at])))


def sampled(track: Track, seconds: int = 600) -> tuple[int, list[list[int]]]:
    """Return an interval in seconds and, agent by agent, columns of its needs (hundredths) at every interval."""
    every = max(1, seconds // max(1, int(track.times[1] - track.times[0])))
    rows = range(len(track.agents))
    columns = [(track.needs[need][::every, row] // 10).tolist() for row in rows for need in NEEDS]
    return every * int(track.times[1] - track.times[0]), columns


def _points(values: NDArray[np.int64], wide: int, tall: int) -> list[str]:
    step = wide / max(1, len(values) - 1)
    return [f"{place * step:.1f},{tall * (1 - value / 1000):.1f}" for place, value in enumerate(values.tolist())]


def _panel(track: Track, row: int, needs: NDArray[np.int64], times: NDArray[np.int64]) -> Panel:
    need, place = np.unravel_index(int(needs.argmax()), needs.shape)
    day_second = int(times[place]) % 86_400
    words = {"hunger": "hunger", "tiredness": "tiredness", "company": "want of company"}[NEEDS[need]]
    worst = f"{words} {needs[need, place] // 10} % at {day_second // 3600:02d}:{day_second % 3600 // 60:02d}"
    return Panel(track.agents[row], tuple(" ".join(_points(values, WIDE, TALL)) for values in needs), worst)


def _spread(need: str, values: NDArray[np.int64]) -> Spread:
    low, high = (np.percentile(values, part, axis=1).astype(np.int64) for part in (10, 90))
    mean = values.mean(axis=1).astype(np.int64)
    area = _points(high, LARGE, HIGH) + _points(low, LARGE, HIGH)[::-1]
    return Spread(need, " ".join(_points(mean, LARGE, HIGH)), " ".join(area))


def _shares(needs: NDArray[np.int64], doing: NDArray[np.uint8]) -> list[Share]:
    worst = needs.argmax(axis=0) + 2
    state = np.where(needs.max(axis=0) < PRESSED, 1, worst)
    state = np.where(doing == Activity.SLEEPING, 0, state)
    parts = np.stack([(state == number).mean(axis=1) for number in range(len(STATES))])
    tops = np.vstack([np.zeros(parts.shape[1]), parts.cumsum(axis=0)])
    return [
        Share(name, _band(tops[number], tops[number + 1]), round(100 * float(parts[number].mean())))
        for number, name in enumerate(STATES)
    ]


def _band(base: NDArray[np.float64], top: NDArray[np.float64]) -> str:
    step = LARGE / max(1, len(top) - 1)
    upper = [(place * step, share) for place, share in enumerate(top.tolist())]
    lower: Sequence[tuple[float, float]] = [(place * step, share) for place, share in enumerate(base.tolist())][::-1]
    return "M" + "L".join(f"{x:.1f} {HIGH * (1 - share):.1f}" for x, share in [*upper, *lower]) + "Z"
