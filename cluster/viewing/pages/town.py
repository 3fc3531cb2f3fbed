"""The map of the live page as a NiceGUI element: a picture and people who move on it. Where, is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from nicegui.element import Element

_FACE, _FACE_OF_MANY, _FEW = 3.6, 1.1, 60
"""Size of a face in percent of the map's side, with few people and with many."""


class Figure(NamedTuple):
    """Somebody on the map: left and top in ten-thousandths, number of their colour, what they say now ("": nothing)."""

    id: str
    x: int
    y: int
    hue: int
    initials: str
    portrait: str
    """Address of a picture, or "": then the initials are shown."""
    title: str
    walking: bool
    says: str


class Town(Element, component="town.js"):
    """Shows figures; `go` sends those that changed since the last call. All texts are escaped in the browser."""

    def __init__(self, waiting: str) -> None:
        super().__init__()
        self._figures: dict[str, Figure] = {}
        self._props["people"] = []
        self._props["picture"] = ""
        self._props["waiting"] = waiting
        self._props["label"] = "Map"
        self._props["face"] = _FACE

    def show(self, picture: str, label: str, figures: Sequence[Figure]) -> None:
        """Show a picture by its address, with everybody on it."""
        self._figures = {figure.id: figure for figure in figures}
        self._props["picture"], self._props["label"] = picture, label
        self._props["face"] = _FACE if len(figures) <= _FEW else _FACE_OF_MANY
        self._keep()
        self.update()

    def wait(self, words: str) -> None:
        """Say in words why there is no picture."""
        self._props["waiting"] = words
        self.update()

    def go(self, figures: Sequence[Figure]) -> None:
        """Move everybody who changed."""
        known = {figure.id for figure in figures}
        if known != set(self._figures):
            self.show(self._props["picture"], self._props["label"], figures)
            return
        changed = [figure for figure in figures if self._figures[figure.id] != figure]
        if changed:
            self._figures |= {figure.id: figure for figure in changed}
            self._keep()
            self.run_method("move", [figure._asdict() for figure in changed])

    def _keep(self) -> None:
        # Without an update: what a browser that connects anew is given.
        people: list[dict[str, Any]] = [figure._asdict() for figure in self._figures.values()]
        with self._props.suspend_updates():
            self._props["people"] = people
