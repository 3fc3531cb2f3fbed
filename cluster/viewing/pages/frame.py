"""What every page has: style, the bar at its top, pills, and how times and sizes are written. No page is here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement
from worldloom.provenance.audit import State
from worldloom.provenance.text import clean_text
from worldloom.worlds.clock import HOUR, day_of, time_of_day

READING = "The log is being read …"
STATES = {State.SEALED: "sealed", State.OPEN: "running", State.INTERRUPTED: "interrupted"}


@cache
def _style() -> str:
    folder = files("worldloom.cluster.viewing.pages")
    return "\n".join(folder.joinpath(name).read_text("utf-8") for name in ("style.css", "drawings.css"))


@contextmanager
def page(title: str) -> Iterator[None]:
    """Lay out a page with its bar; its content comes inside."""
    ui.page_title(clean_text(title, 120))
    ui.add_css(_style())
    dark = ui.dark_mode(value=None)
    with ui.element("div").classes("wrap"):
        with ui.element("header").classes("bar"):
            ui.link("Worldloom", "/").classes("mark")
            button = ui.button(icon="contrast", on_click=lambda: dark.set_value(not dark.value)).props(
                "flat round dense"
            )
            button.props('aria-label="Light or dark"').tooltip("Light or dark")
        with ui.element("div"):
            yield


def text(tag: str, words: str, classes: str = "") -> TextElement:
    """Put plain text, whoever wrote it, into an element: the browser is given it as text, never as markup."""
    return TextElement(tag=tag, text=clean_text(words)).classes(classes)


def tag(name: str, classes: str = "", **attributes: str) -> ui.element:
    """Return an element with attributes as they are given: none of them is read as code or as several."""
    element = ui.element(name).classes(classes)
    element.props.update({key.replace("_", "-"): value for key, value in attributes.items()})
    return element


def has_gone(element: ui.element) -> bool:
    """Whether who looked at the element's page has left, which may happen at every await."""
    return element.is_deleted


def pill(state: State) -> TextElement:
    """Show a run's state."""
    return text("span", STATES.get(state, str(state)), f"pill {state}")


def time_of(seconds: int) -> str:
    """`06:30` for simulated seconds."""
    return f"{time_of_day(seconds) // HOUR:02d}:{time_of_day(seconds) % HOUR // 60:02d}"


def moment(seconds: int) -> str:
    """`day 1, 06:30` for simulated seconds."""
    return f"day {day_of(seconds)}, {time_of(seconds)}"


def ago(since: float) -> str:
    """`5 minutes ago` for wall time in seconds since 1970; a date for what is older than a day."""
    then, now = datetime.fromtimestamp(since, UTC), datetime.now(UTC)
    seconds = (now - then).total_seconds()
    if seconds < 90:
        return "just now"
    if seconds < 90 * 60:
        return f"{round(seconds / 60)} minutes ago"
    if seconds < 24 * HOUR:
        return f"{round(seconds / HOUR)} hours ago"
    return f"{then.astimezone():%d %B %Y, %H:%M}"


def lasting(seconds: int) -> str:
    """`2 min 5 s` for wall seconds."""
    minutes, rest = divmod(seconds, 60)
    return (
        f"{minutes // 60} h {minutes % 60} min"
        if minutes >= 60
        else f"{minutes} min {rest} s"
        if minutes
        else f"{rest} s"
    )


def size_of(count: int) -> str:
    """`41 MB` for bytes."""
    return (
        f"{count / 1e6:.0f} MB"
        if count >= 10_000_000
        else f"{count / 1e6:.1f} MB"
        if count >= 100_000
        else f"{count:,} bytes"
    )


def many(count: int, one: str, several: str = "") -> str:
    """`1 person`, `1,200 things`."""
    return f"{count:,} {one if count == 1 else several or one + 's'}"
