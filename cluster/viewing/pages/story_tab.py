"""The tab of the story so far: the report's sentences, chosen by rule from the log. Chooses nothing itself."""

from __future__ import annotations

from nicegui import ui
from worldloom.cluster.closing.story import Chapter
from worldloom.cluster.viewing.retelling import Retold

from .frame import READING, tag, text


class StoryTab:
    """The tab's elements; `refresh` shows what was told anew."""

    def __init__(self) -> None:
        self._shown: tuple[Chapter, ...] | None = None
        self._note = text("p", READING, "quiet")
        self._area = ui.element("div").classes("story")

    def refresh(self, told: Retold) -> None:
        """Show the story so far."""
        self._note.text = told.fault or (_CHOSEN if told.chapters else _NOTHING)
        if told.chapters == self._shown:
            return
        self._shown = told.chapters
        self._area.clear()
        with self._area:
            for chapter in told.chapters:
                _show(chapter)


def _show(chapter: Chapter) -> None:
    with ui.element("article"):
        text("h2", chapter.title)
        for sentence in chapter.sentences:
            with tag("p", title=sentence.event):
                text("time", sentence.clock)
                text("span", sentence.text, "t")


_CHOSEN = "Chosen by rule from the log, in the log's own words; what weighs more later may take a sentence's place."
_NOTHING = "Nothing has happened yet that a sentence could be made of."
