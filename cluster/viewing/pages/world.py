"""The tab of the world in three dimensions: its land, what was put up, everybody where they are. Builds nothing."""

from __future__ import annotations

from typing import NamedTuple

from nicegui.element import Element
from worldloom.cluster.closing.naming import hue
from worldloom.cluster.viewing.follower import Follower
from worldloom.cluster.viewing.in_space import Frame, Ground, places
from worldloom.cluster.viewing.land_map import LandMap
from worldloom.cluster.viewing.scenes import GLB
from worldloom.cluster.viewing.site import Site
from worldloom.provenance.audit import State
from worldloom.provenance.text import clean_text

from .frame import many, moment, text

LONGEST_NAME = 80


class World(Element, component="world.js"):
    """Draws a GLB with people in it. All texts are escaped in the browser."""

    def __init__(self) -> None:
        super().__init__()
        self._props.update({"address": "", "waiting": "", "people": [], "frame": {"x": 0, "y": 0, "side": 1000}})
        self._props.update({"places": [], "time": 0})

    def wait(self, words: str) -> None:
        """Say why there is no world yet."""
        if self._props["waiting"] != words:
            self._props["waiting"] = words
            self.update()

    def show(self, address: str, people: list[dict[str, object]], frame: Frame) -> None:
        """Show the world at an address, or another state of it."""
        if self._props["address"] != address:
            self._props.update({"address": address, "people": people, "frame": frame._asdict(), "waiting": ""})
            self.update()

    def go(self, flat: list[int], time: int) -> None:
        """Move everybody: decimetres east, south, up of each in the order of `people`; `time` of day lights it."""
        if (self._props["places"], self._props["time"]) != (flat, time):
            with self._props.suspend_updates():  # what a browser that connects anew is given
                self._props.update({"places": flat, "time": time})
            self.run_method("move", flat, time)


class Seen(NamedTuple):
    """What is to be shown: address of the world ("": none), where everybody is, and a line about it."""

    address: str
    flat: list[int]
    time: int
    caption: str


class WorldTab:
    """The tab's elements. `look` computes what is seen and may take seconds; `refresh` shows it."""

    def __init__(self, site: Site, follower: Follower, key: str) -> None:
        self._site = site
        self._follower = follower
        self._key = key
        self._land: LandMap | None = None
        self._ground: Ground | None = None
        self._world = World()
        self._world.wait("The world is being built …")
        self._caption = text("p", "", "caption num")

    def look(self) -> Seen:
        """Build what has changed, and find where everybody is; there is no address where there is no land."""
        follower, land = self._follower, self._site.land(self._follower)
        if land is None:
            return Seen("", [], 0, "")
        if self._ground is None:
            self._land, self._ground = land, Ground(land.land)
        address, caption = self._world_of()
        with follower.still(wait=True):
            story = follower.story
            found = places(land, self._ground, story.where.tracks, story.time)
            nowhere = (0, 0, -100)
            flat = [part for agent in story.people for part in found.get(agent, nowhere)]
            return Seen(address, flat, story.time, caption)

    def _world_of(self) -> tuple[str, str]:
        if self._follower.state == State.SEALED and self._follower.storage.exists(GLB):
            return (
                f"/files/{self._key}/{GLB}",
                f"The world at the end, as signed: {GLB}. Who is indoors is above the roof.",
            )
        scene = self._site.scene(self._follower)
        if scene is None:
            return "", ""
        since = f"as of {moment(scene.time)}" if scene.time >= 0 else "before the first snapshot"
        put_up = f"{many(scene.things, 'made thing')} put up, {since}"
        told = f"{put_up}; people are where they are now, those indoors above the roof."
        return f"/world/{self._key}?v={scene.number}", told

    def refresh(self, seen: Seen) -> None:
        """Show it."""
        if not seen.address or self._land is None:
            self._world.wait("There is no world to walk in: this run has no land, or its land is not recorded.")
            return
        story = self._follower.story
        people: list[dict[str, object]] = [
            {"id": agent, "name": clean_text(story.name(agent), LONGEST_NAME), "hue": hue(agent)}
            for agent in story.people
        ]
        self._world.show(seen.address, people, Frame.of(self._land))
        self._world.go(seen.flat, seen.time)
        self._caption.text = seen.caption
