"""Curves of a crowd as options for ECharts: measures, and events by step, over hours or days. Draws nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from worldloom.worlds.clock import DAY, HOUR

from .charts import COLOURS, axis_lines, base, values_axis
from .story import Story

MOST_POINTS = 600
"""Points of a curve; of more every few are left out."""
MOST_KINDS = 4
_DAYS_FROM = 4 * DAY
"""Length of a run (seconds) from which on curves are over days."""


@dataclass(frozen=True)
class Scale:
    """What a curve is over: `unit` seconds that are called `name`, from `start` to `end` (simulated seconds)."""

    start: int
    end: int
    unit: int
    name: str

    @classmethod
    def of(cls, story: Story) -> Scale:
        """Return the scale for a run: hours, or days of a long one."""
        unit, name = (DAY, "day") if story.end - story.start >= _DAYS_FROM else (HOUR, "hour")
        return cls(story.start, story.end, unit, name)

    def at(self, time: int) -> float:
        """Return where a time is on it."""
        return round((time - self.start) / self.unit, 3)

    def told(self, time: int) -> str:
        """`12 days` since the start."""
        count = (time - self.start) // self.unit
        return f"{count:,} {self.name}{'' if count == 1 else 's'}"


def measure_chart(values: Sequence[tuple[int, int]], scale: Scale, colour: int = 0) -> dict[str, Any]:
    """One measure over time."""
    points = [[scale.at(time), value] for time, value in _thinned(values)]
    hue = COLOURS[colour % len(COLOURS)]
    return _over(scale) | {
        "series": [
            {
                "type": "line",
                "showSymbol": False,
                "lineStyle": {"color": hue, "width": 2.5},
                "itemStyle": {"color": hue},
                "areaStyle": {"color": hue, "opacity": 0.12},
                "data": points,
            }
        ]
    }


def events_chart(story: Story, scale: Scale) -> dict[str, Any]:
    """Events of each step by kind, the commonest kinds."""
    kinds = [kind for kind, _ in story.told.most_common(MOST_KINDS)]
    times = sorted({time for _, time in story.stirred})
    series = [
        {
            "name": kind.replace("_", " "),
            "type": "line",
            "showSymbol": False,
            "data": [[scale.at(time), story.stirred[kind, time]] for time in _thinned(times)],
        }
        for kind in kinds
    ]
    legend = {"top": 0, "textStyle": {"color": base()["textStyle"]["color"]}, "itemWidth": 12, "itemHeight": 4}
    grid = {"left": 4, "right": 14, "top": 34, "bottom": 4, "containLabel": True}
    return _over(scale) | {"legend": legend | {"icon": "roundRect"}, "grid": grid, "series": series}


def _over(scale: Scale) -> dict[str, Any]:
    axis = {
        "type": "value",
        "min": 0,
        "max": scale.at(scale.end),
        "name": scale.name,
        "nameLocation": "end",
        "nameGap": 6,
        "splitLine": {"show": False},
        "axisLabel": {"color": base()["textStyle"]["color"], "hideOverlap": True},
        **axis_lines(),
    }
    grid = {"left": 4, "right": 34, "top": 14, "bottom": 4, "containLabel": True}
    return base() | {"xAxis": axis, "yAxis": values_axis(), "grid": grid}


def _thinned(values: Sequence[Any]) -> list[Any]:
    """Return at most some MOST_POINTS of values, the last one among them."""
    every = -(-len(values) // MOST_POINTS)
    return list(values[::every]) + ([values[-1]] if every > 1 and (len(values) - 1) % every else []) if values else []
