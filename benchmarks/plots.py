"""Draws docs/plots/ from the lines that benchmarks left in results/: one SVG a plot.

    python benchmarks/plots.py

`villages` and `growth` leave lines; a plot is named after its benchmark and what it shows. The same lines give the
same bytes.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from harness import RESULTS, plot_name
from matplotlib import rc_context
from matplotlib.figure import Figure

PLOTS = Path(__file__).parent.parent / "docs" / "plots"
COLOURS = ("#2b6cb0", "#b7791f", "#2f855a", "#9b2c2c")
"""Of lines, in order: told apart in print by their lightness, too."""


class Axes(NamedTuple):
    """What the axes of a benchmark's plots say; whether both are logarithmic; the last x and the highest y shown."""

    across: str
    up: Mapping[str, str]
    logarithmic: bool = False
    last: float | None = None
    top: float | None = None


AXES = {
    "villages": Axes(
        "hour of the day",
        {"needs met": "share of steps awake, all needs met", "feast known": "share who know of the feast"},
        last=22,  # then nearly all sleep, and few are left to be counted
        top=1.02,
    ),
    "growth": Axes("agents", {"CPU seconds": "CPU seconds", "peak memory, MB": "peak memory, MB"}, logarithmic=True),
}


def draw(lines: Mapping[str, Sequence[Sequence[float]]], axes: Axes, plot: str, note: str) -> bytes:
    """Return an SVG of lines of points (x, y) or (x, y, half an interval, drawn as a band)."""
    with rc_context({"svg.hashsalt": plot, "axes.spines.top": False, "axes.spines.right": False, "font.size": 11}):
        figure = Figure(figsize=(6.4, 3.6), layout="constrained")
        area = figure.subplots()
        for (name, points), colour in zip(lines.items(), COLOURS, strict=False):
            draw_line(area, name, [point for point in points if axes.last is None or point[0] <= axes.last], colour)
        if axes.logarithmic:
            area.set_xscale("log")
            area.set_yscale("log")
        else:
            area.set_ylim(0, axes.top)
        area.set_xlabel(axes.across)
        area.set_ylabel(axes.up[plot])
        if len(lines) > 1:
            area.legend(frameon=False)
        figure.supxlabel(note, fontsize=7, color="#666666")
        drawn = io.BytesIO()
        # No date, so that the same lines give the same file.
        figure.savefig(drawn, format="svg", metadata={"Date": None})
    return drawn.getvalue()


def draw_line(area: Any, name: str, points: Sequence[Sequence[float]], colour: str) -> None:
    """Draw a line with its band."""
    across, up = [point[0] for point in points], [point[1] for point in points]
    area.plot(across, up, color=colour, label=name, marker="o", markersize=3, linewidth=1.8)
    if points and len(points[0]) > 2:
        low = [max(0.0, point[1] - point[2]) for point in points]
        high = [point[1] + point[2] for point in points]
        area.fill_between(across, low, high, color=colour, alpha=0.15, linewidth=0)


def plots() -> dict[str, bytes]:
    """Return every plot by its file's name."""
    found: dict[str, bytes] = {}
    for benchmark, axes in AXES.items():
        path = RESULTS / f"{benchmark}.json"
        if not path.exists():
            continue
        result = json.loads(path.read_text())
        note = f"benchmarks/{benchmark}.py, commit {result['commit'][:12]}, {result['machine']}"
        for plot, lines in result.get("series", {}).items():
            found[plot_name(benchmark, plot)] = draw(lines, axes, plot, note)
    return found


def main() -> int:
    PLOTS.mkdir(parents=True, exist_ok=True)
    for name, data in plots().items():
        (PLOTS / name).write_bytes(data)
        print(f"written to {PLOTS / name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
