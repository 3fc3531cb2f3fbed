"""A crowd as the live page shows it: its picture, and curves of its measures and events. Computes none of them."""

from __future__ import annotations

from nicegui import ui
from worldloom.cluster.viewing import crowd_charts
from worldloom.cluster.viewing.crowds import Sight
from worldloom.cluster.viewing.follower import Follower
from worldloom.cluster.viewing.land_map import MAP
from worldloom.provenance.text import clean_text

from .frame import tag, text

MOST_MEASURES = 6


class CrowdPanel:
    """The panel's elements; `refresh` shows what is seen now."""

    def __init__(self, follower: Follower, key: str) -> None:
        self._follower = follower
        self._key = key
        self._shown: tuple[Sight, int] | None = None
        self._charts: dict[str, ui.echart] = {}
        with ui.element("div").classes("now"):
            with ui.element("div"):
                with ui.element("div").classes("crowd"):
                    self._image = tag("img", "crowd-picture", alt="The crowd, everybody a square", src="")
                    self._note = text("p", "", "quiet")
                self._caption = text("p", "", "caption num")
            self._side = ui.element("div").classes("side curves")

    def refresh(self, seen: Sight) -> None:
        """Show picture and curves; nothing is sent anew that has not changed."""
        story = self._follower.story
        if self._shown == (seen, story.events):
            return
        address = self._address(seen)
        if self._shown is None or self._image.props["src"] != address:
            self._image.props["src"] = address
            self._image.update()
        self._image.visible, self._note.visible = bool(address), not address
        self._note.text = clean_text(seen.note or "The picture is being drawn …", 600)
        self._caption.text = self._told(seen)
        self._shown = seen, story.events
        scale = crowd_charts.Scale.of(story)
        for number, (name, values) in enumerate(list(seen.series.items())[:MOST_MEASURES]):
            chart = crowd_charts.measure_chart(values, scale, number)
            self._chart(name.replace("_", " "), chart, seen.meant.get(name, ""))
        if story.stirred:
            self._chart("events of a step", crowd_charts.events_chart(story, scale), "As the log has them.")

    def _address(self, seen: Sight) -> str:
        if seen.picture:
            return f"/crowd/{self._key}?v={seen.time}"
        return f"/map/{self._key}" if self._follower.storage.exists(MAP) else ""

    def _told(self, seen: Sight) -> str:
        if not seen.picture:
            return "The end of the run." if self._address(seen) else ""
        when = f"After {crowd_charts.Scale.of(self._follower.story).told(seen.time)}"
        if seen.equal is None:
            return f"{when}. The rule is done again beside the run, as far as its log tells."
        same = "and comes to the run's own last state" if seen.equal else "but comes to ANOTHER last state than the run"
        return f"{when}. The rule was done again beside the run, {same}."

    def _chart(self, heading: str, options: dict[str, object], meant: str) -> None:
        if heading not in self._charts:
            with self._side, ui.element("section").classes("chart"):
                text("h2", heading.capitalize(), "t")
                text("p", meant, "quiet small t")
                self._charts[heading] = ui.echart(options)
            return
        chart = self._charts[heading]
        chart.options.update(options)
        chart.update()
