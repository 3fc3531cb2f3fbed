"""Runs every benchmark, one after the other, and writes docs/benchmarks.md from what they measured.

    python benchmarks/run_all.py [NAME…]     run all, or those named, then write the page
    python benchmarks/run_all.py --page      only write the page from benchmarks/results/

Each benchmark is a script of its own in this folder that writes results/<its name>.json.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from harness import RESULTS, Budget, plot_name, shown

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "benchmarks.md"
NO_BENCHMARKS = ("run_all", "harness", "plots", "gpu_training")
HEAD = """# Benchmarks

Written by `python benchmarks/run_all.py` (`make bench`) from `benchmarks/results/`; do not edit. Budgets are aims
([design.md](design.md), Budgets), no test is timed against them. Each figure is of one machine at one time, often busy
(`load` says how many processes wanted a core): run them on yours. What is over its budget is said to be.
"""


def scripts() -> list[Path]:
    """Every benchmark, by name."""
    return sorted(path for path in HERE.glob("*.py") if path.stem not in NO_BENCHMARKS)


def page(results: Path = RESULTS) -> str:
    """The whole page: all budgets, a section for each benchmark, those without results yet at the end."""
    found = {
        path: json.loads((results / f"{path.stem}.json").read_text())
        for path in scripts()
        if (results / f"{path.stem}.json").exists()
    }
    parts = [HEAD, overview(list(found.values())), *(section(path, result) for path, result in found.items())]
    missing = [path for path in scripts() if path not in found]
    if missing:
        lines = [f"- `benchmarks/{path.name}`: {first_line(path)}" for path in missing]
        parts.append("## Not measured yet\n\n" + "\n".join(lines) + "\n")
    return "\n".join(parts)


def overview(results: list[dict[str, Any]]) -> str:
    """One table of everything that has a budget."""
    rows = [
        f"| [{result['benchmark']}](#{result['benchmark']}) | {words(figure)} | {cells(result, figure)} |"
        for result in results
        for figure in result["budgets"]
    ]
    head = ["## Budgets", "", "| benchmark | figure | value | budget | |", "|---|---|---|---|---|"]
    return "\n".join([*head, *rows, ""])


def section(script: Path, result: dict[str, Any]) -> str:
    """What it measures, its figures, and under what circumstances."""
    rows = [f"| {words(figure)} | {cells(result, figure)} |" for figure in result["figures"]]
    settings = ", ".join(f"{words(name)} {setting(value)}" for name, value in result["settings"].items())
    about = f"{settings}. {result['machine']}, load {result['load']}; Python {result['python']}"
    about += f"; commit {result['commit'][:12]}"
    head = [f"## {script.stem}", "", first_line(script), "", "| figure | value | budget | |", "|---|---|---|---|"]
    plots = [f"![{words(plot)}](plots/{plot_name(script.stem, plot)})\n" for plot in result.get("series", ())]
    return "\n".join([*head, *rows, "", *plots, f"{about[0].upper()}{about[1:]}.", ""])


def cells(result: dict[str, Any], figure: str) -> str:
    """Value, budget and verdict of a figure, as cells of a row."""
    value = result["figures"][figure]
    if figure not in result["budgets"]:
        return f"{shown(value)} | | "
    budget = Budget(**result["budgets"][figure])
    return f"{shown(value)} | {budget} | {'within' if budget.kept(value) else '**over**'}"


def setting(value: Any) -> str:
    return " and ".join(map(shown, value)) if isinstance(value, list) else shown(value)


def words(name: str) -> str:
    return name.replace("_", " ")


def first_line(script: Path) -> str:
    return (ast.get_docstring(ast.parse(script.read_text())) or script.stem).split("\n", 1)[0]


def main() -> int:
    wanted = sys.argv[1:]
    known = {path.stem: path for path in scripts()}
    if wanted != ["--page"]:
        unknown = [name for name in wanted if name not in known]
        if unknown:
            print(f"no benchmark {unknown[0]}; there are {', '.join(known)}", file=sys.stderr)
            return 2
        for name in wanted or known:
            print(f"== {name}", flush=True)
            if subprocess.run([sys.executable, str(known[name])], check=False).returncode:
                print(f"{name} failed; the page keeps its older figures", file=sys.stderr)
                return 1
    PAGE.write_text(page())
    print(f"written to {PAGE}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
