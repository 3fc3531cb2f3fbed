"""What goes on now: the map with everybody on it, the last talk, the last happenings; of a crowd its picture."""

from __future__ import annotations

from collections.abc import Callable

from nicegui import ui
from worldloom.cluster.closing.naming import hue, initials
from worldloom.cluster.viewing.crowds import Sight
from worldloom.cluster.viewing.follower import Follower
from worldloom.cluster.viewing.land_map import MAP, LandMap
from worldloom.cluster.viewing.story import Story
from worldloom.cluster.viewing.telling import sentence
from worldloom.cluster.viewing.things import portrait_of
from worldloom.provenance.audit import State
from worldloom.provenance.events_block import EventRow
from worldloom.provenance.text import clean_text

from .crowd import CrowdPanel
from .frame import many, moment, text, time_of
from .town import Figure, Town

MOST_SHOWN = 60
"""Lines of a feed on the page."""
_SPOKEN_SECONDS, _SPOKEN_WALL_SECONDS = 180, 3.0
"""Simulated time for which words stand over the head of who said them, and wall time for which they do at least."""
_MOST_BUBBLES = 4
_LONGEST_BUBBLE = 110


class NowTab:
    """The tab's elements.

    `give_land` tells it of the map when that is drawn, `figures` computes where all are, `refresh` shows what is new;
    `give_sight` shows a crowd instead.
    """

    def __init__(self, follower: Follower, key: str) -> None:
        self._follower = follower
        self._key = key
        self._land: LandMap | None = None
        self._crowd: CrowdPanel | None = None
        self._area = ui.element("div")
        with self._area, ui.element("div").classes("now") as self._village:
            with ui.element("div"):
                self._town = Town("The map is being drawn …")
                self._caption = text("p", "", "caption num")
            with ui.element("div").classes("side"):
                self._talk = _Feed("Last talk", "Nobody has spoken yet.")
                self._deeds = _Feed("What happens", "Nothing has happened yet.")

    def give_land(self, land: LandMap | None) -> None:
        """Show the map, or that there is none."""
        self._land = land
        if land is None:
            if self._follower.storage.exists(MAP):
                self._town.show(f"/map/{self._key}", "Map of the end of the run", ())
            else:
                self._town.wait("There is no map to walk on: this run has no land, or its land is not recorded.")
            return
        label = f"Map of {clean_text(land.settlement.name, 80)} with everybody on it"
        self._town.show(f"/map/{self._key}", label, ())
        self._talk.clear()
        self._deeds.clear()

    def give_sight(self, seen: Sight) -> None:
        """Show a crowd in the place of a village."""
        if self._crowd is None:
            self._village.visible = False
            with self._area:
                self._crowd = CrowdPanel(self._follower, self._key)
        self._crowd.refresh(seen)

    def figures(self) -> list[Figure]:
        """Return everybody where they are now: ways are looked for, so this is for a thread of its own."""
        if self._land is None:
            return []
        with self._follower.still(wait=True):
            return self._figures(self._land)

    def refresh(self, figures: list[Figure]) -> None:
        """Bring everything up to what is committed; the caller keeps the story still."""
        story = self._story
        self._town.go(figures)
        self._caption.text = self._where()
        self._talk.add(story.told["say"], list(story.talk), self._line)
        self._deeds.add(story.happened, list(story.happenings), self._deed)

    @property
    def _story(self) -> Story:
        return self._follower.story

    def _where(self) -> str:
        story = self._story
        if not story.people:
            return told_when(self._follower.state, story.time)
        walking = sum(bool(track.walking()) for track in story.where.tracks.values())
        when, people = told_when(self._follower.state, story.time), many(len(story.people), "person", "people")
        return f"{when}: {people}, {walking} on the way. Choose somebody for who it is."

    def _place(self, place: str | None) -> str:
        return self._land.place(place) if self._land is not None else ""

    def _figures(self, land: LandMap) -> list[Figure]:
        story = self._story
        spots = land.spots(story.where.tracks, story.time)
        said = self._spoken()
        figures = []
        for agent, spot in sorted(spots.items()):
            name, track = clean_text(story.name(agent), 100), story.where.tracks[agent]
            walking = track.walking()
            doing = (
                f"on the way to {land.place(walking)}"
                if walking
                else f"{story.activity(agent)}, {land.place(track.place)}"
            )
            job = clean_text(str(story.people[agent].get("job", "")), 60)
            title = clean_text(f"{name}, {job}: {doing}", 300)
            letters = clean_text(initials(name), 3)
            figures.append(
                Figure(
                    id=agent,
                    x=spot.left,
                    y=spot.top,
                    hue=hue(agent),
                    initials=letters,
                    portrait=portrait_of(story, agent, self._key),
                    title=title,
                    walking=bool(walking),
                    says=said.get(agent, ""),
                )
            )
        return figures

    def _spoken(self) -> dict[str, str]:
        """Return what was said last, by speaker; nobody speaks on a map of a run that stands still."""
        story, found = self._story, dict[str, str]()
        if self._follower.state != State.OPEN:
            return found
        places: set[str | None] = set()
        lasts = max(_SPOKEN_SECONDS, self._follower.pace * _SPOKEN_WALL_SECONDS)
        for row in reversed(story.talk):
            if row.time + lasts < story.time or len(found) >= _MOST_BUBBLES:
                break
            if row.place in places or row.actor is None:
                continue  # one at a place: more would cover each other
            places.add(row.place)
            words = _words(row)
            short = words if len(words) <= _LONGEST_BUBBLE else words[: _LONGEST_BUBBLE - 1] + "…"
            found[row.actor] = short
        return found

    def _line(self, row: EventRow) -> None:
        text("time", time_of(row.time))
        with ui.element("div"):
            listener = f" to {self._story.name(row.target)}" if row.target else ""
            place = self._place(row.place) if row.place else ""
            with ui.element("div"):
                text("span", self._story.name(row.actor), f"who t hue{hue(row.actor or '')}")
                text("span", f"{listener}{', ' + place if place else ''}", "quiet small t")
            text("q", _words(row), "t")

    def _deed(self, row: EventRow) -> None:
        text("time", time_of(row.time))
        text("p", sentence(row, self._story.name, self._place), "small t")


