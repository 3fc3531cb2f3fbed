"""A picture of every shipped scenario: `python docs/gallery/gallery.py [RUN ...]` fills docs/pictures/.

Without runs it runs each scenario itself, small and without Ray, into a folder that is removed.
A village is drawn from its world.glb by three.js in Chromium, saltmarsh by night and a ruin of the island, too; a world
without one brings its own picture. A new file in cluster/scenarios/ is taken up as it is.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from browser import NoPicture, shoot
from PIL import Image
from shots import SIZE, at_the_ruin, from_the_hills, from_the_water

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "pictures"
BY_NIGHT = ("saltmarsh",)
WITH_RUINS = ("island",)
MOST_BYTES = 500_000
HOURS = "8"
"""Enough for signs to be put up; what people say is made by the rules, which are quick."""

_PAPER = (250, 247, 240)


def scenarios() -> list[str]:
    """Return the names of the shipped scenarios."""
    found = (ROOT / "cluster" / "scenarios").glob("*.py")
    return sorted(path.stem for path in found if not path.stem.startswith("_"))


def run(name: str, folder: Path) -> Path:
    """Run a scenario and return its run folder; one that has no use for hours or words runs as it is written."""
    worldloom = [str(Path(sys.executable).parent / "worldloom"), "run", name, "--local", "--out"]
    small = [*worldloom, str(folder / name), "--hours", HOURS, "--generator", "text=rules"]
    whole = [*worldloom, str(folder / f"{name}-whole")]
    source = (ROOT / "cluster" / "scenarios" / f"{name}.py").read_text("utf-8")
    command = whole if "(Crowd)" in source else small
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise NoPicture(f"worldloom run {name} ended with status {done.returncode}:\n{done.stdout[-800:]}")
    return Path(command[command.index("--out") + 1])


def pictures(folder: Path) -> Iterator[tuple[str, Image.Image]]:
    """Give the pictures of one run with their names."""
    name = json.loads((folder / "scenario.json").read_text("utf-8"))["name"]
    world = folder / "world" / "world.glb"
    if not world.exists():
        flat = sorted((folder / "world").glob("*.png"))
        if not flat:
            raise NoPicture(f"{folder} holds neither world/world.glb nor a picture of its world")
        yield f"scenario-{name}", _on_paper(Image.open(flat[0]).convert("RGB"))
        return
    glb = world.read_bytes()
    views: list[tuple[str, Callable[[bytes], dict[str, Any]]]] = [(f"scenario-{name}", from_the_hills)]
    views += [(f"scenario-{name}-night", from_the_water)] if name in BY_NIGHT else []
    views += [(f"scenario-{name}-ruin", at_the_ruin)] if name in WITH_RUINS else []
    for title, view in views:
        yield title, shoot(glb, view(glb))


def _on_paper(flat: Image.Image) -> Image.Image:
    """A map or a lattice as large as it fits; squares stay sharp."""
    scale = min(SIZE[0] / flat.width, (SIZE[1] - 40) / flat.height)
    size = (round(flat.width * scale), round(flat.height * scale))
    sheet = Image.new("RGB", SIZE, _PAPER)
    resample = Image.Resampling.BOX if scale < 1 else Image.Resampling.NEAREST
    sheet.paste(flat.resize(size, resample), ((SIZE[0] - size[0]) // 2, (SIZE[1] - size[1]) // 2))
    return sheet


def save(picture: Image.Image, path: Path) -> None:
    """Write a PNG that a repository can bear: as many colours as fit."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for colours, dither in ((256, True), (256, False), (128, True), (64, True), (32, False)):
        noise = Image.Dither.FLOYDSTEINBERG if dither else Image.Dither.NONE
        palette = picture.quantize(colours)
        picture.quantize(palette=palette, dither=noise).save(path, optimize=True)
        if path.stat().st_size < MOST_BYTES:
            return
    raise NoPicture(f"{path.name} is larger than {MOST_BYTES} bytes even with 32 colours")


def main(arguments: Sequence[str]) -> int:
    """Write the pictures; 1 when one could not be made."""
    failed = False
    with tempfile.TemporaryDirectory() as scratch:
        jobs: list[str | Path] = [Path(argument) for argument in arguments] or list(scenarios())
        for job in jobs:
            try:
                folder = job if isinstance(job, Path) else run(job, Path(scratch))
                for name, picture in pictures(folder):
                    save(picture, PICTURES / f"{name}.png")
                    sys.stdout.write(f"docs/pictures/{name}.png\n")
            except NoPicture as problem:
                sys.stderr.write(f"{job}: {problem}\n")
                failed = True
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
