"""The page of one run: its head and its tabs, kept up to date. Head and tabs have files of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from nicegui import background_tasks, run, ui
from worldloom.cluster.viewing.catalogue import Listed
from worldloom.cluster.viewing.follower import Follower
from worldloom.cluster.viewing.retelling import Retold
from worldloom.cluster.viewing.site import Site
from worldloom.cluster.viewing.things import portrait_of
from worldloom.provenance.text import clean_text

from .artifacts_tab import ArtifactsTab
from .audit_tab import AuditTab
from .charts_tab import ChartsTab
from .frame import page, text
from .head import Head
from .news import NewsTab
from .now_tab import NowTab
from .people_tab import PeopleTab
from .report_tab import ReportTab
from .story_tab import StoryTab
from .ties import TiesTab
from .town import Figure
from .world import WorldTab

_SECONDS = 1.0
"""Wall time between two looks at the run."""
_TABS = ("Now", "Story", "Ties", "News", "3D", "Artifacts", "People", "Charts", "Audit", "Report")
_OF_MINDS = ("Story", "Ties", "News", "3D", "Artifacts", "People")
"""Tabs that a crowd has not."""

Found = TypeVar("Found")


def run_page(site: Site, listed: Listed) -> None:
    """Build the page of a run."""
    follower = site.followers.of(listed.folder)
    with page(f"{listed.name}: Worldloom"):
        _RunPage(site, follower, listed)


def no_such_run(key: str) -> None:
    """Build the page for an address that leads to no run."""
    with page("No such run"), ui.element("div").classes("empty").style("margin-top:2rem"):
        text("p", f"There is no run called {clean_text(key, 80)} in the folders that this page shows.")
        ui.link("All runs", "/")


class _RunPage:
    """The elements of the page and how they are kept up to date."""

    def __init__(self, site: Site, follower: Follower, listed: Listed) -> None:
        self._site = site
        self._follower = follower
        self._version = -1
        self._asked_for_land = False
        self._going: set[str] = set()
        self._told: Retold | None = None
        self._head = Head(site, follower, listed, self._look)
        with ui.tabs(on_change=self._look_anew).props(
            "align=left no-caps inline-label outside-arrows mobile-arrows"
        ) as self._tabs:
            self._names = {name: ui.tab(name) for name in _TABS}
        with ui.tab_panels(self._tabs, value=_TABS[0], animated=False).props("keep-alive").style("width:100%"):
            self._fill(listed.key)
        ui.timer(_SECONDS, self._look)

    def _fill(self, key: str) -> None:
        site, follower = self._site, self._follower
        with ui.tab_panel("Now"):
            self._now = NowTab(follower, key)
        with ui.tab_panel("3D"):
            self._world = WorldTab(site, follower, key)
        with ui.tab_panel("Charts"):
            self._charts = ChartsTab(follower)
        with ui.tab_panel("Audit"):
            self._audit = AuditTab(site, follower)
        self._tellers: dict[str, StoryTab | TiesTab | NewsTab] = {}
        with ui.tab_panel("Story"):
            self._tellers["Story"] = StoryTab()
        with ui.tab_panel("Ties"):
            self._tellers["Ties"] = TiesTab(lambda agent: portrait_of(follower.story, agent, key))
        with ui.tab_panel("News"):
            self._tellers["News"] = NewsTab()
        self._others: dict[str, ArtifactsTab | PeopleTab | ChartsTab | ReportTab] = {"Charts": self._charts}
        with ui.tab_panel("Artifacts"):
            self._others["Artifacts"] = ArtifactsTab(site, follower, key)
        with ui.tab_panel("People"):
            self._others["People"] = self._people = PeopleTab(follower, key)
        with ui.tab_panel("Report"):
            self._others["Report"] = ReportTab(follower, key)

    async def _look_anew(self) -> None:
        """Show the tab that was chosen: those that nobody sees are not kept up to date."""
        self._version, self._told = -1, None
        await self._look()

    async def _look(self) -> None:
        follower, tab = self._follower, str(self._tabs.value)
        await run.io_bound(follower.look)
        if follower.story.born and not self._asked_for_land and not self._head.has_gone:
            self._asked_for_land = True
            ui.timer(0.05, self._draw_land, once=True)
        figures: list[Figure] = []
        if follower.version != self._version and tab == "Now":
            figures = await run.io_bound(self._now.figures) or []
        if follower.version != self._version and tab == "Charts":
            self._charts.give_needs(await run.io_bound(self._site.needs, follower) or {})
        if self._head.has_gone:
            return
        self._head.show_state()
        self._audit.refresh()
        with follower.still(wait=False) as still:
            if still and follower.version != self._version:
                self._version = follower.version
                self._show(tab, figures)
        self._look_beside(tab)

    def _show(self, tab: str, figures: list[Figure]) -> None:
        self._head.show()
        for name in _OF_MINDS:
            self._names[name].visible = not self._follower.story.is_crowd
        if tab == "Now":
            self._now.refresh(figures)
        elif tab in self._others:
            self._others[tab].refresh()

    def _look_beside(self, tab: str) -> None:
        """Look at what may take seconds, beside the look of every second: each once at a time."""
        if not self._follower.story.born:
            return
        if tab in self._tellers:
            self._beside("telling", lambda: self._site.retold(self._follower), self._retell)
        elif tab == "3D":
            self._beside("world", self._world.look, self._world.refresh)
        elif tab == "Now" and self._follower.story.is_crowd:
            self._beside("crowd", lambda: self._site.crowds.look(self._follower), self._now.give_sight)

    def _beside(self, name: str, look: Callable[[], Found], show: Callable[[Found], None]) -> None:
        if name in self._going:
            return
        self._going.add(name)

        async def looking() -> None:
            try:
                found = await run.io_bound(look)
            finally:
                self._going.discard(name)
            if found is not None and not self._head.has_gone:  # None: the page is being ended
                show(found)

        background_tasks.create(looking(), name=f"look at {name}")

    def _retell(self, told: Retold) -> None:
        tab = str(self._tabs.value)
        if told is not self._told and tab in self._tellers:
            self._told = told
            self._tellers[tab].refresh(told)

    async def _draw_land(self) -> None:
        land = await run.io_bound(self._site.land, self._follower)
        if self._head.has_gone:
            return
        self._now.give_land(land)
        self._people.give_land(land)
        self._version = -1