def told_when(state: State, time: int) -> str:
    """`At the end, day 2, 06:00`: which moment the map shows."""
    begins = {State.SEALED: "At the end, d", State.INTERRUPTED: "Where it stopped, d"}
    return begins.get(state, "D") + moment(time)[1:]


def _words(row: EventRow) -> str:
    said = row.detail.get("text", "") if isinstance(row.detail, dict) else ""
    return clean_text(str(said), 2_000)


class _Feed:
    """A list of events, the newest first; takes in only what came since the last time."""

    def __init__(self, heading: str, nothing: str) -> None:
        self._seen = 0
        with ui.element("section"):
            text("h2", heading)
            self._list = ui.element("div").classes("feed").props('tabindex="0"')
            self._list.props["aria-label"] = heading
            self._list.props["role"] = "region"
        with self._list:
            self._nothing: ui.element | None = text("p", nothing, "quiet small")

    def clear(self) -> None:
        """Forget what is shown; the next `add` shows it anew."""
        self._seen = 0
        self._nothing = None
        self._list.clear()

    def add(self, total: int, rows: list[EventRow], show: Callable[[EventRow], None]) -> None:
        """Show the newest of `rows`, of which there were `total` ever."""
        fresh = rows[-min(total - self._seen, MOST_SHOWN) :] if total > self._seen else []
        self._seen = total
        if fresh and self._nothing is not None:
            self._nothing.delete()
            self._nothing = None
        for row in fresh:
            with self._list:
                with ui.element("div").classes("line") as line:
                    show(row)
                line.move(target_index=0)
        for old in self._list.default_slot.children[MOST_SHOWN:]:
            self._list.remove(old)
