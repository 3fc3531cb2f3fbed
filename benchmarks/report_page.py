"""How long report.html takes to write, how large it is, when a browser can use it, and how 1,000 people scrub.

Budgets of the page: written in 10 s for 25 people and a day, below 15 MB, usable in 2 s in headless Chromium, a frame
of 1,000 people in 16 ms of script. The day is saltmarsh as it ships; the 1,000 walk made-up ways on its land, through
the same code. Seconds of the processor are held against the budget, since the wall's hang on who else works. Chromium
draws in software here, so a frame's whole time says little; the script's share of it is told.
"""

from __future__ import annotations

import re
import shutil
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from harness import Budget, report
from worldloom.cluster import Placement, RunOptions, Silent, run
from worldloom.cluster.closing.assets import block
from worldloom.cluster.closing.enacting import Track
from worldloom.cluster.closing.land import Land, read_land
from worldloom.cluster.closing.naming import read_names
from worldloom.cluster.closing.record import Record, read_record
from worldloom.cluster.closing.report import write_report
from worldloom.cluster.closing.stage_data import run_data
from worldloom.cluster.closing.summary import RunSummary
from worldloom.provenance.audit import audit_unsealed
from worldloom.provenance.log_reader import LogReader
from worldloom.provenance.storage import LocalDisk, Storage
from worldloom.worlds.space import CELL_MM


class Settings(NamedTuple):
    scenario: str
    agents: int
    hours: int
    crowd: int
    browser: bool


BUDGETS = {
    "written_cpu_seconds": Budget(10),
    "page_megabytes": Budget(15),
    "usable_ms": Budget(2000),
    "script_ms_a_frame_of_crowd": Budget(16),
}
FULL = Settings("saltmarsh", agents=25, hours=24, crowd=1000, browser=True)
SMALL = Settings("", agents=2, hours=1, crowd=20, browser=False)
TINY = """from worldloom.cluster import Scenario

scenario = Scenario(name="tiny", world={"size": 96}, step_seconds=600, generators={"text": "rules"})
"""
FRAMES = 120
SCRUB = """async (frames) => {
  const player = worldloom.player, script = [], whole = [];
  const draw = player.draw.bind(player);
  player.draw = () => { const from = performance.now(); draw(); script.push(performance.now() - from); };
  let last = performance.now();
  for (let i = 0; i < frames; i++) {
    player.seek(player.start + (player.end - player.start) * i / frames);
    await new Promise((done) => requestAnimationFrame(done));
    const now = performance.now(); whole.push(now - last); last = now;
  }
  return {script, whole};
}"""


def figures(settings: Settings) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as place:
        storage = lived(settings, Path(place))
        result = written(storage, Path(place) / "report.html")
        crowded = Path(place) / "crowd.html"
        result["crowd_data_megabytes"] = crowd(storage, Path(place) / "report.html", crowded, settings.crowd)
        if settings.browser:
            result |= browsed(Path(place) / "report.html", crowded)
    return result


def lived(settings: Settings, place: Path) -> Storage:
    """A run to report of."""
    scenario = settings.scenario
    if not scenario:
        scenario = str(place / "tiny.py")
        Path(scenario).write_text(TINY)
    options = RunOptions(
        scenario=scenario,
        agents=settings.agents,
        hours=settings.hours,
        out=place / "run",
        placement=Placement(local=True),
        home=place / "home",
    )
    return Storage(LocalDisk(run(options, Silent()).run))


def written(storage: Storage, to: Path) -> dict[str, Any]:
    """Write the report once more, as the closing of a run does after its audit."""
    audit, summary = audit_unsealed(storage, (), datetime.now(UTC)), RunSummary.of(storage)
    begun, computed = time.perf_counter(), time.process_time()
    page = write_report(storage, audit, summary)
    result = {
        "written_seconds": round(time.perf_counter() - begun, 2),
        "written_cpu_seconds": round(time.process_time() - computed, 2),
        "page_megabytes": round(len(page) / 1e6, 2),
    }
    to.write_bytes(page)
    return result


def crowd(storage: Storage, page: Path, to: Path, count: int) -> float:
    """Put so many people on the page's map in place of its own; returns the size of their data in MB."""
    record = read_record(LogReader(storage))
    found = read_land(storage, record)
    assert found.land is not None
    people = [{**record.personas[at % len(record.personas)], "agent": f"agent-{at}"} for at in range(count)]
    many = Record(scenario=record.scenario, genesis={"personas": people}, start=record.start, end=record.end)
    data = block(run_data(many, read_names(many, found), strollers(many, found.land, count), found.land))
    text = page.read_text("utf-8")
    to.write_text(re.sub(r'(id="run-data">)[^<]*', lambda match: match[1] + data, text, count=1), "utf-8")
    return round(len(data) / 1e6, 2)


def strollers(record: Record, land: Land, count: int) -> Track:
    """People who go from place to place all day, ten minutes at each."""
    draw = np.random.default_rng(7)
    step = record.scenario["scenario"]["step_seconds"]
    times = np.arange(record.start, record.end + 1, step, dtype=np.int64)
    anchors = np.array([place.anchor for place in land.settlement.places], np.int64)
    goals = draw.integers(0, len(anchors), (len(times) // max(1, 600 // step) + 1, count))
    goal = goals[np.arange(len(times)) // max(1, 600 // step)]
    x, y = (anchors[goal, axis] * CELL_MM + CELL_MM // 2 for axis in (0, 1))
    needs = {need: np.zeros((len(times), count), np.int16) for need in ("hunger", "tiredness", "company")}
    doing = np.ones((len(times), count), np.uint8)
    ids = tuple(f"agent-{at}" for at in range(count))
    return Track(ids, times, x.astype(np.int32), y.astype(np.int32), doing, goal.astype(np.int16), needs, 0, 1)


def browsed(page: Path, crowded: Path) -> dict[str, Any]:
    """Open both pages in headless Chromium."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        usable = [opened(browser, page)[1] for _ in range(3)]
        tab, _ = opened(browser, crowded)
        tab.set_default_timeout(300_000)
        frames = tab.evaluate(SCRUB, FRAMES)
        browser.close()
    return {
        "usable_ms": round(statistics.median(usable)),
        "script_ms_a_frame_of_crowd": round(statistics.median(frames["script"]), 2),
        "whole_ms_a_frame_of_crowd": round(statistics.median(frames["whole"]), 1),
    }


def opened(browser: Any, page: Path) -> tuple[Any, float]:
    """Return a tab and the milliseconds from opening until every section answered."""
    tab = browser.new_page(viewport={"width": 1440, "height": 900})
    tab.goto(page.as_uri())
    return tab, tab.evaluate("performance.getEntriesByName('worldloom-awake')[0].startTime")


def main() -> None:
    report(__file__, figures(FULL), BUDGETS, FULL)


if __name__ == "__main__":
    main()
