"""The page of all runs: what there is, how far it is, and how to begin another. One run is `run_page`."""

from __future__ import annotations

from pathlib import Path

from nicegui import run, ui
from worldloom.cluster.viewing.catalogue import Listed
from worldloom.cluster.viewing.glance import Glance
from worldloom.cluster.viewing.site import Site
from worldloom.provenance.audit import State

from .frame import ago, has_gone, many, moment, page, pill, size_of, tag, text
from .new_run import new_run

_SECONDS = 2.0
"""Wall time between two looks at the folders."""


def overview(site: Site) -> None:
    """Build the page."""
    with page("Worldloom: runs"):
        with ui.element("div").classes("head"):
            with ui.element("div"):
                text("h1", "Runs")
                where = ", ".join(map(_near, site.catalogue.folders)) or "the runs that were named"
                text("p", where, "quiet small")
            with ui.element("div").classes("act"):
                if site.catalogue.folders:
                    dialog = new_run(site)
                    ui.button("New run", icon="add", on_click=dialog.open).props("unelevated")
        area = ui.element("div").style("width:100%")
        shown: list[tuple[Listed, Glance]] = []

        async def look() -> None:
            found = await run.io_bound(_glances, site)
            if found is None or has_gone(area):
                return
            if found != shown or not area.default_slot.children:
                shown[:] = found
                area.clear()
                with area:
                    _runs(found)

        ui.timer(_SECONDS, look)


def _near(folder: Path) -> str:
    """Return a folder's path, from where the page was started if it lies below."""
    here = Path.cwd()
    return str(folder.relative_to(here) if folder.is_relative_to(here) else folder)


def _glances(site: Site) -> list[tuple[Listed, Glance]]:
    return [(listed, site.glances.of(listed.folder)) for listed in site.catalogue.runs()]


def _runs(found: list[tuple[Listed, Glance]]) -> None:
    if not found:
        with ui.element("div").classes("empty"):
            text("p", "No run here yet. Begin one above, or with: worldloom run")
        return
    with ui.element("div").classes("runs"):
        for listed, seen in found:
            _run(listed, seen)


def _run(listed: Listed, seen: Glance) -> None:
    with tag("a", "run", href=f"/run/{listed.key}"):
        tag("img", "thumb", src=f"/thumb/{listed.key}", alt="", loading="lazy")
        with ui.element("div").classes("text"):
            pill(seen.state)
            text("h2", seen.title or listed.name, "t")
            text("p", _facts(listed, seen), "quiet small num")
            if seen.fault:
                text("p", f"Cannot be read: {seen.fault}", "small t")
            if seen.started:
                text("p", f"Begun {ago(seen.started)}", "quiet small")
            if seen.state != State.SEALED and not seen.fault:
                with ui.element("div").classes("thin"):
                    ui.element("div").style(f"width:{seen.share * 100:.1f}%")


def _facts(listed: Listed, seen: Glance) -> str:
    if seen.fault or not seen.scenario:
        return listed.name
    facts = [listed.name, many(seen.agents, "agent"), f"seed {seen.seed}", moment(seen.time)]
    facts += [many(seen.artifacts, "artifact"), size_of(seen.size)]
    return " · ".join(facts)
