"""The tab of who belongs to whom: the report's drawing, its points moving as the run goes on. Lays nothing out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nicegui import ui
from nicegui.element import Element
from worldloom.cluster.closing.ties import SIDE, TALL, Ties
from worldloom.cluster.viewing.retelling import Retold
from worldloom.provenance.text import clean_text

from .frame import READING, many, tag, text

LONGEST_NAME = 80


class Web(Element, component="ties.js"):
    """Draws points and lines; a chosen point says who it is tied to. All texts are escaped in the browser."""

    def __init__(self, portrait: Callable[[str], str]) -> None:
        super().__init__()
        self._portrait = portrait
        self._props.update({"points": [], "lines": [], "wide": SIDE, "tall": TALL})

    def draw(self, drawing: Ties) -> None:
        """Draw a state of the ties."""
        self._props["points"] = [self._point(point._asdict()) for point in drawing.points]
        self._props["lines"] = [line._asdict() | {"words": clean_text(line.words, 300)} for line in drawing.lines]
        self.update()

    def _point(self, point: dict[str, Any]) -> dict[str, Any]:
        name = clean_text(point["name"], LONGEST_NAME)
        first = name.split(" ")[0]
        return point | {"name": name, "first": first, "portrait": self._portrait(point["agent"])}


class TiesTab:
    """The tab's elements; `refresh` draws what was told anew."""

    def __init__(self, portrait: Callable[[str], str]) -> None:
        self._nothing = text("p", READING, "quiet")
        with ui.element("div") as self._area:
            with tag("p", "quiet small"):
                text("span", "Lines: ")
                text("span", "talk", "key hue0")
                text("span", ", the wider the more was said; ")
                text("span", "one household", "key hue1")
                text("span", ". Who talks more is larger.")
            with ui.element("div").classes("beside"):
                self._web = Web(portrait)
                with ui.element("section"):
                    text("h2", "Who talked most")
                    self._closest = ui.element("ol").classes("closest")
            self._rest = text("p", "", "quiet small")
        self._area.visible = False

    def refresh(self, told: Retold) -> None:
        """Draw the ties so far."""
        drawing = told.ties
        self._nothing.visible, self._area.visible = drawing is None, drawing is not None
        self._nothing.text = told.fault or "Nobody has talked to anybody yet, and nobody shares a household."
        if drawing is None:
            return
        self._web.draw(drawing)
        self._closest.clear()
        with self._closest:
            for one, two, count, family in drawing.closest:
                with ui.element("li"):
                    text("span", f"{one} and {two}", "t")
                    text("span", f"{many(count, 'sentence')}{', one household' if family else ''}", "quiet small num")
        left = drawing.left_out
        self._rest.text = f"{many(left, 'person', 'people')} who talked less are not drawn." if left else ""
