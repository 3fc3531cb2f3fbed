"""Charts of a run as options for ECharts: plain data from the story and snapshots. Draws nothing itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from worldloom.cluster.closing.summary import craft_of
from worldloom.worlds.clock import HOUR, time_of_day

from .story import SLOT_SECONDS, Story

NEEDS = ("hunger", "tiredness", "company")
COLOURS = ("#2f7f86", "#c2703d", "#6b6fb5", "#7d8f3c", "#b0557a", "#3f79b8", "#a8862a", "#5a8f6d")
_TEXT = "#7b8a90"
"""Reads on light and on dark."""
_LINE = "rgba(123,138,144,.22)"
Needs = Mapping[int, Mapping[str, Mapping[str, int]]]


def talk_chart(story: Story) -> dict[str, Any]:
    """Utterances by half hour from the start."""
    last = max(story.said, default=-1)
    slots = range(last + 1)
    labels = [_clock(story.start + slot * SLOT_SECONDS) for slot in slots]
    return _columns(labels, [story.said[slot] for slot in slots], COLOURS[0])


def decisions_chart(story: Story) -> dict[str, Any]:
    """Decisions by what was asked: each is a request to the text model or its rules."""
    return _bars(story.chosen.most_common(), COLOURS[2])


def events_chart(story: Story, most: int = 10) -> dict[str, Any]:
    """Events by kind, the commonest."""
    return _bars(story.told.most_common(most), COLOURS[5])


def made_chart(story: Story) -> dict[str, Any]:
    """Things made, by craft, as they add up over time."""
    by_craft: dict[str, list[int]] = {}
    for thing in story.things:
        by_craft.setdefault(craft_of(thing.body["recipe"]), []).append(int(thing.body["recipe"]["time"]))
    series = []
    for craft, times in sorted(by_craft.items()):
        points = [[(story.start) * 1000, 0], *([time * 1000, count] for count, time in enumerate(sorted(times), 1))]
        points.append([max(story.time, story.start) * 1000, len(times)])
        series.append({"name": craft, "type": "line", "step": "end", "showSymbol": False, "data": points})
    return _over_time(series)


def needs_chart(needs: Needs) -> dict[str, Any]:
    """Mean of each need over everybody (percent of the worst) at the snapshots that are on the disk."""
    series = []
    for need in NEEDS:
        points = [
            [time * 1000, round(sum(values[need] for values in people.values()) / max(1, len(people)) / 10)]
            for time, people in sorted(needs.items())
        ]
        series.append({"name": need, "type": "line", "smooth": False, "symbolSize": 5, "data": points})
    chart = _over_time(series)
    chart["yAxis"] |= {"max": 100, "axisLabel": {"color": _TEXT, "formatter": "{value} %"}}
    return chart


def _clock(time: int) -> str:
    return f"{time_of_day(time) // HOUR:02d}:{time_of_day(time) % HOUR // 60:02d}"


def base() -> dict[str, Any]:
    """Return what all charts have: colours, type, room, tooltips without markup."""
    return {
        "color": list(COLOURS),
        "textStyle": {"fontFamily": "system-ui, sans-serif", "color": _TEXT},
        "grid": {"left": 4, "right": 14, "top": 14, "bottom": 4, "containLabel": True},
        "tooltip": {"trigger": "axis", "renderMode": "richText", "confine": True},
        "animationDuration": 300,
        "aria": {"enabled": True},
    }


def _columns(labels: Sequence[str], values: Sequence[int], colour: str) -> dict[str, Any]:
    return base() | {
        "xAxis": {"type": "category", "data": list(labels), "axisLabel": {"color": _TEXT}, **axis_lines()},
        "yAxis": values_axis(),
        "series": [
            {"type": "bar", "data": list(values), "itemStyle": {"color": colour, "borderRadius": 2}, "barWidth": "70%"}
        ],
    }


def _bars(rows: Sequence[tuple[str, int]], colour: str) -> dict[str, Any]:
    rows = rows[::-1]
    return base() | {
        "xAxis": values_axis(),
        "yAxis": {
            "type": "category",
            "data": [name for name, _ in rows],
            "axisLabel": {"color": _TEXT},
            **axis_lines(),
        },
        "series": [
            {
                "type": "bar",
                "data": [count for _, count in rows],
                "itemStyle": {"color": colour, "borderRadius": 2},
                "barWidth": "62%",
                "label": {"show": True, "position": "right", "color": _TEXT},
            }
        ],
        "grid": {"left": 4, "right": 44, "top": 4, "bottom": 4, "containLabel": True},
    }


def _over_time(series: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    # Simulated seconds are shown as if they were UTC: ECharts then writes hours as the scenario's clock does.
    return base() | {
        "useUTC": True,
        "legend": {"top": 0, "textStyle": {"color": _TEXT}, "icon": "roundRect", "itemWidth": 12, "itemHeight": 4},
        "grid": {"left": 4, "right": 14, "top": 34, "bottom": 4, "containLabel": True},
        "xAxis": {
            "type": "time",
            "axisLabel": {"color": _TEXT, "hideOverlap": True, "formatter": "{HH}:{mm}"},
            **axis_lines(),
        },
        "yAxis": values_axis(),
        "series": list(series),
    }


def values_axis() -> dict[str, Any]:
    """Return an axis of counts."""
    return {
        "type": "value",
        "minInterval": 1,
        "axisLabel": {"color": _TEXT},
        "splitLine": {"lineStyle": {"color": _LINE}},
    }


def axis_lines() -> dict[str, Any]:
    """Return how lines of axes look."""
    return {"axisLine": {"lineStyle": {"color": _LINE}}, "axisTick": {"show": False}}
