"""The head of a run's page: its name and state, what may be done to it, what is wrong with it, how far it is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui import run, ui
from nicegui.elements.mixins.text_element import TextElement
from worldloom.cluster.errors import RunFolderError
from worldloom.cluster.viewing.catalogue import Listed
from worldloom.cluster.viewing.follower import Follower
from worldloom.cluster.viewing.site import Site
from worldloom.provenance.audit import State
from worldloom.provenance.errors import ProvenanceError
from worldloom.provenance.text import clean_text

from .frame import STATES, has_gone, lasting, moment, text


class Head:
    """`show_state` brings buttons and pace up to now, `show` what was counted; `after` is done on a click."""

    def __init__(self, site: Site, follower: Follower, listed: Listed, after: Callable[[], Awaitable[None]]) -> None:
        self._site = site
        self._follower = follower
        self._after = after
        self._title(listed)
        self._faults()
        self._course()

    @property
    def has_gone(self) -> bool:
        """Whether who looked at the page has left."""
        return has_gone(self._pill)

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
            if self.has_gone:
                return
            ui.notify(clean_text(said, 500), type=kind, position="top", multi_line=True, close_button="Close")  # type: ignore[arg-type]
            await self._after()

        return doing

    def _stop_run(self) -> str:
        number = self._site.stop(self._follower)
        return f"Process {number} is asked to stop. What is committed is kept."

    def _resume_run(self) -> str:
        self._site.resume(self._follower)
        return "The run goes on in a process of its own."

    def show_state(self) -> None:
        """Bring buttons, pill, the process's last words and the time left up to now."""
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
        closing = follower.state == State.OPEN and follower.story.steps > 0 and follower.story.share >= 1
        left = follower.seconds_left
        told = "being closed: exports, audit, report, seal" if closing else ""
        self._left.text = told or ("" if left is None else f"about {lasting(left)} left at this pace")

    def show(self) -> None:
        """Bring name, clock and counts up to what is committed; the caller keeps the story still."""
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
        if self._facts["things made"].parent_slot is not None:
            self._facts["things made"].parent_slot.parent.visible = not story.is_crowd
        self._facts["log entries"].text = f"{story.entries:,}"


def _fact(name: str) -> TextElement:
    with ui.element("span"):
        text("span", f"{name} ")
        return text("b", "")
