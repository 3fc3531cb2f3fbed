"""Takes the pictures of the live page: python docs/view_pictures.py [RUN …] [--until 12:20].

Serves copies of the runs given, begins a run of saltmarsh (words by rules) from the page with real clicks, waits until
the village's clock shows the time, takes docs/pictures/view-*.png (wide, narrow, dark), and stops the run by a click.
Needs Chromium and playwright; some minutes.
"""

from __future__ import annotations

import argparse
import io
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image

PICTURES = Path(__file__).parent / "pictures"
MOST_BYTES = 400_000
WIDE, NARROW = {"width": 1440, "height": 1000}, {"width": 390, "height": 844}
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
            take(chromium, url, asked.until, asked.hours)
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


def take(chromium: str, url: str, until: str, hours: str) -> None:
    """Begin a run, wait, take the pictures, stop the run."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  (a development tool)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        context = browser.new_context(viewport=WIDE)
        wide = context.new_page()
        wide.set_default_timeout(PATIENCE_MS)
        wide.goto(url)
        begin(wide, hours)
        clock = "document.querySelector('.course .clock span').innerText"
        wide.wait_for_function(f"{clock} >= '{until}' && document.querySelectorAll('.town-who').length > 0")
        for _ in range(_TRIES):  # words stand on the map for some seconds only
            wide.wait_for_selector(".town-says")
            shoot(wide, "view-now")
            if wide.locator(".town-says").count() > 1:
                break
        run = wide.url
        narrow_and_dark(wide, "view-now")
        wide.click(".q-tab:has-text('Artifacts')")
        wide.wait_for_selector(".thing img")
        wide.wait_for_function("[...document.querySelectorAll('.thing img')].slice(0, 8).every(each => each.complete)")
        wide.wait_for_timeout(_SETTLE_MS)
        shoot(wide, "view-artifacts")
        narrow_and_dark(wide, "view-artifacts")
        wide.click(".thing:has(img) >> nth=0")
        wide.wait_for_selector(".sheet pre.tree:not(:has-text('is being read'))")
        wide.wait_for_timeout(1500)
        shoot(wide, "view-credential")
        wide.goto(run.split("/run/")[0])
        wide.wait_for_selector("a.run")
        wide.wait_for_timeout(_SETTLE_MS)
        shoot(wide, "view-overview")
        narrow_and_dark(wide, "view-overview")
        wide.goto(run)
        wide.click("button:has-text('Stop')")
        wide.wait_for_selector(".pill.interrupted")
        browser.close()


def begin(page: Any, hours: str) -> None:
    """Begin a run of saltmarsh by clicks, its words by rules."""
    page.click("text=New run")
    page.fill("input[aria-label=Hours]", hours)
    page.click("text=as the scenario says >> nth=0")
    page.click(".q-menu >> text=rules (fast)")
    page.click("button:has-text('Begin')")
    page.wait_for_url("**/run/**")


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
