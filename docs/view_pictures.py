"""Takes the pictures of the live page: python docs/view_pictures.py [RUN …] [--until 12:20].

Begins runs from the page with real clicks: a crowd, and saltmarsh (words by rules). Once the village's clock shows the
time, its process is held while docs/pictures/view-*.png are taken (wide, narrow, dark); then it is stopped by a click.
Copies of the runs given stand in the overview, too. Needs Chromium and playwright; some minutes.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image

PICTURES = Path(__file__).parent / "pictures"
MOST_BYTES = 400_000
WIDE, NARROW = {"width": 1440, "height": 1000}, {"width": 390, "height": 844}
WEBGL = ("--use-angle=swiftshader", "--enable-unsafe-swiftshader")
DRAWN = {
    "Story": ".story time",
    "Ties": ".point",
    "News": ".piece",
    "3D": ".world.entered canvas[data-drawn]",
}
"""Tabs that are taken in all sizes, and what stands in them once they are drawn."""
PATIENCE_MS = 900_000
_TRIES = 12
_SETTLE_MS = 3_000


def main() -> None:
    """Read the command line and take all pictures."""
    parser = argparse.ArgumentParser(description="Pictures of the live page.")
    parser.add_argument("runs", nargs="*", type=Path, help="finished runs that the overview shows, too")
    parser.add_argument("--until", default="12:20", help="time of day 1 at which the pictures are taken")
    parser.add_argument("--hours", default="24", help="how long the run would last")
    asked = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("Chromium is not installed; the pictures are of a real browser")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "runs"
        folder.mkdir()
        for run in asked.runs:
            shutil.copytree(run, folder / run.name)
        page, url = serve(folder)
        try:
            take(chromium, url, folder, asked.until, asked.hours)
        finally:
            page.send_signal(signal.SIGINT)
            page.wait(30)


def serve(folder: Path) -> tuple[subprocess.Popen[str], str]:
    """Start the live page; returns its process and address."""
    command = [sys.executable, "-m", "worldloom.cluster.commands.main", "view", folder.name, "--port", "0", "--local"]
    page = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=folder.parent)
    line = page.stdout.readline() if page.stdout else ""
    found = re.match(r"Live page: (\S+)", line)
    if found is None:
        sys.exit(f"the live page does not start: {line}")
    return page, found[1]


def take(chromium: str, url: str, folder: Path, until: str, hours: str) -> None:
    """Begin the runs, wait, take the pictures, stop the village."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  (a development tool)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", *WEBGL])
        page = browser.new_context(viewport=WIDE).new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(url)
        home = page.url
        crowd(page)
        page.goto(home)
        begin(page, "saltmarsh", hours)
        clock = "document.querySelector('.course .clock span').innerText"
        page.wait_for_function(f"{clock} >= '{until}' && document.querySelectorAll('.town-who').length > 0")
        for _ in range(_TRIES):  # words stand on the map for some seconds only
            page.wait_for_selector(".town-says")
            if page.locator(".town-says").count() > 1:
                break
            page.wait_for_timeout(500)
        run = page.url
        with held(folder / run.rpartition("/")[2]):
            village(page)
            page.goto(home)
            page.wait_for_selector("a.run")
            shoot_all(page, "view-overview")
        page.goto(run)
        page.wait_for_selector("button:has-text('Stop')")
        page.click("button:has-text('Stop')")
        page.wait_for_selector(".pill.interrupted")
        browser.close()


def crowd(page: Any) -> None:
    """Begin a crowd, and take its picture once it has come to rest."""
    begin(page, "schelling")
    page.wait_for_selector(".over .pill.sealed")
    page.wait_for_selector(".caption:has-text('own last state')")
    shoot_all(page, "view-crowd")


def village(page: Any) -> None:
    """Take the tabs of a village that goes on."""
    shoot_all(page, "view-now")
    for tab, ready in DRAWN.items():
        page.click(f".q-tab:has-text('{tab}')")
        page.wait_for_selector(ready)
        shoot_all(page, f"view-{tab.lower()}")
    page.click(".q-tab:has-text('Artifacts')")
    page.wait_for_selector(".thing img")
    page.wait_for_function("[...document.querySelectorAll('.thing img')].slice(0, 8).every(each => each.complete)")
    shoot_all(page, "view-artifacts")
    page.click(".thing:has(img) >> nth=0")
    page.wait_for_selector(".sheet pre.tree:not(:has-text('is being read'))")
    page.wait_for_timeout(1500)
    shoot(page, "view-credential")


@contextmanager
def held(run: Path) -> Iterator[None]:
    """Hold the process that writes a run, so that a picture's three sizes show one moment."""
    process = int((run / "lock").read_text())
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


def begin(page: Any, scenario: str, hours: str = "") -> None:
    """Begin a run by clicks, its words by rules."""
    page.click("text=New run")
    page.click(".sheet .q-select >> nth=0")
    page.click(f".q-menu .q-item:has-text('{scenario}') >> nth=0")
    if hours:
        page.fill("input[aria-label=Hours]", hours)
        page.click("text=as the scenario says >> nth=0")
        page.click(".q-menu >> text=rules (fast)")
    page.click("button:has-text('Begin')")
    page.wait_for_url("**/run/**")


def shoot_all(page: Any, name: str) -> None:
    """Save the page wide, on a phone, and in the dark."""
    page.wait_for_timeout(_SETTLE_MS)
    shoot(page, name)
    narrow_and_dark(page, name)


def narrow_and_dark(page: Any, name: str) -> None:
    """Save the page as it is on a phone, and in the dark."""
    page.set_viewport_size(NARROW)
    page.wait_for_timeout(_SETTLE_MS)
    shoot(page, f"{name}-narrow")
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(_SETTLE_MS)
    shoot(page, f"{name}-dark")
    page.emulate_media(color_scheme="light")
    page.wait_for_timeout(_SETTLE_MS)


def shoot(page: Any, name: str) -> None:
    """Save a picture of the window, in as many colours as fit the limit of bytes."""
    whole = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    for colours in (256, 160, 96, 48):
        out = io.BytesIO()
        whole.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if out.tell() <= MOST_BYTES:
            break
    PICTURES.mkdir(exist_ok=True)
    (PICTURES / f"{name}.png").write_bytes(out.getvalue())
    sys.stdout.write(f"{name}.png {out.tell():,} bytes\n")


if __name__ == "__main__":
    main()
