"""The tab of who knows what: each piece of news with who told whom, when and where. Follows nothing itself."""

from __future__ import annotations

from typing import Any

from nicegui import ui
from nicegui.element import Element
from worldloom.cluster.closing import news
from worldloom.cluster.closing.talk import Chain
from worldloom.cluster.viewing.retelling import Retold
from worldloom.provenance.text import clean_text

from .frame import READING, tag, text

LONGEST_NAME = 40
MOST_LISTED = 60
"""People of a piece of news that are listed in words."""


class Spread(Element, component="news.js"):
    """Draws one piece of news over time. All texts are escaped in the browser."""

    def __init__(self) -> None:
        super().__init__()
        size = {"wide": news.WIDE, "left": news.LEFT, "curve": news.CURVE}
        self._props.update({"size": size, "drawing": None, "of": 0})

    def draw(self, drawing: news.Spreading, of: int) -> None:
        """Draw a state; `of` is how many people there are."""
        told: dict[str, Any] = drawing._asdict()
        told["heard"] = [each._asdict() | _cleaned(each) for each in drawing.heard]
        self._props["drawing"], self._props["of"] = told, of
        self.update()


def _cleaned(heard: news.Heard) -> dict[str, str]:
    return {"name": clean_text(heard.name, LONGEST_NAME), "teller": clean_text(heard.teller, LONGEST_NAME)}


class _Piece:
    """The elements of one piece of news."""

    def __init__(self) -> None:
        with tag("article", "piece") as self.area:
            self._words = text("h2", "", "t")
            self._under = text("p", "", "quiet small num t")
            self._spread = Spread()
            with tag("details", "in-words"):
                text("summary", "In words")
                self._list = ui.element("ol").classes("learned")

    def show(self, chain: Chain, people: int) -> None:
        """Show a state of it."""
        self._words.text = clean_text(chain.words or chain.event, 400)
        self._words.classes(replace="quote t" if chain.told else "t")
        self._under.text = clean_text(f"{chain.origin}. {chain.count:,} of {people:,} know of it now. {chain.event}")
        self._spread.visible = chain.drawing is not None
        if chain.drawing is not None:
            self._spread.draw(chain.drawing, people)
        self._list.clear()
        with self._list:
            for learned in chain.learned[:MOST_LISTED]:
                source = f"from {learned.teller}, " if learned.teller else ""
                where = f", {learned.place}" if learned.place else ""
                with ui.element("li").classes(f"d{learned.depth}"):
                    text("span", learned.name, f"who t hue{learned.hue}")
                    text("span", f"{source}{learned.time}{where}", "quiet small t")


class NewsTab:
    """The tab's elements; `refresh` brings them up to what was told."""

    def __init__(self) -> None:
        self._note = text("p", READING, "quiet")
        self._area = ui.element("div").classes("pieces")
        self._pieces: dict[str, _Piece] = {}

    def refresh(self, told: Retold) -> None:
        """Show who knows what now; a piece of news keeps its elements, so that what is opened stays open."""
        self._note.text = told.fault or (_KNOWING if told.chains else _NOBODY)
        for event in set(self._pieces) - {chain.event for chain in told.chains}:
            self._pieces.pop(event).area.delete()
        for place, chain in enumerate(told.chains):
            if chain.event not in self._pieces:
                with self._area:
                    self._pieces[chain.event] = _Piece()
            piece = self._pieces[chain.event]
            piece.area.move(target_index=place)
            piece.show(chain, told.people)


_NOBODY = "Nobody has passed on anything that they had learned."
_KNOWING = "Knowing is a memory, and its source is something that was heard: no flag says who knows."
