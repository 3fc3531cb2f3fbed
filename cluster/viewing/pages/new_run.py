"""The dialog that begins a run: a scenario out of those offered, and the numbers that `worldloom run` takes."""

from __future__ import annotations

from nicegui import run, ui
from worldloom.cluster.errors import RunFolderError
from worldloom.cluster.options import Placement, RunOptions
from worldloom.cluster.viewing.site import Site
from worldloom.provenance.text import clean_text

from .frame import text

_MOST_SEED = 2**53 - 1
TEXT = {
    "": "as the scenario says",
    "rules": "rules (fast)",
    "embedded": "embedded language model",
    "uniform": "uniform (chance)",
}


def new_run(site: Site) -> ui.dialog:
    """Return the dialog, closed."""
    dialog = ui.dialog()
    dialog.props["aria-label"] = "New run"
    with dialog, ui.card().classes("sheet"):
        text("h2", "New run")
        with ui.element("div").classes("form"):
            scenarios = list(site.scenarios)
            scenario = ui.select(scenarios, label="Scenario", value=scenarios[0]).props("outlined").classes("wide")
            agents = ui.number("Agents", min=1, max=100_000, precision=0).props("outlined clearable")
            hours = ui.number("Hours", min=1, max=24 * 365, precision=0).props("outlined clearable")
            seed = ui.number("Seed", min=0, max=_MOST_SEED, precision=0).props("outlined clearable")
            words = ui.select(TEXT, label="Words by", value="").props("outlined").classes("wide")
        text("p", "What is left empty is as the scenario says.", "quiet small")
        local = ui.switch("In one process, without Ray", value=site.placement.local)
        fault = text("p", "", "note bad")
        going = text("p", "Its process begins …", "quiet small")
        fault.visible = going.visible = False

        async def begin() -> None:
            options = RunOptions(
                scenario=str(scenario.value),
                agents=_whole(agents.value),
                hours=_whole(hours.value),
                seed=_whole(seed.value),
                generators={"text": str(words.value)} if words.value else {},
                placement=Placement(
                    site.placement.cohorts, bool(local.value), "" if local.value else site.placement.address
                ),
            )
            going.visible, fault.visible = True, False
            try:
                key = await run.io_bound(site.begin, options)
            except (RunFolderError, OSError) as error:
                fault.text, fault.visible, going.visible = clean_text(str(error)), True, False
                return
            ui.navigate.to(f"/run/{key}")

        with ui.element("div").classes("act").style("margin-top:1rem"):
            ui.button("Begin", on_click=begin).props("unelevated")
            ui.button("Not now", on_click=dialog.close).props("flat")
    return dialog


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)
