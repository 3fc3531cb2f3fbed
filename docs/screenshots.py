"""Takes pictures of a run's report: python docs/screenshots.py RUN writes docs/pictures/report-*.png.

Wide, narrow and dark, at the evening of the first day, with somebody followed; and what is further down the page. The
report is opened as it lies in the run folder, in a real browser. Needs Chromium and playwright.
"""

from __future__ import annotations

import io
import shutil
import sys
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image

PICTURES = Path(__file__).parent / "pictures"
MOST_BYTES = 400_000
"""Pictures are drawn with fewer colours until they are smaller."""
PATIENCE_MS = 300_000
EVENING, NIGHT = 18 * 3600 + 40 * 60, 20 * 3600 + 50 * 60


class Shot(NamedTuple):
    """One picture: its name, the window, light or dark, when (seconds), whom to follow (-1: nobody), what to show."""

    name: str
    size: tuple[int, int]
    colours: str
    time: int
    follow: int
    anchor: str


SHOTS = (
    Shot("report-wide", (1440, 1000), "light", EVENING, -1, ""),
    Shot("report-narrow", (390, 1100), "light", EVENING, 3, "map"),
    Shot("report-dark", (1440, 1000), "dark", NIGHT, 3, "map"),
    Shot("report-news", (1440, 1000), "light", EVENING, -1, "news"),
    Shot("report-ties", (1440, 1000), "light", EVENING, -1, "ties"),
)


def main() -> None:
    """Read the command line and take all pictures."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    report = Path(sys.argv[1]) / "report.html"
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not report.is_file():
        sys.exit(f"{report}: there is no report; give the folder of a sealed run")
    if chromium is None:
        sys.exit("Chromium is not installed; the pictures are of a real browser")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for shot in SHOTS:
            path = PICTURES / f"{shot.name}.png"
            path.write_bytes(small(taken(browser, report, shot)))
            sys.stdout.write(f"{path}\n")
        browser.close()


def taken(browser: Any, report: Path, shot: Shot) -> bytes:
    """Open the report, bring it to the moment and the place, and return a PNG."""
    page = browser.new_page(
        viewport={"width": shot.size[0], "height": shot.size[1]}, color_scheme=shot.colours, reduced_motion="reduce"
    )
    page.set_default_timeout(PATIENCE_MS)
    page.goto(report.resolve().as_uri())
    page.evaluate(
        "([who, time]) => { const map = worldloom.player; map.follow(who); map.seek(time); }", [shot.follow, shot.time]
    )
    if shot.anchor:
        page.evaluate("(id) => document.getElementById(id).scrollIntoView()", shot.anchor)
    page.wait_for_timeout(2500)  # portraits are drawn, the last frame is
    picture: bytes = page.screenshot()
    page.close()
    return picture


def small(png: bytes) -> bytes:
    """Return the picture with as many colours as fit into MOST_BYTES."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    for colours in (256, 128, 64, 32):
        out = io.BytesIO()
        image.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.FLOYDSTEINBERG).save(
            out, "PNG", optimize=True
        )
        if len(out.getvalue()) <= MOST_BYTES:
            break
    return out.getvalue()


if __name__ == "__main__":
    main()
