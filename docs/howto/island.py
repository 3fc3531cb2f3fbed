"""The picture of docs/howto/map.md, made of what that page says: `python docs/howto/island.py` writes island.png.

Takes the page's own snippets, so picture and page cannot part; left is the grey land, right the map of its run.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

HERE = Path(__file__).parent
SIDE, SCALE = 700, 257
"""Pixels of each half; a grey of 16 bits has so many steps for one of 8."""

_SNIPPET = re.compile(r"^```(?P<head>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)


def snippets(page: str) -> dict[str, str]:
    """Return the page's snippets by their head lines."""
    return {found["head"]: found["body"] for found in _SNIPPET.finditer(page)}


def draw(folder: Path) -> Image.Image:
    """Draw the land and run its village in a folder, and put both side by side."""
    found = snippets((HERE / "map.md").read_text("utf-8"))
    subprocess.run([sys.executable, "-c", found["python run"]], cwd=folder, check=True)
    (folder / "isle.py").write_text(found["python save=isle.py"], "utf-8")
    worldloom = Path(sys.executable).parent / "worldloom"
    subprocess.run(
        [worldloom, "run", "isle.py", "--local", "--out", "isle"], cwd=folder, check=True, capture_output=True
    )
    # Divided first: Pillow would cut off what is above 255.
    grey = Image.open(folder / "island.png").convert("I").point(lambda step: step * (1 / SCALE)).convert("L")
    chart = Image.open(folder / "isle" / "world" / "map.png").convert("RGB")
    sheet = Image.new("RGB", (2 * SIDE, SIDE))
    for at, half in enumerate((grey.resize((SIDE, SIDE)), chart.resize((SIDE, SIDE), Image.Resampling.LANCZOS))):
        sheet.paste(half, (at * SIDE, 0))
    return sheet


def main() -> None:
    """Write the picture beside this file."""
    with tempfile.TemporaryDirectory() as folder:
        draw(Path(folder)).save(HERE / "island.png", optimize=True)
    sys.stdout.write("docs/howto/island.png\n")


if __name__ == "__main__":
    main()
