"""The page of one run: its state and progress, what may be done to it, and its tabs. Each tab has a file of its own."""

from __future__ import annotations

from collections.abc import Callable

from nicegui import run, ui
from nicegui.elements.mixins.text_element import TextElement
from worldloom.cluster.errors import RunFolderError
from worldloom.cluster.viewing.catalogue import Listed
from worldloom.cluster.viewing.follower import Follower
from worldloom.cluster.viewing.site import Site
from worldloom.provenance.audit import State
from worldloom.provenance.errors import ProvenanceError
from worldloom.provenance.text import clean_text

from .artifacts_tab import ArtifactsTab
from .audit_tab import AuditTab
from .charts_tab import ChartsTab
from .frame import STATES, has_gone, lasting, moment, page, text
from .now_tab import NowTab
from .people_tab import PeopleTab
from .report_tab import ReportTab
from .town import Figure

_SECONDS = 1.0
"""Wall time between two looks at the run."""
_TABS = ("Now", "Artifacts", "People", "Charts", "Audit", "Report")


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
        self._title(listed)
        self._faults()
        self._course()
        with ui.tabs(on_change=self._look_anew).props(
            "align=left no-caps inline-label outside-arrows mobile-arrows"
        ) as self._tabs:
            for name in _TABS:
                ui.tab(name)
        with ui.tab_panels(self._tabs, value=_TABS[0]).props("keep-alive").style("width:100%"):
            with ui.tab_panel("Now"):
                self._now = NowTab(follower, listed.key)
            with ui.tab_panel("Artifacts"):
                self._artifacts = ArtifactsTab(site, follower, listed.key)
            with ui.tab_panel("People"):
                self._people = PeopleTab(follower, listed.key)
            with ui.tab_panel("Charts"):
                self._charts = ChartsTab(follower)
            with ui.tab_panel("Audit"):
                self._audit = AuditTab(site, follower)
            with ui.tab_panel("Report"):
                self._report = ReportTab(follower, listed.key)
        self._others: dict[str, ArtifactsTab | PeopleTab | ChartsTab | ReportTab] = {
            "Artifacts": self._artifacts,
            "People": self._people,
            "Charts": self._charts,
            "Report": self._report,
        }
        ui.timer(_SECONDS, self._look)

    def _title(self, listed: Listed) -> None:
        with ui.element("div").classes("head"):
            with ui.element("div"):
                with ui.element("div").classes("over"):
                    self._pill = text("span", "looking …", "pill")
                    self._under = text("span", "", "quiet small t num")
                self._heading = text("h1", listed.name, "t")
            with ui.element("div").classes("act"):
                self._stop = ui.button("Stop", icon="stop", on_click=self._do(self._stop_run)).props("outline")
                self._stop.props["title"] = "Interrupt its process as Ctrl-C does; what is committed is kept"
                self._resume = ui.button("Resume", icon="play_arrow", on_click=self._do(self._resume_run)).props(
                    "unelevated"
                )
        self._stop.visible = self._resume.visible = False

    def _faults(self) -> None:
        self._fault = text("p", "", "note bad t")
        with ui.element("div").classes("note bad") as self._failure:
            text("p", "The process that wrote this run failed. Its last words:")
            self._words = text("pre", "")
        self._fault.visible = self._failure.visible = False

    def _course(self) -> None:
        with ui.element("section").classes("course") as course:
            course.props["aria-label"] = "Progress"
            with ui.element("div").classes("clock"):
                self._day = text("small", "")
                self._clock = text("span", "")
            with ui.element("div").classes("thin") as line:
                line.props.update({"role": "progressbar", "aria-label": "Part of the run that is done"})
                self._line = line
                self._bar = ui.element("div").style("width:0%")
            with ui.element("div").classes("facts"):
                self._facts = {name: _fact(name) for name in ("steps", "agents", "things made", "log entries")}
                self._left = text("span", "")

    def _do(self, action: Callable[[], str]) -> Callable[[], object]:
        """Return a handler of a button: it says what came of the action, or why nothing did."""

        async def doing() -> None:
            try:
                said, kind = await run.io_bound(action), "positive"
            except (RunFolderError, ProvenanceError, OSError) as error:
                said, kind = str(error), "negative"
            if has_gone(self._pill):
                return
            ui.notify(clean_text(said, 500), type=kind, position="top", multi_line=True, close_button="Close")  # type: ignore[arg-type]
            await self._look()

        return doing

    def _stop_run(self) -> str:
        number = self._site.stop(self._follower)
        return f"Process {number} is asked to stop. What is committed is kept."

    def _resume_run(self) -> str:
        self._site.resume(self._follower)
        return "The run goes on in a process of its own."

    async def _look_anew(self) -> None:
        """Show the tab that was chosen: those that nobody sees are not kept up to date."""
        self._version = -1
        await self._look()

    async def _look(self) -> None:
        follower, tab = self._follower, str(self._tabs.value)
        await run.io_bound(follower.look)
        if follower.story.born and not self._asked_for_land and not has_gone(self._pill):
            self._asked_for_land = True
            ui.timer(0.05, self._draw_land, once=True)
        figures: list[Figure] = []
        if follower.version != self._version and tab == "Now":
            figures = await run.io_bound(self._now.figures) or []
        if follower.version != self._version and tab == "Charts":
            self._charts.give_needs(await run.io_bound(self._site.needs, follower) or {})
        if has_gone(self._pill):
            return
        self._buttons()
        self._audit.refresh()
        self._pace()
        with follower.still(wait=False) as still:
            if still and follower.version != self._version:
                self._version = follower.version
                self._show()
                self._refresh(tab, figures)

    def _refresh(self, tab: str, figures: list[Figure]) -> None:
        if tab == "Now":
            self._now.refresh(figures)
        elif tab in self._others:
            self._others[tab].refresh()

    async def _draw_land(self) -> None:
        land = await run.io_bound(self._site.land, self._follower)
        if has_gone(self._pill):
            return
        self._now.give_land(land)
        self._people.give_land(land)
        self._version = -1

    def _buttons(self) -> None:
        follower, job = self._follower, self._site.jobs.of(self._follower.folder)
        going = job is not None and job.running
        self._stop.visible = follower.state == State.OPEN
        self._resume.visible = follower.state == State.INTERRUPTED and follower.begun and not going
        failed = job is not None and job.failed and follower.state != State.OPEN
        self._failure.visible = failed
        if failed and job is not None:
            self._words.text = clean_text(job.last_words())
        starting = going and follower.state == State.INTERRUPTED
        self._pill.text = "starting" if starting else STATES[follower.state]
        self._pill.classes(replace=f"pill {State.OPEN if starting else follower.state}")

    def _show(self) -> None:
        follower, story = self._follower, self._follower.story
        self._fault.text = f"The run cannot be read further: {clean_text(follower.fault, 500)}"
        self._fault.visible = bool(follower.fault)
        if story.title:
            self._heading.text = clean_text(story.title, 200)
        told = (follower.folder.name, str(story.scenario.get("name", "")), f"seed {story.scenario.get('seed', '')}")
        self._under.text = clean_text(" · ".join(told), 300) if story.scenario else follower.folder.name
        day, _, clock = moment(story.time).partition(", ")
        self._day.text, self._clock.text = (day, clock) if story.scenario else ("", "–")
        self._bar.style(f"width:{story.share * 100:.1f}%")
        self._line.props["aria-valuenow"] = str(round(story.share * 100))
        self._facts["steps"].text = f"{story.step:,} of {story.steps:,}"
        self._facts["agents"].text = f"{len(story.people) or int(story.scenario.get('agents', 0)):,}"
        self._facts["things made"].text = f"{len(story.things):,}"
        self._facts["log entries"].text = f"{story.entries:,}"

    def _pace(self) -> None:
        left, follower = self._follower.seconds_left, self._follower
        closing = follower.state == State.OPEN and follower.story.steps > 0 and follower.story.share >= 1
        told = "being closed: exports, audit, report, seal" if closing else ""
        self._left.text = told or ("" if left is None else f"about {lasting(left)} left at this pace")


def _fact(name: str) -> TextElement:
    with ui.element("span"):
        text("span", f"{name} ")
        return text("b", "")
