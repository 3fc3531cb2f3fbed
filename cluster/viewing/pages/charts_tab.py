"""Measures and charts of a run: what was counted, said, decided and made so far."""

from __future__ import annotations

from typing import Any

from nicegui import ui
from worldloom.cluster.closing.summary import model_name
from worldloom.cluster.viewing import charts
from worldloom.cluster.viewing.follower import Follower

from .frame import tag, text

_FEWEST_SNAPSHOTS = 2


class ChartsTab:
    """The tab's elements; `refresh` draws them anew, `give_needs` tells it of needs at the snapshots."""

    def __init__(self, follower: Follower) -> None:
        self._follower = follower
        self._needs: charts.Needs = {}
        self._tiles = ui.element("div").classes("tiles")
        self._models = text("p", "", "quiet small t").style("margin-bottom:1.2rem")
        with ui.element("div").classes("charts"):
            self._talk = _chart("Utterances by half hour", charts.talk_chart(follower.story))
            self._made = _chart("Things made, added up", charts.made_chart(follower.story))
            self._needs_chart = _chart("Needs, mean of everybody", charts.needs_chart({}))
            self._chosen = _chart("Decisions by what was asked", charts.decisions_chart(follower.story))
            self._told = _chart("Events by kind", charts.events_chart(follower.story))

    def give_needs(self, needs: charts.Needs) -> None:
        """Take what snapshots tell of needs."""
        self._needs = needs

    def refresh(self) -> None:
        """Bring everything up to what is committed."""
        story = self._follower.story
        self._tiles.clear()
        with self._tiles:
            for name, value in (
                ("decisions", story.chosen.total()),
                ("answers that meant nothing", story.invalid),
                ("events", story.events),
                ("utterances", story.told["say"]),
                ("things made", len(story.things)),
                *story.measures.items(),
            ):
                if value or name in story.measures:
                    with tag("div", "quiet small"):
                        text("b", f"{value:,}")
                        text("span", name.replace("_", " "), "t")
        used = (f"{kind}: {model_name(identity)}" for kind, identity in sorted(story.generators.items()))
        self._models.text = "Made by " + ", ".join(used) if story.generators else ""
        _give(self._talk, charts.talk_chart(story), story.told["say"] > 0)
        _give(self._made, charts.made_chart(story), bool(story.things))
        _give(self._chosen, charts.decisions_chart(story), bool(story.chosen))
        _give(self._told, charts.events_chart(story), story.events > 0)
        _give(self._needs_chart, charts.needs_chart(self._needs), len(self._needs) >= _FEWEST_SNAPSHOTS)


def _chart(heading: str, options: dict[str, Any]) -> ui.echart:
    with ui.element("section").classes("chart"):
        text("h2", heading)
        return ui.echart(options)


def _give(chart: ui.echart, options: dict[str, Any], shown: bool) -> None:
    """Draw a chart anew; one that would be empty is hidden with its box."""
    if chart.parent_slot is not None:
        chart.parent_slot.parent.visible = shown
    if shown and dict(chart.options) != options:
        chart.options.update(options)
        chart.update()
