"""Everybody: who they are, where, and what they do now."""

from __future__ import annotations

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement
from worldloom.cluster.closing.naming import hue, initials
from worldloom.cluster.viewing.follower import Follower
from worldloom.cluster.viewing.land_map import LandMap
from worldloom.cluster.viewing.things import portrait_of

from .frame import many, tag, text

MOST_PEOPLE = 200
"""People with a card of their own; the map has all."""


class PeopleTab:
    """The tab's elements; `refresh` brings what people do up to the story."""

    def __init__(self, follower: Follower, key: str) -> None:
        self._follower = follower
        self._key = key
        self._land: LandMap | None = None
        self._cards: dict[str, tuple[TextElement, TextElement]] = {}
        self._note = text("p", "Nobody lives here: this run has no people, or they are not known yet.", "quiet")
        self._area = ui.element("div").classes("people")

    def give_land(self, land: LandMap | None) -> None:
        """Learn the names of places."""
        self._land = land

    def refresh(self) -> None:
        """Bring everything up to what is committed."""
        story = self._follower.story
        if len(self._cards) != min(MOST_PEOPLE, len(story.people)):
            self._build()
        for agent, (doing, counts) in self._cards.items():
            doing.text = self._doing(agent)
            counts.text = f"{many(story.made[agent], 'thing')} made, {story.spoke[agent]:,} times spoken"

    def _build(self) -> None:
        people = self._follower.story.people
        rest = len(people) - MOST_PEOPLE
        self._note.text = f"{rest:,} more are on the map." if rest > 0 else ""
        self._note.visible = rest > 0
        self._area.clear()
        self._cards.clear()
        with self._area:
            for agent in list(people)[:MOST_PEOPLE]:
                self._cards[agent] = self._card(agent)

    def _card(self, agent: str) -> tuple[TextElement, TextElement]:
        story = self._follower.story
        person, name = story.people[agent], story.name(agent)
        with ui.element("article").classes("person"):
            painted = portrait_of(story, agent, self._key)
            if painted:
                tag("img", "portrait", src=painted, alt="", loading="lazy")
            else:
                text("div", initials(name), f"portrait hue{hue(agent)}")
            with ui.element("div"):
                text("h2", name, "t")
                facts = (str(person.get("job", "")), str(person.get("age", "")), str(person.get("manner", "")))
                text("p", ", ".join(filter(None, facts)), "quiet small t")
                return text("p", "", "doing t"), text("p", "", "quiet small num")

    def _doing(self, agent: str) -> str:
        story = self._follower.story
        track = story.where.tracks[agent]
        target = track.walking()
        if self._land is None:
            return story.activity(agent).capitalize()
        if target:
            return f"On the way to {self._land.place(target)}"
        return f"{story.activity(agent).capitalize()}, {self._land.place(track.place)}"
