"""Made things as they come, the newest first; a click opens one with its credential, recipe and lineage."""

from __future__ import annotations

from nicegui import run, ui
from worldloom.cluster.closing.record import Thing
from worldloom.cluster.viewing.follower import Follower
from worldloom.cluster.viewing.site import Site
from worldloom.cluster.viewing.things import Card, Told, card_of, lineage_of, told_of, words_of
from worldloom.provenance.text import clean_text

from .frame import has_gone, many, tag, text

_AT_ONCE = 60
"""Cards that are shown before one asks for more."""
_ALL = "all"


class ArtifactsTab:
    """The tab's elements; `refresh` adds what was made since."""

    def __init__(self, site: Site, follower: Follower, key: str) -> None:
        self._site = site
        self._follower = follower
        self._key = key
        self._seen = 0
        self._cards: list[tuple[str, ui.element]] = []
        self._most = _AT_ONCE
        with ui.element("div").classes("tools"):
            self._crafts = ui.toggle({_ALL: "All"}, value=_ALL, on_change=self._filter).props(
                "no-caps unelevated dense"
            )
            self._crafts.props('padding="xs md" toggle-color="primary"')
            self._count = text("span", "", "quiet small")
        self._nothing = text("p", "Nothing has been made yet.", "quiet")
        self._wall = ui.element("div").classes("wall")
        self._more = ui.button("Show more", on_click=self._show_more).props("outline").style("margin-top:1.2rem")
        self._dialog = ui.dialog()
        self._dialog.props["aria-label"] = "A made thing"

    def refresh(self) -> None:
        """Show what was made since the last time."""
        things = self._follower.story.things
        if len(things) == self._seen:
            return
        fresh, self._seen = things[self._seen :], len(things)
        self._nothing.visible = False
        for thing in fresh:
            self._add(thing)
        crafts = sorted({craft for craft, _ in self._cards})
        self._crafts.set_options({_ALL: "All", **{craft: craft.capitalize() + "s" for craft in crafts}})
        self._filter()

    def _add(self, thing: Thing) -> None:
        card = card_of(thing, self._follower.story, self._key)
        with self._wall:
            element = self._card(card, thing)
        element.move(target_index=0)
        self._cards.insert(0, (card.craft, element))

    def _card(self, card: Card, thing: Thing) -> ui.element:
        with tag("button", "thing", type="button") as element:
            _frame(card, words_of(thing, self._follower.story, self._follower.storage))
            with tag("span", "text"):
                text("h2", card.title, "t")
                text("span", f"{card.craft} by {card.maker}, {card.time}", "quiet small t")
        element.on("click", lambda: self._open(card, thing))
        return element

    def _filter(self) -> None:
        chosen = [element for craft, element in self._cards if self._crafts.value in (_ALL, craft)]
        shown = set(map(id, chosen[: self._most]))
        for _, element in self._cards:
            element.visible = id(element) in shown
        self._more.visible = len(chosen) > self._most
        self._count.text = many(len(chosen), "thing")

    def _show_more(self) -> None:
        self._most += _AT_ONCE
        self._filter()

    async def _open(self, card: Card, thing: Thing) -> None:
        self._dialog.clear()
        with self._dialog, ui.card().classes("sheet"):
            with ui.element("div").classes("top"):
                with ui.element("div"):
                    text("h2", card.title, "t")
                    text("p", f"{card.craft} by {card.maker}, {card.time}", "quiet small t")
                ui.button(icon="close", on_click=self._dialog.close).props('flat round dense aria-label="Close"')
            area = ui.element("div")
            with area:
                ui.spinner(size="2rem")
        self._dialog.open()
        told = await run.io_bound(told_of, thing, self._follower.storage, self._site.anchors())
        if told is None or has_gone(area):
            return
        words = words_of(thing, self._follower.story, self._follower.storage)
        area.clear()
        with area:
            _sheet(card, told, words)
            text("h3", "What it rests on")
            lineage = text("pre", "is being read …", "tree t")
        tree = await run.io_bound(lineage_of, self._follower.folder, thing.name)
        if not has_gone(lineage):
            lineage.text = clean_text(tree or "")


def _frame(card: Card, words: str) -> None:
    with tag("span", f"frame {'drawn' if card.show == 'drawn' else ''} {'tile' if card.craft == 'tile' else ''}"):
        if card.show in ("picture", "drawn"):
            tag("img", src=card.address, alt=card.title, loading="lazy")
        elif card.show == "sound":
            text("span", f"♪\n{words}", "letter song") if words else text("span", "♪", "note-sign")
        elif card.show == "words":
            text("span", words, "letter")
        else:
            text("span", "its file was erased", "quiet small")


def _sheet(card: Card, told: Told, words: str) -> None:
    with ui.element("div").classes("two"):
        with ui.element("div"):
            if card.show != "words":
                _frame(card, "")
            if card.show == "sound":
                tag("audio", controls="", src=card.address, preload="none")
            if words:
                _whole(words).style("margin-top:.8rem")
            if card.address:
                link = tag(
                    "a", "small", href=f"/files/{card.address.split('/', 2)[2]}", target="_blank", rel="noopener"
                )
                with link:
                    text("span", "The signed file itself")
        with ui.element("div"):
            text("span", told.state, f"pill {told.mark}")
            for fault in told.faults:
                text("p", fault, "small mono")
            text("h3", "Credential")
            _pairs(told.credential)
            text("h3", "How it was made")
            _pairs(told.recipe)
    if told.prompt:
        text("h3", "Prompt")
        _whole(told.prompt)


def _whole(words: str) -> ui.element:
    """Show a longer text in a box that scrolls, by keys too."""
    box = text("div", words, "whole")
    box.props["tabindex"] = "0"
    return box


def _pairs(rows: tuple[tuple[str, str], ...]) -> None:
    with ui.element("dl").classes("pairs"):
        for name, value in rows:
            text("dt", name)
            text("dd", value, "t" if len(value) < 40 else "mono t")
