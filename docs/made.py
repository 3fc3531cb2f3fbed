"""What each embedded generator makes: `python docs/made.py` writes docs/made.md and docs/pictures/made-*.png.

Everything comes from the models' own records in generators/weights/: samples that nobody selected, and the figures of
the last `worldloom evaluate`. Asks no model.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parent.parent
WEIGHTS = ROOT / "generators" / "weights"
PAGE = ROOT / "docs" / "made.md"
PICTURES = ROOT / "docs" / "pictures"

HEAD = """# What each generator makes

Written by `python docs/made.py` (`make made`) from the models' records; do not edit. The samples are the first 64,
unselected. A figure's share says how far the model is on the way from a floor (untrained, or random valid answers) to
its ceiling, the procedural source that it learnt from; *held out* are combinations that training never showed. All
models were trained from nothing on what this project makes, by `worldloom train MODEL`. They are small and imitate
their source: none is wiser than it.
"""


class Model(NamedTuple):
    """A model: its folder, what it makes, the caption of its samples, and how many of its figures are shown."""

    name: str
    makes: str
    caption: str
    words: int = 0


MODELS = (
    Model("picture", "Portraits, signs, emblems, ornaments of maps", "vector pictures, drawn at any size"),
    Model("sprite", "Tiles and textures", "32 x 32 pixels, by diffusion"),
    Model("mesh", "Things in 3D", "solids with materials, each a program of primitives"),
    Model("tune", "Tunes", "a tune a cell: time to the right, pitch upwards"),
    Model("language", "Plans, decisions, talk, letters, songs, answers", "case and answer", words=3),
    Model("clip", "No things: it judges whether a picture is what a caption says", "captions and scores", words=0),
)


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *(section(model) for model in MODELS)])


def section(model: Model) -> str:
    """Return a model's section: what it makes, samples, figures."""
    record = json.loads((WEIGHTS / model.name / "record.json").read_text())
    lines = [
        f"## {model.makes}",
        "",
        f"Model `{record['title']}`, [its card](../generators/weights/{model.name}/README.md).",
        "",
    ]
    if (WEIGHTS / model.name / "samples.png").is_file():
        lines += [f"![64 samples of {record['title']}: {model.caption}](pictures/made-{model.name}.png)", ""]
    for sample in samples(model):
        lines += ["```text", sample, "```", ""]
    return "\n".join([*lines, *table(record), ""])


def samples(model: Model) -> Iterator[str]:
    """Return the first samples that are words."""
    if model.words:
        text = (WEIGHTS / model.name / "samples.txt").read_text()
        for sample in text.split("--- ")[1 : 1 + model.words]:
            yield sample.partition("\n")[2].strip()


def table(record: dict[str, Any]) -> list[str]:
    """Return the rows of the figures."""
    rows = ["| figure | value | share of the way | held out |", "|---|---|---|---|"]
    for metric in record["metrics"]:
        way = metric["ceiling"] - metric["floor"]
        share = f"{100 * (metric['value'] - metric['floor']) / way:.0f} %" if way else "–"
        rows.append(f"| {metric['name']} | {metric['value']:.3f} | {share} | {'yes' if metric['held_out'] else 'no'} |")
    return rows


def main() -> None:
    """Write the page and the pictures."""
    PICTURES.mkdir(exist_ok=True)
    for model in MODELS:
        drawn = WEIGHTS / model.name / "samples.png"
        if drawn.is_file():
            shutil.copyfile(drawn, PICTURES / f"made-{model.name}.png")
    PAGE.write_text(page())


if __name__ == "__main__":
    main()
